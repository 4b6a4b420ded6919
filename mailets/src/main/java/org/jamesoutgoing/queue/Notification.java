/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.routing.DsnPolicy;

/**
 * Something the sender or another processor is still to be told about some recipients. It is written down with the mail
 * before it is carried out, so that a process killed in between does it after its restart.
 *
 * @param addressee who gets it; a failure of which the sender is to be told may go to the bounce processor in his place
 */
public record Notification(DsnKind kind, Addressee addressee, List<RecipientReport> recipients) {

    public enum Addressee {
        SENDER,
        /** A copy: a notification of its own, so that trouble with the one does not tell the other twice. */
        POSTMASTER,
        /** The {@code onSuccess} processor: the mail was accepted. */
        SUCCESS_PROCESSOR
    }

    private static final String RELAYED = "RELAYED";
    private static final String ON_SUCCESS = "ON_SUCCESS";

    public Notification {
        recipients = recipients.stream().map(RecipientReport::remembered).toList();
    }

    /** For the sender. */
    public Notification(DsnKind kind, List<RecipientReport> recipients) {
        this(kind, Addressee.SENDER, recipients);
    }

    /** What it says, as it is stored and shown. */
    public String word() {
        if (addressee == Addressee.SUCCESS_PROCESSOR) {
            return ON_SUCCESS;
        }
        return kind == DsnKind.SUCCESS ? RELAYED : kind.name();
    }

    /**
     * About nobody yet.
     *
     * @param postmaster whether it is his copy
     */
    static Notification of(String word, boolean postmaster) {
        Addressee person = postmaster ? Addressee.POSTMASTER : Addressee.SENDER;
        return switch (word) {
            case ON_SUCCESS -> new Notification(DsnKind.SUCCESS, Addressee.SUCCESS_PROCESSOR, List.of());
            case RELAYED -> new Notification(DsnKind.SUCCESS, person, List.of());
            default -> new Notification(DsnKind.valueOf(word), person, List.of());
        };
    }

    Notification about(List<RecipientReport> those) {
        return new Notification(kind, addressee, those);
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
                DsnKind.QUEUE_FULL,
                recipients.stream()
                        .map(recipient -> RecipientReport.local(recipient, Outcome.FAILED, "5.3.1", reason, now))
                        .toList());
    }
}
