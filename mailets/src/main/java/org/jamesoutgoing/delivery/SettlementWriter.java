/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.notify.Notifier;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.MailSplit;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has written down what becomes of active mails, on the I/O threads, and tries on until it is written: until then the mail
 * stays in the active set. Called on the dispatcher's thread; {@link #unwritten} is for everybody.
 */
final class SettlementWriter {

    private static final Logger LOGGER = LoggerFactory.getLogger(SettlementWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Something that is written down. When it has failed and is called again, it goes on where it failed. */
    @FunctionalInterface
    private interface Entry {
        void write() throws MessagingException;

        /** When the mail may be tried again if this is never written down; empty: it must be. */
        default Optional<Instant> forgottenUntil() {
            return Optional.empty();
        }
    }

    private final DispatcherThread thread;
    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final Notifier notifier;
    private final MailPriorities priorities;
    private final AttemptListener listener;
    private final Clock clock;
    private final RandomGenerator random;
    private final Consumer<ActiveMail> released;
    /** Mails that are settled, for when the broker delivers one of them again. */
    private final Cache<String, Boolean> settled = Caffeine.newBuilder()
            .maximumSize(200_000)
            .expireAfterWrite(Duration.ofDays(1))
            .build();
    /** Why, by the id of the mail; no more than there are active mails. */
    private final Map<String, String> unwritten = new ConcurrentHashMap<>();

    /** @param released is called on the dispatcher's thread when the active set is done with a mail */
    SettlementWriter(
            Dispatcher.Tools tools,
            DispatcherThread thread,
            Clock clock,
            RandomGenerator random,
            Consumer<ActiveMail> released) {
        this.thread = thread;
        this.waitingRoom = tools.waitingRoom();
        this.ledger = tools.ledger();
        this.notifier = tools.notifier();
        this.priorities = tools.priorities();
        this.listener = tools.listener();
        this.clock = clock;
        this.random = random;
        this.released = released;
    }

    /** What came of an attempt. */
    void settle(ActiveMail mail, AttemptReport report) {
        Settlement settlement = Settlement.of(mail, report, waitingRoom, notifier, random);
        if (report.attempted() && settlement.nextAttempt().isPresent()) {
            priorities.lower(mail.mail);
        }
        listener.finished(mail.mail, mail.state, report, settlement.nextAttempt());
        settle(mail, settlement);
    }

    /** What an earlier settlement could not tell is told. */
    void settleNotifications(ActiveMail mail) {
        settle(mail, Settlement.ofNotifications(mail, clock.instant(), waitingRoom, notifier));
    }

    private void settle(ActiveMail mail, Settlement settlement) {
        write(mail, "what came of its attempt", new Entry() {
            @Override
            public void write() throws MessagingException {
                settlement.run();
            }

            @Override
            public Optional<Instant> forgottenUntil() {
                return settlement.forgottenUntil();
            }
        });
    }

    /** The look-up of its next hop, or an administrator, has decided. */
    void settleDecided(ActiveMail mail, Outcome outcome, String status, String reason) {
        settleWithoutHost(
                mail, true, recipient -> RecipientReport.local(recipient, outcome, status, reason, clock.instant()));
    }

    /** Nothing is tried. What was said of a recipient when it was tried last still stands. */
    void settleAsLastTried(ActiveMail mail) {
        settleWithoutHost(mail, false, recipient -> mail.state
                .lastSaidOf(recipient)
                .map(RecipientReport::stillDeferred)
                .orElseGet(() -> untried(recipient, mail.lastReason())));
    }

    /** Nothing is tried, and something must be done about the mail now. */
    void settleUntried(ActiveMail mail, String reason) {
        settleWithoutHost(mail, false, recipient -> untried(recipient, reason));
    }

    private RecipientReport untried(MailAddress recipient, String reason) {
        return RecipientReport.local(recipient, Outcome.DEFERRED, "4.4.1", reason, clock.instant());
    }

    private void settleWithoutHost(ActiveMail mail, boolean attempted, Function<MailAddress, RecipientReport> outcome) {
        List<RecipientReport> outcomes =
                mail.state.recipients().stream().map(outcome).toList();
        settle(
                mail,
                AttemptReport.withoutHost(clock.instant(), mail.destination.name(), attempted, mail.dns, outcomes));
    }

    /**
     * Nothing can be tried now: the mail waits outside the active set, which is not an attempt. Its lifetime goes on, and who is to
     * be told is told.
     */
    void waitUntried(ActiveMail mail, String reason) {
        if (mail.overdue || mail.isExpired(clock.instant())) {
            settleUntried(mail, reason);
        } else {
            setAside(mail);
        }
    }

    /** The lane has no room for this mail now: it waits outside the active set. This is not an attempt. */
    void setAside(ActiveMail mail) {
        if (mail.record instanceof MailRecord.Parked) {
            giveBack(mail);
        } else {
            park(mail, mail.state.withDue(clock.instant()));
        }
    }

    /** The mail left others its turn, and waits outside the active set until then. This is not an attempt. */
    void setAside(ActiveMail mail, Instant until) {
        if (mail.record instanceof MailRecord.Parked) {
            thread.io(() -> putBack(mail, until));
        } else {
            park(mail, mail.state.withDue(until));
        }
    }

    private void putBack(ActiveMail mail, Instant until) {
        mail.record.giveBack();
        waitingRoom.makeDue(mail.recordId, until);
        thread.execute(() -> released.accept(mail));
    }

    /** It waits from now on, with this state. */
    void park(ActiveMail mail, MailState state) {
        write(mail, "that it waits", () -> {
            waitingRoom.park(mail.mail, state.parkedUntil(state.due()));
            mail.record.acknowledge();
        });
    }

    /** Nobody wants it any more. */
    void delete(ActiveMail mail) {
        write(mail, "that it is deleted", mail.record::acknowledge);
    }

    /**
     * Routes or suspensions have changed since this mail was admitted: its parts go on as mails of their own. None is delivered before all
     * are stored and the mail is gone, so that a split that fails in its middle, or is done once more after a crash, doubles
     * none. A mail of the queue waits first, since only the waiting room knows the parts of a mail for what they are.
     */
    void split(ActiveMail mail, List<MailSplit> parts) {
        if (mail.record instanceof MailRecord.Queued) {
            park(mail, mail.state.withDue(clock.instant()));
            return;
        }
        List<ListedMail> stored = new ArrayList<>();
        write(mail, "its parts", () -> {
            while (stored.size() < parts.size()) {
                stored.add(waitingRoom.store(mail.mail, part(mail, parts.get(stored.size()), stored.size())));
            }
            waitingRoom.split(mail.recordId, stored);
        });
    }

    /** Its identity is the same when the mail is split once more after a crash. */
    private MailState part(ActiveMail mail, MailSplit part, int number) {
        return mail.state
                .part(RecordId.partId(mail.id(), number), part.nameFor(mail.state.name()), part.recipients())
                .parkedUntil(clock.instant());
    }

    /** As if the mail had not been taken. */
    void giveBack(ActiveMail mail) {
        thread.io(() -> {
            mail.record.giveBack();
            if (mail.record instanceof MailRecord.Queued) {
                ledger.move(mail.recordId, QueueState.QUEUED);
            }
            thread.execute(() -> released.accept(mail));
        });
    }

    /** A second copy of a mail that is active or settled. */
    void drop(ActiveMail copy) {
        LOGGER.info("mail={} is in the queue again and already taken care of", copy.state.name());
        thread.io(() -> {
            try {
                copy.record.acknowledge();
            } catch (MessagingException e) {
                LOGGER.warn("mail={} cannot be acknowledged: {}", copy.state.name(), e.toString());
            } finally {
                copy.dispose();
            }
        });
    }

    /** Why mails cannot be written down, by their ids. */
    Map<String, String> unwritten() {
        return Map.copyOf(unwritten);
    }

    boolean knowsAsSettled(RecordId recordId) {
        return settled.getIfPresent(recordId.id()) != null || waitingRoom.holdsLater(recordId);
    }

    private void write(ActiveMail mail, String what, Entry entry) {
        write(mail, what, entry, FIRST_PAUSE);
    }

    private void write(ActiveMail mail, String what, Entry entry, Duration pause) {
        thread.io(() -> {
            try {
                entry.write();
                ledger.end(mail.recordId);
                settled.put(mail.id(), Boolean.TRUE);
                unwritten.remove(mail.id());
                thread.execute(() -> released.accept(mail));
            } catch (MessagingException | RuntimeException e) {
                if (forget(mail, what, entry, e)) {
                    return;
                }
                unwritten.put(mail.id(), e.toString());
                LOGGER.warn(
                        "mail={} {} cannot be written down now, trying again in {} s: {}",
                        mail.state.name(),
                        what,
                        pause.toSeconds(),
                        e.toString());
                Duration twice = pause.multipliedBy(2);
                Duration next = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
                thread.later(pause, () -> write(mail, what, entry, next));
            }
        });
    }

    /**
     * Gives up writing what need not be remembered of a mail whose old record is in the waiting room: the mail goes on waiting by
     * that record. When the disk is full, the active set has room then for mail that may be delivered.
     */
    private boolean forget(ActiveMail mail, String what, Entry entry, Exception trouble) {
        Optional<Instant> until = entry.forgottenUntil();
        if (until.isEmpty() || !(mail.record instanceof MailRecord.Parked)) {
            return false;
        }
        LOGGER.warn(
                "mail={} {} cannot be written down; it waits as before: {}",
                mail.state.name(),
                what,
                trouble.toString());
        putBack(mail, until.get());
        return true;
    }
}
