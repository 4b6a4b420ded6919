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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.WaitingRoom;

/**
 * What is to be done with mails that are not at hand yet: each is seen to when it is taken, or comes back from the wire. What
 * has been wanted of a mail last, counts. The dispatcher's; on the loop's thread only.
 */
final class PendingActions {

    /** One that is to be carried out as soon as the mail is at hand. */
    record Pending(QueueAction action, Instant since, CompletableFuture<QueueAction.Result> result) {}

    private final DispatcherThread loop;
    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final Lanes lanes;
    private final Clock clock;
    private final Consumer<String> bringToHand;
    private final Runnable refill;
    private final Map<String, Pending> wanted = new HashMap<>();

    /**
     * @param bringToHand has the mail with this id go on its way anew, if it is at hand or can be fetched now
     * @param refill sees whether there is mail to take
     */
    PendingActions(
            DispatcherThread loop,
            WaitingRoom waitingRoom,
            QueueLedger ledger,
            Lanes lanes,
            Clock clock,
            Consumer<String> bringToHand,
            Runnable refill) {
        this.loop = loop;
        this.waitingRoom = waitingRoom;
        this.ledger = ledger;
        this.lanes = lanes;
        this.clock = clock;
        this.bringToHand = bringToHand;
        this.refill = refill;
    }

    void want(String id, Pending pending) {
        if (waitingRoom.isUnread(id)) {
            loop.io(() -> {
                waitingRoom.read(id);
                loop.execute(() -> wantRead(id, pending));
            });
        } else {
            wantRead(id, pending);
        }
    }

    private void wantRead(String id, Pending pending) {
        ListedMail listed = ledger.find(id).orElse(null);
        Optional<QueueAction.Result> already = listed == null
                ? Optional.of(
                        waitingRoom.unreadable().containsKey(id)
                                ? QueueAction.Result.NOT_NOW
                                : QueueAction.Result.GONE)
                : atOnce(listed, pending.action());
        if (already.isPresent()) {
            pending.result().complete(already.get());
            return;
        }
        Pending before = wanted.put(id, pending);
        if (before != null) {
            before.result().complete(QueueAction.Result.NOT_NOW);
        }
        bringToHand.accept(id);
    }

    /** What need not wait until the mail is at hand; empty: it must. */
    private Optional<QueueAction.Result> atOnce(ListedMail listed, QueueAction action) {
        boolean isHeld =
                listed.hold().filter(hold -> hold.isOn(clock.instant())).isPresent();
        return switch (listed.state()) {
            case ACTIVE -> Optional.empty();
            case QUEUED, DEFERRED, HELD, OVERFLOW -> {
                if (action.kind() == QueueAction.Kind.RETRY) {
                    yield isHeld ? Optional.of(QueueAction.Result.NOT_NOW) : retry(listed);
                }
                boolean nothingToRelease = action.kind() == QueueAction.Kind.RELEASE && !isHeld;
                yield nothingToRelease ? Optional.of(QueueAction.Result.NOT_NOW) : Optional.empty();
            }
        };
    }

    private Optional<QueueAction.Result> retry(ListedMail listed) {
        lanes.lastOf(listed.destination()).ifPresent(Lane::tryNow);
        // One that is taken at this moment, for whatever reason, is retried when it is at hand.
        boolean done = listed.state() == QueueState.QUEUED || waitingRoom.makeDue(listed.recordId(), clock.instant());
        refill.run();
        return done ? Optional.of(QueueAction.Result.DONE) : Optional.empty();
    }

    boolean isWanted(String id) {
        return wanted.containsKey(id);
    }

    /** What is to be done with this mail, which is at hand now. */
    Optional<Pending> take(String id) {
        return Optional.ofNullable(wanted.remove(id));
    }

    /** The active set is done with this mail. */
    void released(ActiveMail mail) {
        if (mail.carriedOut != null) {
            mail.carriedOut.result().complete(QueueAction.Result.DONE);
        }
        Pending pending = wanted.remove(mail.id());
        if (pending != null && ledger.find(mail.id()).isPresent()) {
            want(mail.id(), pending);
        } else if (pending != null) {
            boolean split = ledger.find(RecordId.partId(mail.id(), 0)).isPresent();
            pending.result().complete(split ? QueueAction.Result.NOT_NOW : QueueAction.Result.FINISHED);
        }
    }

    /** A mail of the waiting room cannot be read. */
    void unreadable(String id, boolean gone) {
        take(id).ifPresent(pending ->
                pending.result().complete(gone ? QueueAction.Result.GONE : QueueAction.Result.NOT_NOW));
    }
}
