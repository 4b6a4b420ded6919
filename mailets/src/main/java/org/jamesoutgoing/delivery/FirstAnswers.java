/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;

/**
 * How long next hops take that answer for the first time: what is usual now, and so how long one may keep us waiting that
 * others want the place of. Shorter would give up hosts that are merely slow, longer makes others wait for the silent ones.
 * Not thread-safe: the dispatcher's.
 */
final class FirstAnswers {

    /** Good mail is to leave within two seconds, and may have to wait for several to give way. */
    static final Duration LEAST = Duration.ofMillis(500);

    static final Duration MOST = Duration.ofSeconds(30);
    private static final int SMOOTHING = 8;

    private Duration usual = Duration.ZERO;

    /** An attempt at a new next hop took so long, its message included. */
    void came(Duration took) {
        usual = usual.plus(took.minus(usual).dividedBy(SMOOTHING));
    }

    /** Twice what is usual. */
    Duration patience() {
        Duration twice = usual.multipliedBy(2);
        if (twice.compareTo(LEAST) < 0) {
            return LEAST;
        }
        return twice.compareTo(MOST) < 0 ? twice : MOST;
    }
}
