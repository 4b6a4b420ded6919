/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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

    private final DispatcherThread loop;
    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final Lanes lanes;
    private final Clock clock;
    private final Consumer<String> bringToHand;
    private final Runnable refill;
    private final Map<String, Intervention.Pending> wanted = new HashMap<>();

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

    void want(String id, Intervention.Pending pending) {
        if (waitingRoom.isUnread(id)) {
            loop.io(() -> {
                waitingRoom.read(id);
                loop.execute(() -> wantRead(id, pending));
            });
        } else {
            wantRead(id, pending);
        }
    }

    private void wantRead(String id, Intervention.Pending pending) {
        ListedMail listed = ledger.find(id).orElse(null);
        Optional<Intervention.Result> already = listed == null
                ? Optional.of(
                        waitingRoom.unreadable().containsKey(id)
                                ? Intervention.Result.NOT_NOW
                                : Intervention.Result.GONE)
                : atOnce(listed, pending.intervention());
        if (already.isPresent()) {
            pending.result().complete(already.get());
            return;
        }
        Intervention.Pending before = wanted.put(id, pending);
        if (before != null) {
            before.result().complete(Intervention.Result.NOT_NOW);
        }
        bringToHand.accept(id);
    }

    /** What need not wait until the mail is at hand; empty: it must. */
    private Optional<Intervention.Result> atOnce(ListedMail listed, Intervention intervention) {
        boolean isHeld =
                listed.hold().filter(hold -> hold.isOn(clock.instant())).isPresent();
        return switch (listed.state()) {
            case ACTIVE -> Optional.empty();
            case QUEUED, DEFERRED, HELD, OVERFLOW -> {
                if (intervention instanceof Intervention.Retry) {
                    yield isHeld ? Optional.of(Intervention.Result.NOT_NOW) : retry(listed);
                }
                boolean nothingToRelease = intervention instanceof Intervention.Release && !isHeld;
                yield nothingToRelease ? Optional.of(Intervention.Result.NOT_NOW) : Optional.empty();
            }
        };
    }

    private Optional<Intervention.Result> retry(ListedMail listed) {
        lanes.lastOf(listed.destination()).ifPresent(Lane::tryNow);
        // One that is taken at this moment, for whatever reason, is retried when it is at hand.
        boolean done = listed.state() == QueueState.QUEUED || waitingRoom.makeDue(listed.recordId(), clock.instant());
        refill.run();
        return done ? Optional.of(Intervention.Result.DONE) : Optional.empty();
    }

    boolean isWanted(String id) {
        return wanted.containsKey(id);
    }

    /** What is to be done with this mail, which is at hand now. */
    Optional<Intervention.Pending> take(String id) {
        return Optional.ofNullable(wanted.remove(id));
    }

    /** The active set is done with this mail. */
    void released(ActiveMail mail) {
        if (mail.carriedOut != null) {
            mail.carriedOut.result().complete(Intervention.Result.DONE);
        }
        Intervention.Pending pending = wanted.remove(mail.id());
        if (pending != null && ledger.find(mail.id()).isPresent()) {
            want(mail.id(), pending);
        } else if (pending != null) {
            boolean split = ledger.find(RecordId.partId(mail.id(), 0)).isPresent();
            pending.result().complete(split ? Intervention.Result.NOT_NOW : Intervention.Result.FINISHED);
        }
    }

    /** A mail of the waiting room cannot be read. */
    void unreadable(String id, boolean gone) {
        take(id).ifPresent(pending ->
                pending.result().complete(gone ? Intervention.Result.GONE : Intervention.Result.NOT_NOW));
    }
}
