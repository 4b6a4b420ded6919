/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.time.Duration;

/**
 * How connections to one host are kept.
 *
 * @param idleTimeout how long a connection without work stays open, and so how long it blocks a place at the host (15 s)
 * @param maxMailsPerConnection transactions after which a connection is closed; at least 1 (100)
 * @param maxConnectionsPerHost connections at a time to one host with one identity; at least 1 (20)
 * @param maxConnectionsPerSource connections at a time from one source address, where one is set; at least 1 (no limit)
 * @param waitTimeout how long a mail waits for a free connection before it is deferred (10 min)
 */
public record PoolSettings(
        Duration idleTimeout,
        int maxMailsPerConnection,
        int maxConnectionsPerHost,
        int maxConnectionsPerSource,
        Duration waitTimeout) {

    public PoolSettings {
        if (idleTimeout.isNegative() || waitTimeout.isNegative() || waitTimeout.isZero()) {
            throw new IllegalArgumentException("idle time-out " + idleTimeout + " or wait time-out " + waitTimeout);
        }
        if (maxMailsPerConnection < 1 || maxConnectionsPerHost < 1 || maxConnectionsPerSource < 1) {
            throw new IllegalArgumentException("the limits of a pool are at least 1: " + maxMailsPerConnection + ", "
                    + maxConnectionsPerHost + ", " + maxConnectionsPerSource);
        }
    }

    public static PoolSettings defaults() {
        return new PoolSettings(Duration.ofSeconds(15), 100, 20, Integer.MAX_VALUE, Duration.ofMinutes(10));
    }
}
