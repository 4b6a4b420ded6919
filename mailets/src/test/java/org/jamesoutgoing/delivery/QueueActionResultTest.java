/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jamesoutgoing.delivery.QueueAction.Result;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;
import org.junit.jupiter.api.Test;

/** When an action is done, and what a hold leaves behind. */
class QueueActionResultTest {

    private static final String BOB = "bob@there.example";

    private final World world = new World();

    private static Result done(World.Life process, String id, QueueAction action) throws Exception {
        return process.act(id, action).get(1, TimeUnit.MINUTES);
    }

    private QueueAction heldFor(Optional<Duration> time) {
        return new QueueAction(
                QueueAction.Kind.HOLD, Optional.of("to be looked at"), time.map(world.clock.instant()::plus));
    }

    private String deferred(World.Life process) throws Exception {
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        process.admission.admit(World.mail("mail", "sender@here.example", BOB));
        process.settleDown();
        return only(process).id();
    }

    private static ListedMail only(World.Life process) {
        assertThat(process.ledger.mails("")).hasSize(1);
        return process.ledger.mails("").iterator().next();
    }

    @Test
    void whatIsDoneIsWrittenDown() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            assertThat(done(process, id, heldFor(Optional.empty()))).isEqualTo(Result.DONE);
            assertThat(only(process).state()).isEqualTo(QueueState.HELD);
            assertThat(done(process, id, World.action(QueueAction.Kind.DELETE))).isEqualTo(Result.DONE);
            assertThat(process.ledger.mails("")).isEmpty();
            assertThat(world.disk.size()).isZero();
        }
    }

    @Test
    void onlyAHeldMailIsReleased() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            assertThat(done(process, id, World.action(QueueAction.Kind.RELEASE)))
                    .isEqualTo(Result.NOT_NOW);
            assertThat(only(process).state()).isEqualTo(QueueState.DEFERRED);
        }
    }

    @Test
    void afterAHoldHasEndedTheMailWaitsForItsResendDelayLikeAnyOther() throws Exception {
        try (World.Life process = world.process()) {
            String id = deferred(process);
            int before = world.peers.asked().size();
            done(process, id, heldFor(Optional.of(Duration.ofHours(3))));
            world.clock.advance(Duration.ofHours(3));
            process.settleDown();
            assertThat(world.peers.asked()).hasSize(before + 1);
            assertThat(only(process).state()).isEqualTo(QueueState.DEFERRED);
            assertThat(only(process).due()).isAfter(world.clock.instant());
            process.settleDown();
            assertThat(world.peers.asked()).hasSize(before + 1);
            assertThat(done(process, id, World.action(QueueAction.Kind.RETRY))).isEqualTo(Result.DONE);
            process.settleDown();
            assertThat(world.peers.asked()).hasSize(before + 2);
        }
    }
}
