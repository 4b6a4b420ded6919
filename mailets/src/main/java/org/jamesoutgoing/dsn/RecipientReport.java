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
 * @param lastStatus the code of the last attempt, where {@code status} only says that the time is up: for words
 * @param reply what the remote server answered about <em>this</em> recipient, such as {@code 550 5.1.1 No such user}
 * @param remoteHost the server that answered: its name, or its name and address as {@code name[address]}
 * @param reason the cause in one line, as our log has it; the words for the sender are found by status and reply
 * @param lastAttempt when delivery was last tried
 * @param willRetryUntil when we shall give up, or gave up; a field in a delay DSN only, to words always
 * @param attempts how often delivery was tried, at least 1; 0 when that is not known
 */
public record RecipientReport(
        MailAddress recipient,
        String address,
        String status,
        Optional<String> lastStatus,
        Optional<String> reply,
        Optional<String> remoteHost,
        String reason,
        Instant lastAttempt,
        Optional<Instant> willRetryUntil,
        int attempts) {
    public RecipientReport {
        requireNonNull(recipient, "recipient");
        requireNonNull(address, "address");
        requireNonNull(status, "status");
        requireNonNull(lastStatus, "lastStatus");
        requireNonNull(reply, "reply");
        requireNonNull(remoteHost, "remoteHost");
        requireNonNull(reason, "reason");
        requireNonNull(lastAttempt, "lastAttempt");
        requireNonNull(willRetryUntil, "willRetryUntil");
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts: " + attempts);
        }
    }

    /** Of one whose status says what happened. */
    public RecipientReport(
            MailAddress recipient,
            String address,
            String status,
            Optional<String> reply,
            Optional<String> remoteHost,
            String reason,
            Instant lastAttempt,
            Optional<Instant> willRetryUntil,
            int attempts) {
        this(
                recipient,
                address,
                status,
                Optional.empty(),
                reply,
                remoteHost,
                reason,
                lastAttempt,
                willRetryUntil,
                attempts);
    }

    /** Of a recipient that nobody counted the attempts of. */
    public RecipientReport(
            MailAddress recipient,
            String address,
            String status,
            Optional<String> reply,
            Optional<String> remoteHost,
            String reason,
            Instant lastAttempt,
            Optional<Instant> willRetryUntil) {
        this(recipient, address, status, reply, remoteHost, reason, lastAttempt, willRetryUntil, 0);
    }

    /** The same, at a domain name. */
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
