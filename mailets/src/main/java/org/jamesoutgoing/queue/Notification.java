/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.routing.DsnPolicy;

/**
 * Something the sender or another processor is still to be told about some recipients. It is written down with the mail
 * before it is carried out, so that a process killed in between does it after its restart.
 *
 * @param addressee who gets it, when it is a DSN
 */
public record Notification(Kind kind, Addressee addressee, List<Told> recipients) {

    public enum Kind {
        /** Refused or expired: a failure DSN, or the bounce processor. */
        FAILURE,
        /** Still waiting: a delay DSN. */
        DELAY,
        /** Accepted by a next hop that sends no success DSNs: a "relayed" DSN. */
        RELAYED,
        /** Accepted: the {@code onSuccess} processor. */
        ON_SUCCESS,
        /** Not let into the queue: a DSN that says so. */
        QUEUE_FULL
    }

    /** Who gets a DSN. */
    public enum Addressee {
        SENDER,
        /** A copy: a notice of its own, so that trouble with the one does not tell the other twice. */
        POSTMASTER
    }

    public Notification {
        recipients = List.copyOf(recipients);
    }

    /** For the sender, or for another processor. */
    public Notification(Kind kind, List<Told> recipients) {
        this(kind, Addressee.SENDER, recipients);
    }

    /** This one and, where the postmaster gets a copy of its kind, that. */
    public List<Notification> under(DsnPolicy policy) {
        return policy.copyToPostmaster()
                ? List.of(this, new Notification(kind, Addressee.POSTMASTER, recipients))
                : List.of(this);
    }

    /** That the mail was not let into the queue. RFC 3463 §3.4: 4.3.1 is "mail system full", and we do not try again. */
    static Notification queueFull(List<MailAddress> recipients, String reason, Instant now) {
        return new Notification(
                Kind.QUEUE_FULL,
                recipients.stream()
                        .map(recipient -> new Told(
                                recipient,
                                "5.3.1",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                reason,
                                true,
                                now))
                        .toList());
    }

    /**
     * What is told of one recipient.
     *
     * @param status RFC 3463 code
     * @param lastStatus that of the last attempt, where {@code status} only says that the time is up
     * @param reply the remote reply, if there was one
     * @param host the host that was connected to, if one was: name and address
     * @param code the reply's three digits, if there was one
     * @param reason one plain line
     * @param permanent false when the mail expired while it was being deferred
     */
    public record Told(
            MailAddress recipient,
            String status,
            Optional<String> lastStatus,
            Optional<String> reply,
            Optional<String> host,
            Optional<Integer> code,
            String reason,
            boolean permanent,
            Instant at) {

        public Told {
            at = at.truncatedTo(ChronoUnit.MILLIS);
        }
    }
}
