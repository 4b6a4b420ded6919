/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who is told of what, and when.
 *
 * @param failure the mail was refused, or was not delivered within its lifetime
 * @param delay it still waits
 * @param success it was passed on to a server that sends no DSNs of its own ({@code relayed}, RFC 3461 §5.2.2)
 * @param queueFull it was not let into the outgoing queue
 * @param delayAfter age of a mail at which it is told that it still waits; zero: never
 * @param delayRepeat how long after that it is told again, time after time; zero: not again
 */
public record DsnPolicies(
        DsnPolicy failure,
        DsnPolicy delay,
        DsnPolicy success,
        DsnPolicy queueFull,
        Duration delayAfter,
        Duration delayRepeat) {

    /** What is built in. */
    public static final DsnPolicies DEFAULT = new DsnPolicies(
            DsnPolicy.EVERY_SENDER,
            DsnPolicy.EVERY_SENDER,
            DsnPolicy.EVERY_SENDER,
            DsnPolicy.EVERY_SENDER,
            Duration.ofHours(4),
            Duration.ZERO);

    /**
     * When the next delay DSN is due.
     *
     * @param acceptedAt when the mail was accepted
     * @param lastTold when the last one was told, if one was; before the first is due, that counts as told when it is due
     * @return empty when no more is
     */
    public Optional<Instant> nextDelay(Instant acceptedAt, Optional<Instant> lastTold) {
        boolean over = lastTold.isPresent() && delayRepeat.isZero();
        if (over || delayAfter.isZero() || !delay.tellsAnybody()) {
            return Optional.empty();
        }
        Instant first = acceptedAt.plus(delayAfter);
        return Optional.of(lastTold.map(last -> (last.isBefore(first) ? first : last).plus(delayRepeat))
                .orElse(first));
    }
}
