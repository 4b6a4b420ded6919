/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.RecipientReport;

/**
 * What the service knows of one mail. It stands on the mail itself as one attribute, so that it moves with the mail and
 * survives the process. Immutable; {@link MailStateCodec} writes and reads it. Its times are whole milliseconds, as they are
 * written, so that it is the same when it is read again.
 *
 * @param recordId which record of the mail this is
 * @param name the mail's own name (in the waiting room the mail is stored under {@link RecordId#key()})
 * @param acceptedAt when the service took the mail: its queue lifetime counts from here
 * @param attempts finished attempts
 * @param due when it is tried next; of no meaning while it is queued
 * @param delayTold when the last delay DSN was told, if one was
 * @param recipients whom it still has to reach. Kept here because James's JMS queues lose a quoted local part that
 *     contains their separator {@code ;}
 * @param history the last {@link #MAX_HISTORY} attempts, oldest first
 * @param notifications what is still to be told, see {@link Notification}
 * @param hold why it is not to be tried at all, if so
 * @param lastSaid what was last said of its recipients, of those too that it has reached or lost: the last
 *     {@link #MAX_LAST_SAID} of them
 */
public record MailState(
        RecordId recordId,
        String name,
        Instant acceptedAt,
        int attempts,
        Instant due,
        Optional<Instant> delayTold,
        List<MailAddress> recipients,
        List<PastAttempt> history,
        List<Notification> notifications,
        Optional<Hold> hold,
        List<RecipientReport> lastSaid) {

    public static final int MAX_HISTORY = 20;
    public static final int MAX_LAST_SAID = 100;

    public MailState {
        acceptedAt = acceptedAt.truncatedTo(ChronoUnit.MILLIS);
        due = due.truncatedTo(ChronoUnit.MILLIS);
        delayTold = delayTold.map(at -> at.truncatedTo(ChronoUnit.MILLIS));
        recipients = List.copyOf(recipients);
        history = lastOf(history, MAX_HISTORY);
        notifications = List.copyOf(notifications);
        lastSaid = lastOf(lastSaid, MAX_LAST_SAID);
    }

    private static <T> List<T> lastOf(List<T> all, int most) {
        return List.copyOf(all.size() > most ? all.subList(all.size() - most, all.size()) : all);
    }

    /** The state of a mail at admission. */
    public static MailState admitted(String id, String name, Instant now, Collection<MailAddress> recipients) {
        return new MailState(
                new RecordId(id, 0),
                name,
                now,
                0,
                now,
                Optional.empty(),
                List.copyOf(recipients),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /**
     * The state of a mail found in the queue without one of ours: left there by RemoteDelivery, or put there by hand.
     * Its identity is new each time it is found: the same mail may rightly be put there twice.
     */
    static MailState adopted(Mail mail, Instant now) {
        Instant since =
                mail.getLastUpdated() == null ? now : mail.getLastUpdated().toInstant();
        return new MailState(
                new RecordId(RecordId.newId(), 0),
                mail.getName(),
                since.isAfter(now) ? now : since,
                0,
                now,
                Optional.empty(),
                List.copyOf(mail.getRecipients()),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /**
     * The state of a mail found in the queue. One that has been parked was brought there by hand, with James's "reprocess"
     * for a mail repository: it goes on as a new mail, for its old identity stands for what was parked.
     */
    public MailState inQueue() {
        return recordId.sequence() == 0 ? this : withRecordId(new RecordId(RecordId.newId(), 0));
    }

    public MailState withRecordId(RecordId newRecordId) {
        return new MailState(
                newRecordId,
                name,
                acceptedAt,
                attempts,
                due,
                delayTold,
                recipients,
                history,
                notifications,
                hold,
                lastSaid);
    }

    public MailState withDue(Instant newDue) {
        return new MailState(
                recordId,
                name,
                acceptedAt,
                attempts,
                newDue,
                delayTold,
                recipients,
                history,
                notifications,
                hold,
                lastSaid);
    }

    /** The next record of this mail, due then. */
    public MailState parkedUntil(Instant newDue) {
        return withRecordId(recordId.next()).withDue(newDue);
    }

    public MailState withAttempt(PastAttempt attempt) {
        List<PastAttempt> longer = new ArrayList<>(history);
        longer.add(attempt);
        return new MailState(
                recordId,
                name,
                acceptedAt,
                attempts + 1,
                due,
                delayTold,
                recipients,
                longer,
                notifications,
                hold,
                lastSaid);
    }

    public MailState withRecipients(Collection<MailAddress> remaining) {
        return new MailState(
                recordId,
                name,
                acceptedAt,
                attempts,
                due,
                delayTold,
                List.copyOf(remaining),
                history,
                notifications,
                hold,
                lastSaid);
    }

    public MailState withNotifications(List<Notification> pending) {
        return new MailState(
                recordId, name, acceptedAt, attempts, due, delayTold, recipients, history, pending, hold, lastSaid);
    }

    public MailState withDelayTold(Instant at) {
        return new MailState(
                recordId,
                name,
                acceptedAt,
                attempts,
                due,
                Optional.of(at),
                recipients,
                history,
                notifications,
                hold,
                lastSaid);
    }

    /** One part of a split mail: a mail of its own from here on. */
    public MailState part(String id, String partName, Collection<MailAddress> partRecipients) {
        return new MailState(
                new RecordId(id, 0),
                partName,
                acceptedAt,
                attempts,
                due,
                delayTold,
                List.copyOf(partRecipients),
                history,
                List.of(),
                hold,
                lastSaid.stream()
                        .filter(record -> partRecipients.contains(record.recipient()))
                        .toList());
    }

    /** With what was said of these recipients now. */
    public MailState withLastSaid(List<RecipientReport> now) {
        Set<MailAddress> said = now.stream().map(RecipientReport::recipient).collect(Collectors.toSet());
        List<RecipientReport> all = new ArrayList<>(lastSaid);
        all.removeIf(before -> said.contains(before.recipient()));
        now.forEach(report -> all.add(report.remembered()));
        return new MailState(
                recordId, name, acceptedAt, attempts, due, delayTold, recipients, history, notifications, hold, all);
    }

    /** What was last said of a recipient, as far as it is remembered. */
    public Optional<RecipientReport> lastSaidOf(MailAddress recipient) {
        return lastSaid.stream()
                .filter(record -> record.recipient().equals(recipient))
                .findFirst();
    }

    /** Not to be tried until it is released. */
    public MailState withHold(Hold newHold) {
        return withHold(Optional.of(newHold));
    }

    /** To be tried when it is due. */
    public MailState released() {
        return withHold(Optional.empty());
    }

    private MailState withHold(Optional<Hold> newHold) {
        return new MailState(
                recordId,
                name,
                acceptedAt,
                attempts,
                due,
                delayTold,
                recipients,
                history,
                notifications,
                newHold,
                lastSaid);
    }
}
