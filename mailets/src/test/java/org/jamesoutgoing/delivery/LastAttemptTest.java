/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Guarantee 5 of mailets/README.md: a mail is given up only after a last attempt, unless its next hop cannot be tried. */
class LastAttemptTest {

    private static final int MAILS = 400;

    private final World world = new World();

    private void deferAll(World.Life process) throws Exception {
        world.peers.answer((host, recipient) -> "451 4.3.0 not now");
        for (int i = 0; i < MAILS; i++) {
            process.admission.admit(World.mail("mail" + i, "sender@here.example", "r" + i + "@there.example"));
        }
        process.settleDown();
        assertThat(world.disk.size()).isEqualTo(MAILS);
    }

    @Test
    void moreMailPastItsLifetimeThanThereIsRoomForIsAllTriedOnceMore() throws Exception {
        world.limits = new Shares(20, 1 << 26, 10);
        try (World.Life process = world.process()) {
            deferAll(process);
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            process.routes.replace(RouteChangeTest.routes(Map.of("queueLifetime", "30s")));
            world.clock.advance(Duration.ofSeconds(31));
            process.settleDown();
        }
        assertThat(world.peers.allCopies()).isEqualTo(MAILS);
        assertThat(world.spool.dsns()).isZero();
    }

    @Test
    void afterAWeekEndsStopMailPastItsLifetimeIsAllTriedOnceMore() throws Exception {
        world.limits = new Shares(20, 1 << 26, 10);
        try (World.Life process = world.process()) {
            deferAll(process);
        }
        world.clock.advance(Duration.ofDays(6));
        world.peers.answer((host, recipient) -> "250 2.1.5 OK");
        try (World.Life process = world.process()) {
            process.settleDown();
        }
        assertThat(world.peers.allCopies()).isEqualTo(MAILS);
        assertThat(world.spool.dsns()).isZero();
    }

    @Test
    void mailPastItsLifetimeIsGivenUpWhenItsNextHopTurnsOutToBeDown() throws Exception {
        world.limits = new Shares(20, 1 << 26, 10);
        world.dsnLimit = Optional.empty();
        try (World.Life process = world.process()) {
            deferAll(process);
            world.peers.answer((host, recipient) -> "connect");
            world.clock.advance(Duration.ofDays(6));
            process.settleDown();
            World.soon().until(() -> world.spool.dsns() == MAILS);
        }
        assertThat(world.disk.size()).isZero();
    }

    @Test
    void aLastAttemptThatGivesWayToOthersAtOnceIsNone() throws Exception {
        world.limits = new Shares(200, 1 << 26, 8);
        world.peers.answer((host, recipient) -> "451 4.3.0 not now");
        try (World.Life process = world.process()) {
            for (int i = 0; i < 40; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r@slow" + i + ".example"));
            }
            process.settleDown();
        }
        world.clock.advance(Duration.ofDays(6));
        world.peers.answer((host, recipient) -> null);
        try (World.Life process = world.process()) {
            int before = world.peers.asked().size();
            for (int tick = 0; tick < 40; tick++) {
                world.clock.advance(Duration.ofMillis(100));
                process.standStill();
            }
            assertThat(world.peers.asked()).as("some gave way").hasSizeGreaterThan(before + 8);
            assertThat(world.spool.dsns()).isZero();
        }
        assertThat(world.disk.size()).isEqualTo(40);
    }

    @Test
    void aLastAttemptThatAStopEndsIsNone() throws Exception {
        world.route = RouteChangeTest.routes(Map.of("maxAttempts", "1", "resendDelays", "1m"))
                .of("there.example");
        world.peers.answer((host, recipient) -> null);
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", "bob@there.example"));
            World.soon().until(() -> world.peers.unanswered() == 1);
        }
        assertThat(world.spool.dsns()).isZero();
        assertThat(world.queue.size() + world.disk.size()).isEqualTo(1);
    }

    @Test
    void aSenderIsToldOfADelayWhileTheLaneOfHisMailIsFull() throws Exception {
        world.limits = new Shares(20, 1 << 26, 10);
        try (World.Life process = world.process()) {
            deferAll(process);
            world.peers.answer((host, recipient) -> "451 4.3.0 not now");
            world.clock.advance(Duration.ofHours(4).plusMinutes(1));
            process.settleDown();
            World.soon().until(() -> process.ledger.mails("").stream()
                    .allMatch(mail -> mail.delayTold().isPresent()));
        }
    }
}
