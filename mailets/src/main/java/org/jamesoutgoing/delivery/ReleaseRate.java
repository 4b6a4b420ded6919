/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * How many waiting mails may leave for one next hop: so many a second, and no more than a second's worth at once. A main
 * server that is back after a day is not to be run over by what has gathered. Not thread-safe: the dispatcher's.
 */
final class ReleaseRate {

    private OptionalInt perSecond;
    private double left;
    private Instant since = Instant.MIN;

    /** @param perSecond 1 or more; empty: no limit */
    ReleaseRate(OptionalInt perSecond) {
        this.perSecond = perSecond;
    }

    void limit(OptionalInt rate) {
        perSecond = rate;
    }

    /** Whether one more may leave now. */
    boolean allows(Instant now) {
        if (perSecond.isEmpty()) {
            return true;
        }
        int rate = perSecond.getAsInt();
        if (since.isBefore(now)) {
            // The first call, and a long pause, fill it.
            double seconds =
                    since.equals(Instant.MIN) ? 1 : Duration.between(since, now).toNanos() / 1e9;
            left = Math.min(rate, left + seconds * rate);
            since = now;
        }
        return left >= 1;
    }

    /** One leaves. */
    void take() {
        left = Math.max(0, left - 1);
    }
}
