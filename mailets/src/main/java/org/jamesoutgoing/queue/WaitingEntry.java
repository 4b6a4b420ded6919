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
 * What is known of a waiting mail without reading it: a line of the waiting room's index.
 *
 * @param destination {@link org.jamesoutgoing.routing.Destination#key()} of its recipients at this time
 * @param due when it is to be tried
 * @param delayTold when the last delay DSN was told, if one was
 * @param size of the message in octets, -1 when unknown
 * @param reason why it waits, one line
 * @param hold why it is not to be tried at all, if so
 */
public record WaitingEntry(
        RecordId recordId,
        String name,
        String destination,
        Instant due,
        Instant acceptedAt,
        Optional<Instant> delayTold,
        MaybeSender sender,
        List<MailAddress> recipients,
        long size,
        String reason,
        Optional<Hold> hold) {

    public static WaitingEntry of(Mail mail, MailState state, String destination) {
        return new WaitingEntry(
                state.recordId(),
                state.name(),
                destination,
                state.due(),
                state.acceptedAt(),
                state.delayTold(),
                mail.getMaybeSender(),
                state.recipients(),
                sizeOf(mail),
                state.hold()
                        .map(Hold::reason)
                        .orElseGet(() -> state.history().isEmpty()
                                ? "not tried yet"
                                : state.history()
                                        .get(state.history().size() - 1)
                                        .text()),
                state.hold());
    }

    /** The state of a mail that waits so. */
    public QueueState state() {
        return hold.map(Hold::state).orElse(QueueState.DEFERRED);
    }

    WaitingEntry towards(String newDestination) {
        return with(newDestination, due, reason, hold);
    }

    WaitingEntry dueAt(Instant newDue) {
        return with(destination, newDue, reason, hold);
    }

    /** As if there had always been room for it. */
    WaitingEntry released() {
        return with(destination, due, reason, Optional.empty());
    }

    /** The same, said to wait for another reason. */
    public WaitingEntry because(String newReason) {
        return with(destination, due, newReason, hold);
    }

    /** The same, with another size. */
    WaitingEntry ofSize(long newSize) {
        return newSize == size
                ? this
                : new WaitingEntry(
                        recordId,
                        name,
                        destination,
                        due,
                        acceptedAt,
                        delayTold,
                        sender,
                        recipients,
                        newSize,
                        reason,
                        hold);
    }

    private WaitingEntry with(String newDestination, Instant newDue, String newReason, Optional<Hold> newHold) {
        return new WaitingEntry(
                recordId,
                name,
                newDestination,
                newDue,
                acceptedAt,
                delayTold,
                sender,
                recipients,
                size,
                newReason,
                newHold);
    }

    private static long sizeOf(Mail mail) {
        try {
            return mail.getMessageSize();
        } catch (Exception e) {
            return -1;
        }
    }
}
