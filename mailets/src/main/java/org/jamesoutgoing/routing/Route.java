/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jamesoutgoing.dsn.template.Language;
import org.jamesoutgoing.smtp.ConnectionSettings;

/**
 * Everything that says how mail for a domain is delivered. Immutable; two routes that deliver in the same way are equal but
 * for their names.
 *
 * @param name what it is for; {@code *} is the default route
 * @param connection how hosts are spoken to: HELO name, source address, TLS, credentials, time-outs, limits
 * @param dns how hosts are looked up
 * @param queueLifetime how long a mail may stay before it is undeliverable
 * @param nullSenderLifetime the same for mail from the null sender {@code <>} (DSNs themselves)
 * @param dsns who is told what becomes of it
 * @param dsnLanguages in which they may be written when the mail does not say in which it is, the most wanted one first
 * @param releaseRate how many mails a second leave for a next hop that is back after it could not be reached, 1 or more;
 *     empty: no limit
 * @param suspended mail is accepted and waits, for this reason
 * @param backup present when this server is a backup mail server for the domain
 */
public record Route(
        String name,
        RouteMode mode,
        ConnectionSettings connection,
        DnsOptions dns,
        ResendSchedule resend,
        Duration queueLifetime,
        Duration nullSenderLifetime,
        DsnPolicies dsns,
        List<Language> dsnLanguages,
        Concurrency concurrency,
        OptionalInt releaseRate,
        Optional<String> suspended,
        Optional<Backup> backup) {

    /**
     * This server is a backup mail server for the domain: it takes mail for it from anyone, and passes it to the main
     * server only.
     *
     * @param recipients for whom
     * @param dsns whether senders that did not authenticate get DSNs: their addresses may be forged
     */
    public record Backup(BackupRecipients recipients, boolean dsns) {}

    public Route {
        dsnLanguages = List.copyOf(dsnLanguages);
    }

    /** With the built-in values of everything that is not given here. */
    public static Route of(String name, RouteMode mode, ConnectionSettings connection) {
        return new Route(
                name,
                mode,
                connection,
                DnsOptions.DEFAULT,
                ResendSchedule.DEFAULT,
                Duration.ofDays(5),
                Duration.ofDays(1),
                DsnPolicies.DEFAULT,
                List.of(Language.ENGLISH),
                Concurrency.DEFAULT,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** When a mail accepted at {@code acceptedAt} becomes undeliverable. */
    public Instant expiry(Instant acceptedAt, boolean nullSender) {
        return acceptedAt.plus(nullSender ? nullSenderLifetime : queueLifetime);
    }

    /** What it does, whatever it is for: equal for routes that deliver in the same way. */
    Route anonymous() {
        return new Route(
                "",
                mode,
                connection,
                dns,
                resend,
                queueLifetime,
                nullSenderLifetime,
                dsns,
                dsnLanguages,
                concurrency,
                releaseRate,
                suspended,
                backup);
    }
}
