/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.mail.MessagingException;
import org.jamesoutgoing.notify.Notifier;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with what came of one attempt:
 *
 * <ol>
 *   <li>park what is deferred, with what is still to be told written on it;
 *   <li>tell: DSNs, bounce and success processor;
 *   <li>acknowledge the old record, always last, and remove what else is no longer true.
 * </ol>
 *
 * <p>Killed before 1, the mail is as if it had not been attempted; between 1 and 2, the parked record knows what to tell;
 * before 3, the old record is known for a leftover by its number. Where nothing is deferred there is nothing to park, so
 * a process killed between 2 and 3 tries the recipients once more: the mail was in flight.
 *
 * <p>{@link #run()} may be repeated when it throws; it goes on with the step that failed. Blocks; used by one thread at a
 * time.
 */
final class Settlement {

    /** Wait before telling is tried again, when the spool did not take a DSN. */
    private static final Duration TELL_AGAIN_AFTER = Duration.ofMinutes(1);

    private static final Logger LOGGER = LoggerFactory.getLogger(Settlement.class);

    private final ActiveMail active;
    private final Instant now;
    private final WaitingRoom waitingRoom;
    private final Notifier notifier;
    /** What stays of the mail to be delivered. */
    private final Optional<MailState> remainder;

    private final List<Notification> untold;
    /** The newest record that this settlement has written. */
    private Optional<MailState> parked = Optional.empty();
    /** Others that it has written: each is removed, or the next process takes it for the newest. */
    private final List<RecordId> leftovers = new ArrayList<>();

    private boolean parkFirst;

    private Settlement(
            ActiveMail active,
            Instant now,
            WaitingRoom waitingRoom,
            Notifier notifier,
            Optional<MailState> remainder,
            List<Notification> toTell) {
        this.active = active;
        this.now = now;
        this.waitingRoom = waitingRoom;
        this.notifier = notifier;
        this.remainder = remainder;
        this.untold = new ArrayList<>(toTell.stream()
                .flatMap(notification -> notifier.stepsOf(active.mail, notification).stream())
                .toList());
    }

    /** Settles what came of an attempt. */
    static Settlement of(
            ActiveMail active,
            AttemptReport report,
            WaitingRoom waitingRoom,
            Notifier notifier,
            RandomGenerator random) {
        SettlementPlan plan = SettlementPlan.of(active, report, notifier.hasSuccessProcessor(), random);
        // A mail that somebody gives up may have something left to tell from before.
        List<Notification> toTell = new ArrayList<>(active.state.notifications());
        toTell.addAll(plan.notifications());
        active.state = plan.state();
        Settlement settlement = new Settlement(active, report.at(), waitingRoom, notifier, plan.remainder(), toTell);
        settlement.parkFirst = plan.remainder().isPresent();
        return settlement;
    }

    /** Tells what an earlier settlement wrote down and could not tell; what stays of the mail stays due. */
    static Settlement ofNotifications(ActiveMail active, Instant now, WaitingRoom waitingRoom, Notifier notifier) {
        return new Settlement(
                active,
                now,
                waitingRoom,
                notifier,
                active.state.recipients().isEmpty() ? Optional.empty() : Optional.of(active.state),
                active.state.notifications());
    }

    /** When the mail is tried next, if it is. */
    Optional<Instant> nextAttempt() {
        return remainder.map(MailState::due);
    }

    /**
     * When the mail is tried again, if nothing has come of the attempt that must be remembered: all recipients are deferred, nobody
     * is to be told anything, and nothing is written yet.
     */
    Optional<Instant> forgottenUntil() {
        boolean nothing = parked.isEmpty()
                && untold.isEmpty()
                && remainder
                        .filter(rest -> rest.recipients().equals(active.state.recipients()))
                        .isPresent();
        return nothing ? nextAttempt() : Optional.empty();
    }

    /**
     * Takes the steps that are not taken yet.
     *
     * @throws MessagingException when one of them cannot be taken now
     */
    void run() throws MessagingException {
        if (parkFirst) {
            park(remainder.get());
            parkFirst = false;
        }
        tell();
        boolean written = parked.isPresent() && parked.get().notifications().size() == untold.size();
        if (!written && (remainder.isPresent() || !untold.isEmpty())) {
            park(remainder.orElseGet(this::notificationsOnly));
        } else if (!written) {
            // It could be told when it had been written down.
            parked.ifPresent(told -> leftovers.add(told.recordId()));
            parked = Optional.empty();
        }
        active.record.acknowledge();
        while (!leftovers.isEmpty()) {
            waitingRoom.remove(leftovers.get(0));
            leftovers.remove(0);
        }
    }

    private void park(MailState state) throws MessagingException {
        MailState next = state.withNotifications(untold)
                .withRecordId(parked.orElse(active.state).recordId().next());
        waitingRoom.park(active.mail, next);
        parked.ifPresent(before -> leftovers.add(before.recordId()));
        parked = Optional.of(next);
    }

    private MailState notificationsOnly() {
        return active.state.withRecipients(List.of()).withDue(now.plus(TELL_AGAIN_AFTER));
    }

    private void tell() {
        while (!untold.isEmpty()) {
            try {
                notifier.tell(active.mail, active.state, untold.get(0));
                untold.remove(0);
            } catch (MessagingException e) {
                LOGGER.warn(
                        "mail={} the spool does not take what is to be told of it; it is kept and tried again: {}",
                        active.state.name(),
                        e.toString());
                return;
            }
        }
    }
}
