/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.time.Duration;
import java.time.Instant;
import org.jamesoutgoing.smtp.ConnectionSettings;

/**
 * Everything that says how mail for a domain is delivered. Immutable.
 *
 * @param name the domain it stands for; {@code *} is the default route
 * @param connection how hosts are spoken to: HELO name, source address, TLS, credentials, time-outs, limits
 * @param queueLifetime how long a mail may stay before it is undeliverable
 * @param nullSenderLifetime the same for mail from the null sender {@code <>} (DSNs themselves)
 * @param delayDsnAfter age at which the sender is told that the mail still waits; zero: never
 */
public record Route(
        String name,
        RouteMode mode,
        ConnectionSettings connection,
        ResendSchedule resend,
        Duration queueLifetime,
        Duration nullSenderLifetime,
        Duration delayDsnAfter,
        Concurrency concurrency) {

    public static final String DEFAULT_ROUTE = "*";

    /** When a mail accepted at {@code acceptedAt} becomes undeliverable. */
    public Instant expiry(Instant acceptedAt, boolean nullSender) {
        return acceptedAt.plus(nullSender ? nullSenderLifetime : queueLifetime);
    }

    public Route withQueueLifetime(Duration lifetime) {
        return new Route(name, mode, connection, resend, lifetime, nullSenderLifetime, delayDsnAfter, concurrency);
    }
}
