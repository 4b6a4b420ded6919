/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jamesoutgoing.routing.Route;

/**
 * When a next hop that cannot be reached is left alone, and until when. After {@link #UNREACHABLE_AFTER} attempts in a
 * row in which no host greeted us, nothing is tried for half a resend delay, at most {@link #LONGEST}; then one mail
 * probes it. Half, so that a mail's own resend delays are never drawn out. Not thread-safe: the dispatcher's.
 */
final class BackOff {

    static final int UNREACHABLE_AFTER = 2;
    static final Duration LONGEST = Duration.ofMinutes(10);
    static final Duration LONGEST_OF_BACKUP = Duration.ofSeconds(20);

    private Route route;
    private int failures;
    private Instant until = Instant.MIN;

    BackOff(Route route) {
        this.route = route;
    }

    /** Another schedule from now on; what was learnt about the hosts stays. */
    void follow(Route other) {
        route = other;
    }

    /** The longest wait for a next hop that cannot be reached: a main server's return is to be noticed soon. */
    static Duration longest(Route route) {
        return route.backup().isPresent() ? LONGEST_OF_BACKUP : LONGEST;
    }

    void reached() {
        failures = 0;
        until = Instant.MIN;
    }

    void unreachable(Instant now) {
        if (isResting(now)) {
            // This attempt was under way when the rest began: it is no further failure.
            return;
        }
        failures++;
        if (isUnreachable()) {
            Duration half =
                    route.resend().delayAfter(failures - UNREACHABLE_AFTER + 1).dividedBy(2);
            Duration longest = longest(route);
            until = now.plus(half.compareTo(longest) < 0 ? half : longest);
        }
    }

    /** A probe may go at once. */
    void forgetRest() {
        until = Instant.MIN;
    }

    /** Whether the next hop counts as unreachable: at most one mail may be on its way to it. */
    boolean isUnreachable() {
        return failures >= UNREACHABLE_AFTER;
    }

    /** Whether not even a probe may go. */
    boolean isResting(Instant now) {
        return isUnreachable() && now.isBefore(until);
    }

    Instant until() {
        return until;
    }
}
