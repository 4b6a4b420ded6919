/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Guarantee 3 of the design: one slow, dead or hostile next hop does not slow the others. */
class FairnessTest {

    private final World world = new World();

    @Test
    void hostsThatNeverAnswerDoNotStopOtherMail() throws Exception {
        world.limits = new Dispatcher.Limits(200, 1 << 26, 100);
        world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "250 2.0.0 OK");
        try (World.Life process = world.process()) {
            for (int i = 0; i < 2000; i++) {
                String recipient = i % 10 == 0
                        ? "silent" + i + "@silent" + (i / 10) % 20 + ".example"
                        : "good" + i + "@good" + i % 7 + ".example";
                process.admission.admit(World.mail("mail" + i, "sender@here.example", recipient));
            }
            World.soon().until(() -> world.peers.allCopies() == 1800);
        }
    }

    @Test
    void moreMailThanFitsIntoTheActiveSetForOneHostIsAllDelivered() throws Exception {
        world.limits = new Dispatcher.Limits(20, 1 << 26, 10);
        try (World.Life process = world.process()) {
            for (int i = 0; i < 500; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r" + i + "@one.example"));
            }
            World.soon().until(() -> world.peers.allCopies() == 500);
            process.settleDown();
        }
        assertThat(world.queue.size() + world.disk.size()).isZero();
    }

    @Test
    void aNextHopThatCannotBeReachedIsProbedByOneMailAndItsMailLeavesWhenItIsBack() throws Exception {
        world.peers.answer((host, recipient) -> "connect");
        try (World.Life process = world.process()) {
            for (int i = 0; i < 100; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r" + i + "@one.example"));
            }
            process.settleDown();
            int asked = world.peers.asked().size();
            assertThat(asked).as("not one connection for each mail").isLessThan(20);
            assertThat(world.disk.size()).isEqualTo(100);
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
            assertThat(world.peers.asked().size() - asked).as("a probe").isEqualTo(1);
            world.peers.answer((host, recipient) -> "250 2.0.0 OK");
            world.clock.advance(Duration.ofMinutes(6));
            process.settleDown();
            World.soon().until(() -> world.peers.allCopies() == 100);
        }
    }

    @Test
    void theSenderIsToldAndTheMailGivenUpThoughItsNextHopIsNotTried() throws Exception {
        world.peers.answer((host, recipient) -> "connect");
        try (World.Life process = world.process()) {
            for (int i = 0; i < 30; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r" + i + "@one.example"));
            }
            process.settleDown();
            world.clock.advance(Duration.ofHours(4).plusMinutes(1));
            process.settleDown();
            World.soon().until(() -> world.spool.dsns() == 30);
            world.clock.advance(Duration.ofDays(5));
            process.settleDown();
            World.soon().until(() -> world.spool.dsns() == 60);
        }
        assertThat(world.disk.size()).isZero();
    }
}
