/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.time.Duration;

/** Adds up the {@link Timings} of a {@link HostDelivery}; used by whoever owns that. What has not ended counts up to now. */
final class Stopwatch {

    private final Phase connect = new Phase();
    private final Phase tls = new Phase();
    private final Phase transaction = new Phase();

    /** A part of the time. The second transaction of a mail may begin before its first ends. */
    static final class Phase {
        private int running;
        private long since;
        private long total;

        void begin() {
            if (running++ == 0) {
                since = System.nanoTime();
            }
        }

        /** Without effect if it has not begun. */
        void end() {
            if (running > 0 && --running == 0) {
                total += System.nanoTime() - since;
            }
        }

        private long nanos() {
            return running > 0 ? total + System.nanoTime() - since : total;
        }
    }

    /** TLS included. */
    Phase connect() {
        return connect;
    }

    Phase tls() {
        return tls;
    }

    Phase transaction() {
        return transaction;
    }

    Timings timings() {
        long handshakes = tls.nanos();
        return new Timings(
                Duration.ofNanos(Math.max(0, connect.nanos() - handshakes)),
                Duration.ofNanos(handshakes),
                Duration.ofNanos(transaction.nanos()));
    }
}
