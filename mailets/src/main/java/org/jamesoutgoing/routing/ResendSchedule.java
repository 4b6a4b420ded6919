/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * When a deferred mail is tried again.
 *
 * @param delays the wait after the first, second, … attempt; the last one repeats. Never empty, each more than zero
 * @param jitter the share of a delay by which it may be shorter or longer, 0 to 0.5: keeps mails that failed together
 *     from coming back together
 * @param maxAttempts give up after so many attempts; empty: only the queue lifetime counts
 */
public record ResendSchedule(List<Duration> delays, double jitter, OptionalInt maxAttempts) {

    /** 1m, 5m, 15m, 30m, 1h, 2h, then every 4h; ±10 %. */
    public static final ResendSchedule DEFAULT = new ResendSchedule(
            List.of(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1),
                    Duration.ofHours(2),
                    Duration.ofHours(4)),
            0.1,
            OptionalInt.empty());

    public ResendSchedule {
        delays = List.copyOf(delays);
        if (delays.isEmpty() || delays.stream().anyMatch(d -> d.isZero() || d.isNegative())) {
            throw new IllegalArgumentException("resend delays must be one or more, each longer than zero");
        }
        if (jitter < 0 || jitter > 0.5) {
            throw new IllegalArgumentException("jitter must be between 0 and 0.5");
        }
    }

    /** The wait after attempt number {@code attempts} (1 is the first), without jitter. */
    public Duration delayAfter(int attempts) {
        int index = Math.max(0, Math.min(attempts, delays.size()) - 1);
        return delays.get(index);
    }

    /** The same with jitter. */
    public Duration delayAfter(int attempts, RandomGenerator random) {
        long millis = delayAfter(attempts).toMillis();
        double factor = 1 + jitter * (2 * random.nextDouble() - 1);
        return Duration.ofMillis(Math.max(1, Math.round(millis * factor)));
    }

    /** Whether a mail with so many attempts behind it is not tried again, however young it is. */
    public boolean exhaustedAfter(int attempts) {
        return maxAttempts.isPresent() && attempts >= maxAttempts.getAsInt();
    }
}
