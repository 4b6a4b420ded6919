/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.mailet.Mail;

/**
 * What is known of a mail without reading it: an entry of the waiting room's index, and of the {@link QueueLedger}.
 *
 * @param destination {@link org.jamesoutgoing.routing.Destination#key()} of its recipients at this time
 * @param due when it is to be tried; of no meaning while it is queued or active
 * @param delayTold when the last delay DSN was told, if one was
 * @param size of the message in octets, -1 when unknown
 * @param priority see {@link MailPriorities}
 * @param reason why it waits, one line
 * @param hold why it is not to be tried at all, if so
 */
public record ListedMail(
        RecordId recordId,
        String name,
        String destination,
        Instant due,
        Instant acceptedAt,
        Optional<Instant> delayTold,
        MaybeSender sender,
        List<MailAddress> recipients,
        long size,
        int priority,
        String reason,
        Optional<Hold> hold,
        QueueState state) {

    /** The mail as it waits, or would wait. */
    public static ListedMail of(Mail mail, MailState state, String destination) {
        return new ListedMail(
                state.recordId(),
                state.name(),
                destination,
                state.due(),
                state.acceptedAt(),
                state.delayTold(),
                mail.getMaybeSender(),
                state.recipients(),
                sizeOf(mail),
                MailPriorities.Scale.OF_THIS_JAMES.of(mail),
                state.hold()
                        .map(Hold::reason)
                        .orElseGet(() -> state.history().isEmpty()
                                ? "not tried yet"
                                : state.history()
                                        .get(state.history().size() - 1)
                                        .text()),
                state.hold(),
                state.hold().map(Hold::state).orElse(QueueState.DEFERRED));
    }

    /** That of all records of the mail. */
    public String id() {
        return recordId.id();
    }

    ListedMail in(QueueState newState) {
        return with(destination, due, size, reason, hold, newState);
    }

    ListedMail towards(String newDestination) {
        return with(newDestination, due, size, reason, hold, state);
    }

    ListedMail dueAt(Instant newDue) {
        return with(destination, newDue, size, reason, hold, state);
    }

    /** Deferred, as if there had always been room for it. */
    ListedMail released() {
        return with(destination, due, size, reason, Optional.empty(), QueueState.DEFERRED);
    }

    /** The same, said to wait for another reason. */
    public ListedMail because(String newReason) {
        return with(destination, due, size, newReason, hold, state);
    }

    ListedMail ofSize(long newSize) {
        return with(destination, due, newSize, reason, hold, state);
    }

    private ListedMail with(
            String newDestination,
            Instant newDue,
            long newSize,
            String newReason,
            Optional<Hold> newHold,
            QueueState newState) {
        return new ListedMail(
                recordId,
                name,
                newDestination,
                newDue,
                acceptedAt,
                delayTold,
                sender,
                recipients,
                newSize,
                priority,
                newReason,
                newHold,
                newState);
    }

    private static long sizeOf(Mail mail) {
        try {
            return mail.getMessageSize();
        } catch (Exception e) {
            return -1;
        }
    }
}
