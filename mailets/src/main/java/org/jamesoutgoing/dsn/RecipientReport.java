/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.apache.james.core.MailAddress;

/**
 * What is told of one recipient: one per-recipient group of the DSN (RFC 3464 §2.3). The texts may be as hostile as a
 * peer makes them; {@link DsnComposer} makes them safe.
 *
 * @param recipient where the mail was to go; never absent
 * @param address the same as it stands in {@code RCPT}, an address literal in brackets (RFC 5321 §4.1.3)
 * @param status enhanced status code (RFC 3463) such as {@code 5.1.1}; one that is empty or does not fit the kind
 *     becomes {@code x.0.0}
 * @param reply what the remote server answered about <em>this</em> recipient, such as {@code 550 5.1.1 No such user}
 * @param remoteHost the server that answered: its name, or its name and address as {@code name[address]}
 * @param reason the cause in one plain line, for a person; never empty
 * @param lastAttempt when delivery was last tried
 * @param willRetryUntil when we shall give up; tells something in a delay DSN only
 */
public record RecipientReport(
        MailAddress recipient,
        String address,
        String status,
        Optional<String> reply,
        Optional<String> remoteHost,
        String reason,
        Instant lastAttempt,
        Optional<Instant> willRetryUntil) {
    public RecipientReport {
        requireNonNull(recipient, "recipient");
        requireNonNull(address, "address");
        requireNonNull(status, "status");
        requireNonNull(reply, "reply");
        requireNonNull(remoteHost, "remoteHost");
        requireNonNull(reason, "reason");
        requireNonNull(lastAttempt, "lastAttempt");
        requireNonNull(willRetryUntil, "willRetryUntil");
    }

    /** Of a recipient at a domain name. */
    public RecipientReport(
            MailAddress recipient,
            String status,
            Optional<String> reply,
            Optional<String> remoteHost,
            String reason,
            Instant lastAttempt,
            Optional<Instant> willRetryUntil) {
        this(recipient, recipient.asString(), status, reply, remoteHost, reason, lastAttempt, willRetryUntil);
    }
}
