/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.Shares.Load;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.PastAttempt;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.routing.Destination;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.smtp.TransactionStage;

/**
 * A mail of the active set. Owned by one stage at a time: the dispatcher's thread hands it to an attempt or a settlement
 * and does not touch it before that is done.
 */
final class ActiveMail {

    final Mail mail;
    final MailRecord record;
    /** Which record of the mail this is. */
    final RecordId recordId;

    /** The higher goes first. */
    final int priority;
    /** Its place in its lane among those of the same priority; the lane's. */
    long arrival;

    private final long octets;
    /** Something must be done about it now, even if its next hop cannot be tried. */
    final boolean overdue;

    /** What an administrator has done with it, while that is written down; null: nothing. */
    PendingActions.Pending carriedOut;

    MailState state;
    Destination destination;
    Resolution.Towards towards;
    /** How long the last look-up of its next hop took. */
    Duration dns = Duration.ZERO;

    ActiveMail(Mail mail, MailState state, MailRecord record, boolean overdue) {
        this.mail = mail;
        this.state = state;
        this.recordId = state.recordId();
        this.record = record;
        this.overdue = overdue;
        this.priority = MailPriorities.Scale.OF_THIS_JAMES.of(mail);
        this.octets = octetsOf(mail);
    }

    String id() {
        return recordId.id();
    }

    Load load() {
        return new Load(1, octets);
    }

    /** Whether no host said a word in its last attempt, be it before a restart. */
    boolean metSilence() {
        List<PastAttempt> history = state.history();
        return !history.isEmpty()
                && history.get(history.size() - 1)
                        .stage()
                        .filter(stage -> stage.equals(TransactionStage.CONNECT.word())
                                || stage.equals(TransactionStage.GREETING.word()))
                        .isPresent();
    }

    /** Whether its queue lifetime is over. Its destination is known. */
    boolean isExpired(Instant now) {
        return !now.isBefore(destination.route().expiry(state.acceptedAt(), !mail.hasSender()));
    }

    /** Whether an attempt that ends now is its last one. */
    boolean isLastAttempt(Instant now) {
        return isExpired(now) || destination.route().resend().exhaustedAfter(state.attempts() + 1);
    }

    /** What a list of mails shows of it. */
    ListedMail listed() {
        return record instanceof MailRecord.Parked parked ? parked.waiting() : ListedMail.of(mail, state, "");
    }

    /** Why it still waits, for people. */
    String lastReason() {
        return state.history().isEmpty()
                ? "not tried yet"
                : state.history().get(state.history().size() - 1).text();
    }

    /** Frees the message. The mail must not be used afterwards. */
    void dispose() {
        LifecycleUtil.dispose(mail);
    }

    private static long octetsOf(Mail mail) {
        try {
            return Math.max(0, mail.getMessageSize());
        } catch (Exception e) {
            return 0;
        }
    }
}
