/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How to talk to a host. What identifies a connection (name, source address, TLS, credentials) is part of the pool's key;
 * the rest applies to the mail it came with.
 *
 * @param heloName our name: a host name or an address literal, printable ASCII without spaces; what {@code EHLO} says of it is
 *     {@link EhloName}'s matter
 * @param sourceAddress the local address to connect from; only the host's addresses of its family are tried
 * @param tls whether and how to encrypt
 * @param credentials for {@code AUTH}; when present, a mail is never sent without it
 * @param cleartextAuth allows {@code AUTH} on a connection without TLS (RFC 4954 §4 forbids that by default)
 * @param timeouts for each step
 * @param limits for replies
 * @param pool how long and how many
 * @param maxRecipientsPerTransaction further recipients follow in a transaction of their own, at least 1; RFC 5321 §4.5.3.1.8
 *     promises room for 100
 * @param dsn hands the DSN parameters (RFC 3461) on to a host that offers DSN
 * @param ignoredExtensions {@code EHLO} keywords to treat as not offered, for hosts whose implementation is broken
 */
public record ConnectionSettings(
        String heloName,
        Optional<InetAddress> sourceAddress,
        TlsSettings tls,
        Optional<Credentials> credentials,
        boolean cleartextAuth,
        Timeouts timeouts,
        ReplyLimits limits,
        PoolSettings pool,
        int maxRecipientsPerTransaction,
        boolean dsn,
        Set<String> ignoredExtensions) {

    /** RFC 5321 §4.5.3.1.2. */
    private static final int MAX_DOMAIN_LENGTH = 255;

    public ConnectionSettings {
        requireNonNull(sourceAddress, "sourceAddress");
        requireNonNull(tls, "tls");
        requireNonNull(credentials, "credentials");
        requireNonNull(timeouts, "timeouts");
        requireNonNull(limits, "limits");
        requireNonNull(pool, "pool");
        ignoredExtensions = ignoredExtensions.stream()
                .map(keyword -> keyword.toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        // Refused here and not when it is sent: it could carry a second command.
        if (heloName.isEmpty()
                || heloName.length() > MAX_DOMAIN_LENGTH
                || !heloName.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("not a HELO name: " + PrintableText.line(heloName));
        }
        if (maxRecipientsPerTransaction < 1) {
            throw new IllegalArgumentException("maxRecipientsPerTransaction " + maxRecipientsPerTransaction);
        }
    }

    /**
     * What a connection made with these settings is, whoever is at its other end. A mail never gets one with other
     * credentials, another source address or other TLS than its route asks for, so only equal identities share connections.
     */
    public record Identity(
            String heloName,
            Optional<InetAddress> sourceAddress,
            TlsSettings tls,
            Optional<Credentials> credentials,
            boolean cleartextAuth,
            Set<String> ignoredExtensions) {}

    public Identity identity() {
        return new Identity(heloName, sourceAddress, tls, credentials, cleartextAuth, ignoredExtensions);
    }

    /** Opportunistic TLS, no credentials, the time-outs of RFC 5321, 100 recipients a transaction. */
    public static ConnectionSettings defaults(String heloName) {
        return new ConnectionSettings(
                heloName,
                Optional.empty(),
                TlsSettings.opportunistic(),
                Optional.empty(),
                false,
                Timeouts.defaults(),
                ReplyLimits.defaults(),
                PoolSettings.defaults(),
                100,
                true,
                Set.of());
    }

    public ConnectionSettings withTimeouts(Timeouts value) {
        return new ConnectionSettings(
                heloName,
                sourceAddress,
                tls,
                credentials,
                cleartextAuth,
                value,
                limits,
                pool,
                maxRecipientsPerTransaction,
                dsn,
                ignoredExtensions);
    }
}
