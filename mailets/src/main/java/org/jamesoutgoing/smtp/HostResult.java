/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What became of one mail at one host.
 *
 * @param connected whether some address of the host greeted us and took our {@code EHLO} or {@code HELO}
 * @param recipients one result per recipient of the envelope, in its order
 * @param dsnOffered whether the host offered DSN and was given the DSN parameters: if not, {@code NOTIFY=SUCCESS} is ours to
 *     answer with a {@code relayed} DSN (RFC 3461 §5.2.2)
 * @param tls what protected the connection, such as {@code TLSv1.3 TLS_AES_256_GCM_SHA384}; empty: plaintext
 * @param givenUp whether we gave it up to make room for others, see {@link SmtpClient#giveUpLongestWaits}
 * @param timings where the time went
 */
public record HostResult(
        boolean connected,
        List<RecipientResult> recipients,
        boolean dsnOffered,
        Optional<String> tls,
        boolean givenUp,
        Timings timings) {

    public HostResult {
        recipients = List.copyOf(recipients);
        requireNonNull(tls, "tls");
        requireNonNull(timings, "timings");
    }
}
