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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jamesoutgoing.queue.QueueState;
import org.junit.jupiter.api.Test;

/** Guarantee 3 of mailets/README.md: one slow, dead or hostile next hop does not slow the others. */
class FairnessTest {

    private final World world = new World();

    @Test
    void hostsThatNeverAnswerDoNotStopOtherMail() throws Exception {
        world.limits = new Shares(200, 1 << 26, 100);
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
        world.limits = new Shares(20, 1 << 26, 10);
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

    /** One silent provider with a host name for each tenant, and mail for all of them due after a start. */
    @Test
    void goodMailLeavesWithinTwoSecondsWhileManyNextHopsAreSilent() throws Exception {
        world.limits = new Shares(200, 1 << 26, 100);
        world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "250 2.0.0 OK");
        world.suspensions = new Suspensions(
                Optional.of(new Suspension("until the start", Instant.EPOCH, Optional.empty())), Map.of(), Map.of());
        try (World.Life process = world.process()) {
            for (int i = 0; i < 1000; i++) {
                process.admission.admit(
                        World.mail("mail" + i, "sender@here.example", "silent" + i + "@tenant" + i % 100 + ".example"));
            }
            process.settleDown();
        }
        world.suspensions = Suspensions.NONE;
        try (World.Life process = world.process()) {
            World.soon().until(() -> world.peers.asked().size() >= 50);
            for (int good = 1; good <= 20; good++) {
                process.admission.admit(
                        World.mail("good" + good, "sender@here.example", "good@new" + good + ".example"));
                World.soon().until(() -> process.ledger.usage(QueueState.QUEUED).mails() == 0);
                for (int tick = 0; tick < 20; tick++) {
                    world.clock.advance(Duration.ofMillis(100));
                    process.standStill();
                }
                assertThat(world.peers.allCopies()).isEqualTo(good);
            }
            assertThat(world.disk.size()).as("nothing is given up").isEqualTo(1000);
        }
        assertThat(world.spool.dsns()).isZero();
    }

    @Test
    void silentNextHopsHaveTheirTurnWhenNobodyElseWantsTheirPlaces() throws Exception {
        world.limits = new Shares(100, 1 << 26, 10);
        world.peers.answer((host, recipient) -> null);
        try (World.Life process = world.process()) {
            for (int i = 0; i < 30; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r@slow" + i + ".example"));
            }
            process.standStill();
            for (int tick = 0; tick < 100; tick++) {
                world.clock.advance(Duration.ofMillis(100));
                process.standStill();
            }
            assertThat(Set.copyOf(world.peers.asked())).as("each had its turn").hasSize(30);
            int asked = world.peers.asked().size();
            for (int second = 0; second < 60; second++) {
                world.clock.advance(Duration.ofSeconds(1));
                process.standStill();
            }
            assertThat(world.peers.asked()).as("ten seconds for each try").hasSizeLessThanOrEqualTo(asked + 10 * 7);
        }
    }

