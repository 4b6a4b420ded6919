/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jamesoutgoing.delivery.QueueAction.Result;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.QueueUsage;
import org.junit.jupiter.api.Test;

/** What an administrator wants done with a mail is done, whatever is happening to it: once, and never beside a delivery. */
class QueueActionTest {

    private static final String BOB = "bob@there.example";

    private final World world = new World();

    private static Result done(World.Life process, String id, QueueAction action) throws Exception {
        return process.act(id, action).get(1, TimeUnit.MINUTES);
    }

    private static QueueAction held() {
        return new QueueAction(QueueAction.Kind.HOLD, Optional.of("to be looked at"), Optional.empty());
    }

    private void admit(World.Life process, String name) throws Exception {
        process.admission.admit(World.mail(name, "sender@here.example", BOB));
    }

    /** One mail that the host has put off. */
    private String deferred(World.Life process) throws Exception {
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        admit(process, "mail");
        process.settleDown();
        ListedMail only = only(process);
        assertThat(only.state()).isEqualTo(QueueState.DEFERRED);
        return only.id();
    }

    /** One mail whose host does not answer yet. */
    private String onTheWire(World.Life process) throws Exception {
        world.peers.answer((host, recipient) -> "stall");
        admit(process, "mail");
        World.soon().until(() -> world.peers.stalled() == 1);
        return only(process).id();
    }

    private static ListedMail only(World.Life process) {
        assertThat(process.ledger.mails("")).hasSize(1);
        return process.ledger.mails("").iterator().next();
    }

    private static void assertNothingIsLeft(World.Life process, World world) throws Exception {
        assertThat(process.ledger.mails("")).isEmpty();
        assertThat(process.ledger.usage()).isEqualTo(QueueUsage.NOTHING);
        assertThat(world.disk.size()).isZero();
    }

    // ---- a mail that waits

    @Test
    void aDeferredMailIsRetriedAtOnce() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isZero();

