/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.PostponedNotification;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mail into the active set, as much as there is room for: from the outgoing queue, and from the waiting room what is
 * due. A mail that is active already, or is settled, does not enter again.
 *
 * <p>On the dispatcher's thread only, unless said otherwise.
 */
final class Intake {

    private static final Logger LOGGER = LoggerFactory.getLogger(Intake.class);
    private static final Duration UNREADABLE_PAUSE = Duration.ofSeconds(30);
    private static final int ASKED_FOR_AT_ONCE = 32;
    private static final int TAKEN_AT_ONCE = 64;

    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final SuspensionCheck suspension;
    private final ActiveSet active;
    private final Lanes lanes;
    private final SettlementWriter writer;
    private final PendingActions actions;
    private final DispatcherThread thread;
    private final Clock clock;
    private final Consumer<ActiveMail> next;
    private final QueueReader reader;
    private final MergedDsnSender merged;

    /** Why mails of the outgoing queue cannot be read, by their names: a broker may deliver one again. Thread-safe. */
    private final Map<String, String> unreadable = new ConcurrentHashMap<>();

    private boolean refillPlanned;

    /** @param next is called with each mail that has become active */
    Intake(
            Dispatcher.Tools tools,
            SuspensionCheck suspension,
            ActiveSet active,
            Lanes lanes,
            SettlementWriter writer,
            PendingActions actions,
            DispatcherThread thread,
            Clock clock,
            Consumer<ActiveMail> next) {
        this.waitingRoom = tools.waitingRoom();
        this.ledger = tools.ledger();
        this.suspension = suspension;
        this.active = active;
        this.lanes = lanes;
        this.writer = writer;
        this.actions = actions;
        this.thread = thread;
        this.clock = clock;
        this.next = next;
        this.reader = new QueueReader(tools.queue(), this::taken, thread);
        this.merged = new MergedDsnSender(thread, waitingRoom, tools.notifier(), clock);
    }

    void start() {
        reader.start();
    }

    // ---- What is taken, and when -------------------------------------------------------------------------------

    /** Takes what must be seen to by now, and what there is room for. */
    void tick() {
        Instant now = clock.instant();
        int free = active.free(reader.outstanding());
        waitingRoom
                .takeOverdue(now, Math.min(free, TAKEN_AT_ONCE), waiting -> canBeTried(waiting, now))
                .forEach(waiting -> fetch(waiting, true));
        takeMore();
    }

    /** Whether a mail whose time is over can have its last attempt, as soon as there is room. */
    private boolean canBeTried(ListedMail waiting, Instant now) {
        return waiting.hold().filter(hold -> hold.isOn(now)).isEmpty()
                && suspension.of(waiting).isEmpty()
                && lanes.lastOf(waiting.destination())
                        .filter(lane -> lane.isResting(now))
                        .isEmpty();
    }

    /** There may be room: takes more, soon. */
    void refill() {
        if (!refillPlanned && !thread.isStopping()) {
            refillPlanned = true;
            thread.execute(() -> {
                refillPlanned = false;
                takeMore();
            });
        }
    }

    /** Takes what there is room for. */
    void takeMore() {
        if (thread.isStopping()) {
            return;
        }
        Instant now = clock.instant();
        int free = active.free(reader.outstanding());
        List<ListedMail> due = waitingRoom.takeDue(now, Math.min(free, TAKEN_AT_ONCE), new DueMail(now));
        for (ListedMail waiting : due) {
            if (PostponedNotification.is(waiting.recordId())) {
                merged.tell(waiting);
            } else {
                fetch(waiting, false);
            }
        }
        // With a full disk, what came of mail from the queue stays active until it can be written down. That must not
        // fill the active set: mail that waits needs room, too.
        if (lanes.waitingForRoom.isEmpty() && writer.unwritten().size() < active.shares.maxMails() / 2) {
            reader.want(Math.min(free - due.size() + reader.outstanding(), active.shares.ofQueue(ASKED_FOR_AT_ONCE)));
        }
        if (due.size() == TAKEN_AT_ONCE) {
            refill();
        }
    }

    /** Asked of each mail that is due. */
    private final class DueMail implements WaitingRoom.Readiness {
        private final Instant now;

        DueMail(Instant now) {
            this.now = now;
        }

        @Override
        public Optional<Instant> suspendedUntil(ListedMail waiting) {
            return suspension.untilAnyOf(waiting.recipients());
        }

        @Override
        public boolean mayTake(ListedMail waiting) {
            if (active.has(waiting.recordId().id())) {
                // The settlement that has written this record is still under way: it may have something to tell.
                return false;
            }
            if (PostponedNotification.is(waiting.recordId())) {
                return merged.begin(waiting);
            }
            if (suspension.ofDestination(waiting.destination()).isPresent()) {
                return false;
            }
            Optional<Lane> lane = lanes.lastOf(waiting.destination());
            if (lane.isPresent() && !lane.get().release.allows(now)) {
                return false;
            }
            boolean room = active.expect(waiting, lane, now);
            if (room) {
                lane.ifPresent(known -> known.release.take());
            }
            return room;
        }
    }

