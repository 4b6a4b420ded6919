/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Duration;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.WaitingRoom.MailGoneException;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail on its way into the active set, out of the queue or the waiting room: one that is there already, or is taken care of,
 * does not enter again. The dispatcher's; on the loop's thread only, but for {@link #taken} and {@link #stop}.
 */
final class Arrivals {

    private static final Logger LOGGER = LoggerFactory.getLogger(Arrivals.class);
    private static final Duration UNREADABLE_PAUSE = Duration.ofSeconds(30);

    private final WaitingRoom waitingRoom;
    private final ActiveSet active;
    private final SettlementWriter clerk;
    private final DispatcherThread loop;
    private final Clock clock;
    private final Doors doors;

    private volatile boolean stopping;

    /** What follows. */
    interface Doors {

        /** The mail is one of the active set from now on. */
        void enter(ActiveMail mail);

        /** A mail has come, whether it enters or not: the queue may be asked for more. */
        void came();

        /** A mail of the waiting room cannot be read now, or is gone for good. */
        void unreadable(String id, boolean gone);
    }

    Arrivals(
            WaitingRoom waitingRoom,
            ActiveSet active,
            SettlementWriter clerk,
            DispatcherThread loop,
            Clock clock,
            Doors doors) {
        this.waitingRoom = waitingRoom;
        this.active = active;
        this.clerk = clerk;
        this.loop = loop;
        this.clock = clock;
        this.doors = doors;
    }

    /** A mail of the queue; on the intake's thread. */
    void taken(MailQueueItem item) {
        try {
            Mail mail = item.getMail();
            MailState state = MailStateCodec.read(mail, clock.instant()).inQueue();
            mail.setRecipients(state.recipients());
            ActiveMail arrived = new ActiveMail(mail, state, new MailRecord.Queued(item), false);
            if (!loop.execute(() -> arrive(arrived, item))) {
                arrived.record.giveBack();
            }
        } catch (RuntimeException e) {
            LOGGER.error("a mail of the outgoing queue cannot be read; it stays there", e);
        }
    }

    private void arrive(ActiveMail arrived, MailQueueItem item) {
        RecordId recordId = arrived.state.recordId();
        ActiveMail known = active.find(recordId.id()).orElse(null);
        if (stopping) {
            clerk.giveBack(arrived);
        } else if (known != null && known.record instanceof MailRecord.Queued queued) {
            // The broker lost its connection and delivers again what we still have: both are acknowledged together.
            queued.add(item);
            arrived.dispose();
        } else if (waitingRoom.isUnread(recordId.id())) {
            // After a restart. Only a record that can be read makes this one a leftover; one that cannot be read now is
            // waited for.
            loop.io(() -> {
                waitingRoom.read(recordId.id());
                Duration pause = waitingRoom.isUnread(recordId.id()) ? UNREADABLE_PAUSE : Duration.ZERO;
                loop.later(pause, () -> arrive(arrived, item));
            });
        } else if (known != null || clerk.knowsAsSettled(recordId)) {
            clerk.drop(arrived);
        } else {
            doors.enter(arrived);
        }
        doors.came();
    }

    /** A mail of the waiting room. */
    void fetch(ListedMail waiting, boolean overdue) {
        if (active.has(waiting.recordId().id())) {
            waitingRoom.putBack(waiting);
            active.arrived(waiting.recordId().id());
            return;
        }
        active.fetching(waiting);
        loop.io(() -> {
            try {
                Mail mail = waitingRoom.load(waiting);
                MailState state = current(MailStateCodec.read(mail, clock.instant()), waiting);
                mail.setRecipients(state.recipients());
                ActiveMail fetched = new ActiveMail(mail, state, new MailRecord.Parked(waitingRoom, waiting), overdue);
                boolean running = loop.execute(() -> {
                    active.fetched(fetched.id());
                    doors.enter(fetched);
                });
                if (!running) {
                    waitingRoom.putBack(waiting);
                    fetched.dispose();
                }
            } catch (MessagingException | RuntimeException | Error e) {
                unreadable(waiting, e);
            }
        });
    }

    /** The waiting room's index may know better than the record: a mail that came when the queue was full is released there. */
    private static MailState current(MailState stored, ListedMail waiting) {
        MailState state = stored.withRecordId(waiting.recordId());
        return waiting.hold().isEmpty() ? state.released() : state;
    }

    private void unreadable(ListedMail waiting, Throwable trouble) {
        LOGGER.error("waiting mail {} cannot be read: {}", waiting.recordId().key(), trouble.toString());
        loop.execute(() -> {
            active.fetched(waiting.recordId().id());
            active.arrived(waiting.recordId().id());
        });
        boolean gone = trouble instanceof MailGoneException;
        if (gone) {
            waitingRoom.forget(waiting);
        } else {
            loop.later(UNREADABLE_PAUSE, () -> waitingRoom.putBack(waiting));
        }
        loop.execute(() -> doors.unreadable(waiting.recordId().id(), gone));
    }

    /** From now on what comes out of the queue is given back. */
    void stop() {
        stopping = true;
    }
}