            assertThat(done(process, id, World.action(QueueAction.Kind.RETRY))).isEqualTo(Result.DONE);
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isEqualTo(1);
            assertNothingIsLeft(process, world);
        }
    }

    @Test
    void aRetryAsksAHostThatCouldNotBeReached() throws Exception {
        world.peers.answer((host, recipient) -> "connect");
        try (World.Life process = world.process()) {
            admit(process, "mail");
            for (int i = 0; i < 5; i++) {
                process.settleDown();
                world.clock.advance(Duration.ofMinutes(20));
            }
            process.settleDown();
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            assertThat(done(process, only(process).id(), World.action(QueueAction.Kind.RETRY)))
                    .isEqualTo(Result.DONE);
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isEqualTo(1);
        }
    }

    @Test
    void aDeferredMailIsDeletedAndNobodyIsTold() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            assertThat(done(process, id, World.action(QueueAction.Kind.DELETE))).isEqualTo(Result.DONE);
            process.settleDown();
            assertNothingIsLeft(process, world);
            assertThat(world.spool.dsns()).isZero();
        }
    }

    @Test
    void aDeferredMailIsGivenUpAndItsSenderIsTold() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            assertThat(done(
                            process,
                            id,
                            new QueueAction(QueueAction.Kind.FAIL, Optional.of("no longer wanted"), Optional.empty())))
                    .isEqualTo(Result.DONE);
            process.settleDown();
            assertNothingIsLeft(process, world);
            assertThat(world.spool.dsns()).isEqualTo(1);
            assertThat(world.spool.handed().get(0).text()).contains("Action: failed", "Status: 5.3.0");
        }
    }

    @Test
    void aHeldMailIsNotTriedUntilItIsReleasedNotEvenAfterARestart() throws Exception {
        String id;
        try (World.Life process = world.process()) {
            id = deferred(process);
            assertThat(done(process, id, held())).isEqualTo(Result.DONE);
            process.settleDown();
            assertThat(only(process).state()).isEqualTo(QueueState.HELD);
        }
        world.peers.answer((host, recipient) -> "250 2.1.5 OK");
        try (World.Life process = world.process()) {
            world.clock.advance(Duration.ofHours(30));
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isZero();
            assertThat(only(process).state()).isEqualTo(QueueState.HELD);
            assertThat(done(process, id, World.action(QueueAction.Kind.RETRY))).isEqualTo(Result.NOT_NOW);

            assertThat(done(process, id, World.action(QueueAction.Kind.RELEASE)))
                    .isEqualTo(Result.DONE);
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isEqualTo(1);
            assertNothingIsLeft(process, world);
        }
    }

    @Test
    void aHoldWithAnEndEndsByItself() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            Instant end = world.clock.instant().plus(Duration.ofHours(3));
            QueueAction hold = new QueueAction(QueueAction.Kind.HOLD, Optional.of("until noon"), Optional.of(end));
            assertThat(done(process, id, hold)).isEqualTo(Result.DONE);
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.clock.advance(Duration.ofHours(2));
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isZero();
            world.clock.advance(Duration.ofHours(1));
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isEqualTo(1);
        }
    }

    @Test
    void theLifetimeOfAHeldMailGoesOn() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            int asked = world.peers.asked().size();
            done(process, id, held());
            for (int day = 0; day < 6; day++) {
                world.clock.advance(Duration.ofDays(1));
                process.settleDown();
            }
            assertNothingIsLeft(process, world);
            assertThat(world.peers.asked()).hasSize(asked);
            assertThat(world.spool.handed().get(world.spool.handed().size() - 1).text())
                    .contains("Action: failed");
        }
    }

    // ---- a mail that is being delivered

    @Test
    void aMailOnTheWireThatIsDeliveredIsNotDeletedToo() throws Exception {
        try (World.Life process = world.process()) {
            String id = onTheWire(process);
            CompletableFuture<Result> result = process.act(id, World.action(QueueAction.Kind.DELETE));
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.peers.goOn();
            assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo(Result.FINISHED);
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isEqualTo(1);
            assertNothingIsLeft(process, world);
        }
    }

    @Test
    void whatAnAttemptLeavesOfAMailIsActedOn() throws Exception {
        for (QueueAction action : new QueueAction[] {
            World.action(QueueAction.Kind.DELETE),
            new QueueAction(QueueAction.Kind.FAIL, Optional.of("enough"), Optional.empty()),
            held()
        }) {
            World fresh = new World();
            fresh.peers.answer((host, recipient) -> "stall");
            try (World.Life process = fresh.process()) {
                process.admission.admit(World.mail("mail", "sender@here.example", BOB, "eve@there.example"));
                World.soon().until(() -> fresh.peers.stalled() == 1);
                String id = only(process).id();
                CompletableFuture<Result> result = process.act(id, action);
                fresh.peers.answer((host, recipient) -> recipient.equals(BOB) ? "250 2.1.5 OK" : "450 4.2.1 later");
                fresh.peers.goOn();
                assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo(Result.DONE);
                process.settleDown();
                assertThat(fresh.peers.copies(BOB)).isEqualTo(1);
                assertThat(fresh.peers.copies("eve@there.example")).isZero();
                assertThat(fresh.spool.dsns()).isEqualTo(action.kind() == QueueAction.Kind.FAIL ? 1 : 0);
                if (action.kind() == QueueAction.Kind.HOLD) {
                    assertThat(only(process).state()).isEqualTo(QueueState.HELD);
                } else {
                    assertNothingIsLeft(process, fresh);
                }
            }
        }
    }

    @Test
    void aMailInALaneIsActedOnAtOnce() throws Exception {
        world.limits = new Shares(1000, 1 << 26, 1);
        world.peers.answer((host, recipient) -> "stall");
        try (World.Life process = world.process()) {
            admit(process, "first");
            World.soon().until(() -> world.peers.stalled() == 1);
            String first = only(process).id();
            admit(process, "second");
            World.soon()
                    .until(() -> process.ledger.usage(QueueState.QUEUED).mails() == 0
                            && process.ledger.usage().mails() == 2);
            String second = process.ledger.mails("").stream()
                    .map(ListedMail::id)
                    .filter(id -> !id.equals(first))
                    .findFirst()
                    .orElseThrow();
            assertThat(done(process, second, World.action(QueueAction.Kind.DELETE)))
                    .isEqualTo(Result.DONE);
            World.soon().until(() -> process.ledger.usage().mails() == 1);
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.peers.goOn();
            process.settleDown();
            assertThat(world.peers.copies(BOB)).isEqualTo(1);
            assertNothingIsLeft(process, world);
        }
    }

    @Test
    void aMailThatIsGoneIsGone() throws Exception {
        try (World.Life process = world.process()) {
            assertThat(done(process, "nobody", World.action(QueueAction.Kind.DELETE)))
                    .isEqualTo(Result.GONE);
            String id = deferred(process);
            done(process, id, World.action(QueueAction.Kind.DELETE));
            process.settleDown();
            assertThat(done(process, id, World.action(QueueAction.Kind.RETRY))).isEqualTo(Result.GONE);
        }
    }
}