    /** Whether there is mail that would be taken if there were room. */
    boolean hasMore() {
        return waitingRoom.hasDue(clock.instant())
                || ledger.usage(QueueState.QUEUED).mails() > 0;
    }

    // ---- Mail of the outgoing queue ----------------------------------------------------------------------------

    /** Not on the dispatcher's thread. */
    private void taken(MailQueueItem item) {
        String name = "";
        try {
            Mail mail = item.getMail();
            name = String.valueOf(mail.getName());
            MailState state = MailStateCodec.read(mail, clock.instant()).inQueue();
            mail.setRecipients(state.recipients());
            ActiveMail arrived = new ActiveMail(mail, state, new MailRecord.Queued(item), false);
            if (unreadable.remove(name) != null) {
                ledger.setUnreadQueued(unreadable.size());
            }
            if (!thread.execute(() -> arrive(arrived, item))) {
                arrived.record.giveBack();
            }
        } catch (RuntimeException e) {
            if (unreadable.put(name, e.toString()) == null) {
                LOGGER.error("a mail of the outgoing queue cannot be read; it stays there and is tried again", e);
                ledger.setUnreadQueued(unreadable.size());
            }
            // Not given back: a broker has its own idea of how often that may be.
            thread.later(UNREADABLE_PAUSE, () -> thread.io(() -> taken(item)));
        }
    }

    private void arrive(ActiveMail arrived, MailQueueItem item) {
        RecordId recordId = arrived.state.recordId();
        ActiveMail known = active.find(recordId.id()).orElse(null);
        if (thread.isStopping()) {
            writer.giveBack(arrived);
        } else if (known != null && known.record instanceof MailRecord.Queued queued) {
            // The broker lost its connection and delivers again what is still active: both are acknowledged together.
            queued.add(item);
            arrived.dispose();
        } else if (waitingRoom.isUnread(recordId.id())) {
            // After a restart. If the waiting room has a record of this mail, this one is a leftover. As long as that
            // record cannot be read nobody knows, so this one waits.
            thread.io(() -> {
                waitingRoom.read(recordId.id());
                Duration pause = waitingRoom.isUnread(recordId.id()) ? UNREADABLE_PAUSE : Duration.ZERO;
                thread.later(pause, () -> arrive(arrived, item));
            });
        } else if (known != null || writer.knowsAsSettled(recordId)) {
            writer.drop(arrived);
        } else {
            enter(arrived);
        }
        refill();
    }

    private void enter(ActiveMail mail) {
        active.add(mail);
        ledger.put(QueueState.ACTIVE, mail.listed());
        next.accept(mail);
    }

    // ---- Mail of the waiting room ------------------------------------------------------------------------------

    /** Takes this mail out of the waiting room at once, if it is there. */
    void fetch(String id) {
        waitingRoom.take(id).ifPresent(waiting -> fetch(waiting, true));
    }

    private void fetch(ListedMail waiting, boolean overdue) {
        if (active.has(waiting.recordId().id())) {
            waitingRoom.putBack(waiting);
            active.arrived(waiting.recordId().id());
            return;
        }
        active.fetching(waiting);
        thread.io(() -> {
            try {
                Mail mail = waitingRoom.load(waiting);
                MailState state = current(MailStateCodec.read(mail, clock.instant()), waiting);
                mail.setRecipients(state.recipients());
                ActiveMail fetched = new ActiveMail(mail, state, new MailRecord.Parked(waitingRoom, waiting), overdue);
                boolean running = thread.execute(() -> {
                    active.fetched(fetched.id());
                    enter(fetched);
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

    /** A mail that came when the queue was full is released in the waiting room's index only, not in its record. */
    private static MailState current(MailState stored, ListedMail waiting) {
        MailState state = stored.withRecordId(waiting.recordId());
        return waiting.hold().isEmpty() ? state.released() : state;
    }

    private void unreadable(ListedMail waiting, Throwable trouble) {
        LOGGER.error("waiting mail {} cannot be read: {}", waiting.recordId().key(), trouble.toString());
        thread.execute(() -> {
            active.fetched(waiting.recordId().id());
            active.arrived(waiting.recordId().id());
        });
        boolean gone = trouble instanceof WaitingRoom.MailGoneException;
        if (gone) {
            waitingRoom.forget(waiting);
        } else {
            thread.later(UNREADABLE_PAUSE, () -> waitingRoom.putBack(waiting));
        }
        thread.execute(() -> actions.unreadable(waiting.recordId().id(), gone));
    }

    // ---- The service stops -------------------------------------------------------------------------------------

    /** Why nothing can be read from the outgoing queue, if so. Thread-safe. */
    Optional<String> trouble() {
        return reader.trouble();
    }

    /** Why mails of the outgoing queue cannot be read. Thread-safe. */
    List<String> unreadable() {
        return List.copyOf(unreadable.values());
    }

    /** Whether it is neither about to look for mail nor telling what was postponed. */
    boolean isIdle() {
        return merged.isIdle() && !refillPlanned;
    }

    /** Takes no more from the queue. Thread-safe. */
    void stop() {
        reader.stop();
    }

    /** Thread-safe. */
    void dispose() {
        reader.dispose();
    }
}
