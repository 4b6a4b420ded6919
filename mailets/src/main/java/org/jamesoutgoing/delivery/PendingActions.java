/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jamesoutgoing.delivery.QueueAction.Kind;
import org.jamesoutgoing.delivery.QueueAction.Result;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What administrators have done with mails. Some of it is done at once; the rest when the mail is at hand, that is when it is
 * taken, or comes back from the wire. Of two actions on one mail the later one counts. On the dispatcher's thread only.
 */
final class PendingActions {

    private static final Logger LOGGER = LoggerFactory.getLogger(PendingActions.class);

    /** @param since when it was asked for */
    record Pending(QueueAction action, Instant since, CompletableFuture<Result> result) {}

    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final RoutingTable routes;
    private final Lanes lanes;
    private final SettlementWriter writer;
    private final Clock clock;
    private final Map<String, Pending> pending = new HashMap<>();

    PendingActions(Dispatcher.Tools tools, Lanes lanes, SettlementWriter writer, Clock clock) {
        this.waitingRoom = tools.waitingRoom();
        this.ledger = tools.ledger();
        this.routes = tools.routes();
        this.lanes = lanes;
        this.writer = writer;
        this.clock = clock;
    }

    /** @return false when it is done with; true when the mail must be at hand for it */
    boolean add(String id, Pending wanted) {
        Optional<Result> already = ledger.find(id)
                .map(listed -> atOnce(listed, wanted.action()))
                .orElseGet(() -> Optional.of(waitingRoom.unreadable().containsKey(id) ? Result.NOT_NOW : Result.GONE));
        if (already.isPresent()) {
            wanted.result().complete(already.get());
            return false;
        }
        Pending before = pending.put(id, wanted);
        if (before != null) {
            before.result().complete(Result.NOT_NOW);
        }
        return true;
    }

    /** Does what can be done before the mail is at hand; empty: nothing can. */
    private Optional<Result> atOnce(ListedMail listed, QueueAction action) {
        boolean isHeld =
                listed.hold().filter(hold -> hold.isOn(clock.instant())).isPresent();
        return switch (listed.state()) {
            case ACTIVE -> Optional.empty();
            case QUEUED, DEFERRED, HELD, OVERFLOW -> {
                if (action.kind() == Kind.RETRY) {
                    yield isHeld ? Optional.of(Result.NOT_NOW) : retry(listed);
                }
                boolean nothingToRelease = action.kind() == Kind.RELEASE && !isHeld;
                yield nothingToRelease ? Optional.of(Result.NOT_NOW) : Optional.empty();
            }
        };
    }

    private Optional<Result> retry(ListedMail listed) {
        lanes.lastOf(listed.destination()).ifPresent(Lane::tryNow);
        // One that is being taken at this moment is retried when it is at hand.
        boolean done = listed.state() == QueueState.QUEUED || waitingRoom.makeDue(listed.recordId(), clock.instant());
        return done ? Optional.of(Result.DONE) : Optional.empty();
    }

    boolean isWanted(String id) {
        return pending.containsKey(id);
    }

    /**
     * Does what is wanted of this mail, which is at hand now.
     *
     * @return false when the mail goes on its way: nothing is wanted of it, or it need not be written down
     */
    boolean carryOut(ActiveMail mail) {
        Pending wanted = pending.remove(mail.id());
        if (wanted == null) {
            return false;
        }
        Instant now = clock.instant();
        QueueAction action = wanted.action();
        LOGGER.info("mail={} action={}", mail.state.name(), action);
        boolean isHeld = mail.state.hold().isPresent();
        mail.carriedOut = wanted;
        if (action.kind() == Kind.DELETE) {
            delete(mail);
        } else if (action.kind() == Kind.FAIL) {
            mail.destination = routes.destinationOf(
                    mail.state.recipients().get(0).getDomain().asString());
            writer.settleDecided(mail, Outcome.FAILED, "5.3.0", action.whyGivenUp());
        } else if (action.kind() == Kind.HOLD) {
            writer.park(mail, mail.state.withHold(action.hold(wanted.since())));
        } else if (action.kind() == Kind.RELEASE && isHeld) {
            writer.park(mail, mail.state.released().withDue(now));
        } else {
            mail.carriedOut = null;
            boolean retry = action.kind() == Kind.RETRY && !isHeld;
            if (retry) {
                mail.state = mail.state.withDue(now);
            }
            wanted.result().complete(retry ? Result.DONE : Result.NOT_NOW);
            return false;
        }
        return true;
    }

    /** What was to be told of other recipients before is told all the same. */
    private void delete(ActiveMail mail) {
        if (mail.state.notifications().isEmpty()) {
            writer.delete(mail);
        } else {
            mail.state = mail.state.withRecipients(List.of());
            writer.settleNotifications(mail);
        }
    }

    /** The active set is done with this mail. Returns what is still to be done with it. */
    Optional<Pending> released(ActiveMail mail) {
        if (mail.carriedOut != null) {
            mail.carriedOut.result().complete(Result.DONE);
        }
        Pending open = pending.remove(mail.id());
        if (open != null && ledger.find(mail.id()).isEmpty()) {
            boolean split = ledger.find(RecordId.partId(mail.id(), 0)).isPresent();
            open.result().complete(split ? Result.NOT_NOW : Result.FINISHED);
            return Optional.empty();
        }
        return Optional.ofNullable(open);
    }

    /** A mail of the waiting room cannot be read now, or is gone for good. */
    void unreadable(String id, boolean gone) {
        Pending open = pending.remove(id);
        if (open != null) {
            open.result().complete(gone ? Result.GONE : Result.NOT_NOW);
        }
    }
}