    /** Who answers later than others is not silent; and new next hops have their share however busy the known ones are. */
    @Test
    void aSlowNewNextHopIsDeliveredToWhileAllOthersAreBusy() throws Exception {
        world.limits = new Shares(200, 1 << 26, 16);
        world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "250 2.0.0 OK");
        try (World.Life process = world.process()) {
            for (int i = 0; i < 40; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r@busy" + i + ".example"));
            }
            process.settleDown();
            world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "stall");
            for (int i = 0; i < 120; i++) {
                process.admission.admit(World.mail("more" + i, "sender@here.example", "r@busy" + i % 40 + ".example"));
            }
            World.soon().until(() -> world.peers.stalled() >= 14);
            process.admission.admit(World.mail("slow", "sender@here.example", "silent@slow.example"));
            World.soon().until(() -> {
                world.clock.advance(Duration.ofMillis(100));
                process.dispatcher.tickNow();
                world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "250 2.0.0 OK");
                world.peers.goOn();
                world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "stall");
                return world.peers.asked().contains("mx.slow.example silent@slow.example");
            });
            for (int round = 0; round < 20; round++) {
                world.clock.advance(Duration.ofSeconds(1));
                process.dispatcher.tickNow();
                world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "250 2.0.0 OK");
                world.peers.goOn();
                world.peers.answer((host, recipient) -> recipient.startsWith("silent") ? null : "stall");
            }
            long tries = world.peers.asked().stream()
                    .filter(asked -> asked.contains("silent@"))
                    .count();
            assertThat(tries).as("half a second, and then ten").isBetween(1L, 2L);
        }
    }

    @Test
    void aNextHopThatIsSlowOnceIsDeliveredToBesideManySilentOnes() throws Exception {
        world.limits = new Shares(200, 1 << 26, 16);
        AtomicBoolean awake = new AtomicBoolean();
        world.peers.answer((host, recipient) -> recipient.startsWith("slow") && awake.get() ? "250 2.0.0 OK" : null);
        try (World.Life process = world.process()) {
            for (int i = 0; i < 120; i++) {
                process.admission.admit(
                        World.mail("mail" + i, "sender@here.example", "r@silent" + i % 60 + ".example"));
            }
            process.admission.admit(World.mail("slow", "sender@here.example", "slow@slow.example"));
            World.soon().until(() -> {
                world.clock.advance(Duration.ofMillis(100));
                process.standStill();
                return world.peers.asked().contains("mx.slow.example slow@slow.example");
            });
            awake.set(true);
            int seconds = 0;
            while (world.peers.allCopies() == 0 && seconds++ < 300) {
                world.clock.advance(Duration.ofSeconds(1));
                process.standStill();
            }
            assertThat(world.peers.copies("slow@slow.example")).isEqualTo(1);
        }
    }

    @Test
    void aHostThatHadItsTimeIsFollowedByTheNextOneThoughOthersWantThePlace() throws Exception {
        world.limits = new Shares(200, 1 << 26, 4);
        world.peers.answer((host, recipient) -> host.equals("127.0.0.8") ? "250 2.0.0 OK" : null);
        try (World.Life process = world.process()) {
            process.routes.replace(
                    RouteChangeTest.routes(Map.of("relayHosts", "127.0.0.7, 127.0.0.8", "loadBalancing", "false")));
            process.admission.admit(World.mail("mail", "sender@here.example", "bob@there.example"));
            for (int i = 0; i < 20; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r@silent" + i + ".example"));
            }
            for (int second = 0; second < 300 && world.peers.allCopies() == 0; second++) {
                world.clock.advance(Duration.ofSeconds(1));
                process.standStill();
            }
            assertThat(world.peers.copies("bob@there.example")).isEqualTo(1);
        }
    }

    @Test
    void knownHostsThatHangGiveWayToNewOnes() throws Exception {
        world.limits = new Shares(200, 1 << 26, 16);
        try (World.Life process = world.process()) {
            for (int i = 0; i < 20; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r@known" + i + ".example"));
            }
            process.settleDown();
            world.peers.answer((host, recipient) -> host.contains("known") ? null : "250 2.0.0 OK");
            for (int i = 0; i < 60; i++) {
                process.admission.admit(World.mail("more" + i, "sender@here.example", "r@known" + i % 20 + ".example"));
            }
            World.soon().until(() -> world.peers.unanswered() == 16);
            process.admission.admit(World.mail("new", "sender@here.example", "r@new.example"));
            World.soon().until(() -> process.ledger.usage(QueueState.QUEUED).mails() == 0);
            for (int tick = 0; tick < 120; tick++) {
                world.clock.advance(Duration.ofMillis(100));
                process.standStill();
            }
            assertThat(world.peers.copies("r@new.example")).isEqualTo(1);
        }
    }

    @Test
    void aHostThatNobodyElseWaitsForHasAllItsTime() throws Exception {
        world.limits = new Shares(10, 1 << 26, 1);
        world.peers.answer((host, recipient) -> null);
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", "r@slow.example"));
            World.soon().until(() -> world.peers.unanswered() == 1);
            for (int second = 0; second < 120; second++) {
                world.clock.advance(Duration.ofSeconds(1));
                process.dispatcher.tickNow();
            }
            assertThat(world.peers.asked()).hasSize(1);
        }
    }

    @Test
    void theBoundOfTheActiveSetHoldsForMailThatIsBeingFetchedToo() throws Exception {
        world.limits = new Shares(10, 1 << 26, 10);
        world.peers.answer((host, recipient) -> "451 4.3.0 not now");
        try (World.Life process = world.process()) {
            for (int i = 0; i < 300; i++) {
                process.admission.admit(
                        World.mail("mail" + i, "sender@here.example", "r" + i + "@one" + i % 50 + ".example"));
            }
            process.settleDown();
            world.disk.holdReads();
            // Due, and their senders are to be told of the delay.
            world.clock.advance(Duration.ofHours(5));
            for (int i = 0; i < 20; i++) {
                process.dispatcher.tickNow();
            }
            int left = process.waitingRoom
                    .takeDue(world.clock.instant(), 1000, any -> true)
                    .size();
            assertThat(300 - left).as("taken").isBetween(1, 10);
            world.disk.letReadsGo();
        }
    }
}
