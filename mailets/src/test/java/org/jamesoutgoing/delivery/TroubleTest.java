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
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoutes;
import org.junit.jupiter.api.Test;

/** Broker, disk and spool in trouble: nothing bounces, nothing is lost, delivery goes on by itself. */
class TroubleTest {

    private static final String THERE = "there@one.example";
    private final World world = new World();

    private static Mail mail() throws Exception {
        return World.mail("mail", "sender@here.example", THERE);
    }

    @Test
    void aQueueThatFailsToReadIsReadAgain() throws Exception {
        world.queue.failReads(2);
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            World.soon().until(() -> world.peers.copies(THERE) == 1);
        }
    }

    /** Given back again and again, a broker would sort it out: ActiveMQ after six times. */
    @Test
    void aMailThatALaterVersionPutIntoTheQueueStaysThere() throws Exception {
        Mail later = World.mail("later", "sender@here.example", "other@there.example");
        later.setAttribute(
                new Attribute(AttributeName.of("outgoing-state"), AttributeValue.of("{\"format\":1000000}")));
        world.queue.asSeenBy(Halt.never()).enQueue(later);
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            World.soon().until(() -> world.peers.copies(THERE) == 1);
            process.dispatcher.tickNow();
            assertThat(world.queue.givenBack()).isZero();
            assertThat(process.ledger.unread()).as("counted").isOne();
            assertThat(process.dispatcher.unreadable())
                    .singleElement()
                    .asString()
                    .endsWith("its state has format 1000000, written by a later version; this one reads up to 1");
        }
        assertThat(world.queue.size()).isOne();
        assertThat(world.peers.asked()).noneMatch(asked -> asked.endsWith("other@there.example"));
        assertThat(world.spool.handed()).isEmpty();
        assertThat(world.disk.size()).isZero();
    }

    @Test
    void mailIsAdmittedThroughTheWaitingRoomWhileTheBrokerRefuses() throws Exception {
        world.queue.refuse(true);
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            World.soon().until(() -> world.peers.copies(THERE) == 1 && world.disk.size() == 0);
        }
    }

    @Test
    void mailWhoseAcknowledgementTheBrokerDidNotTakeIsNotDeliveredAgain() throws Exception {
        try (World.Life process = world.process()) {
            world.peers.answer((host, recipient) -> {
                world.queue.refuse(true);
                return "250 2.0.0 OK";
            });
            process.admission.admit(mail());
            World.soon().until(() -> world.peers.copies(THERE) == 1 && process.dispatcher.isIdle());
            world.queue.refuse(false);
            world.queue.redeliver();
            World.soon().until(() -> world.queue.size() == 0);
            assertThat(world.peers.copies(THERE)).isEqualTo(1);
        }
    }

    @Test
    void whatIsDeferredWhileTheDiskIsFullIsParkedWhenThereIsRoomAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        world.disk.full(true);
        try (World.Life process = world.process()) {
            world.peers.answer((host, recipient) -> {
                asked.incrementAndGet();
                return "450 4.2.1 later";
            });
            process.admission.admit(mail());
            World.soon().until(() -> asked.get() == 1);
            assertThat(world.queue.size())
                    .as("not acknowledged before it is parked")
                    .isEqualTo(1);
            world.disk.full(false);
            World.soon().until(() -> world.disk.size() == 1 && world.queue.size() == 0);
            assertThat(asked).hasValue(1);
            assertThat(world.spool.handed()).isEmpty();
        }
    }

    @Test
    void mailThatCannotBeDeferredOnAFullDiskLeavesRoomForMailThatCanBeDelivered() throws Exception {
        world.limits = new Shares(10, 1 << 26, 10);
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            for (int i = 0; i < 40; i++) {
                String domain = i < 30 ? "bad.example" : "good.example";
                process.admission.admit(World.mail("mail" + i, "sender@here.example", "r" + i + "@" + domain));
            }
            process.settleDown();
            world.disk.full(true);
            world.peers.answer((host, recipient) -> recipient.contains("good") ? "250 2.0.0 OK" : "450 4.2.1 later");
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
            assertThat(world.peers.allCopies()).isEqualTo(10);
            int asked = world.peers.asked().size();
            process.settleDown();
            assertThat(world.peers.asked()).as("not again at once").hasSize(asked);

            world.disk.full(false);
            world.peers.answer((host, recipient) -> "250 2.0.0 OK");
            world.clock.advance(Duration.ofHours(1));
            process.settleDown();
            assertThat(world.peers.allCopies()).isEqualTo(40);
        }
        assertThat(world.disk.size()).isZero();
    }

    @Test
    void aDsnThatTheSpoolDoesNotTakeIsKeptAndSentLater() throws Exception {
        world.spool.refuse(true);
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        World.Life killed = world.process();
        killed.admission.admit(mail());
        World.soon().until(() -> world.disk.size() == 1 && world.queue.size() == 0);
        killed.abandon();
        world.spool.refuse(false);
        try (World.Life process = world.process()) {
            world.clock.advance(Duration.ofMinutes(2));
            World.soon().until(() -> world.spool.dsns() == 1 && world.disk.size() == 0);
            assertThat(world.spool.toldAbout(THERE)).isTrue();
            assertThat(world.peers.asked())
                    .as("the recipient is not tried again")
                    .hasSize(1);
            process.settleDown();
        }
    }

    @Test
    void anUnexpectedExceptionDefers() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        world.peers.answer((host, recipient) -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug");
            }
            return "250 2.0.0 OK";
        });
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            World.soon().until(() -> world.disk.size() == 1);
            world.clock.advance(Duration.ofMinutes(2));
            World.soon().until(() -> world.peers.copies(THERE) == 1 && world.disk.size() == 0);
            assertThat(world.spool.handed()).isEmpty();
        }
    }

    @Test
    void aStopGivesBackWhatIsNotFinished() throws Exception {
        world.peers.answer((host, recipient) -> null);
        World.Life stopped = world.process();
        for (int i = 0; i < 40; i++) {
            stopped.admission.admit(World.mail("mail" + i, "sender@here.example", "r" + i + "@one.example"));
        }
        World.soon().until(() -> !world.peers.asked().isEmpty());
        stopped.close();
        assertThat(world.queue.size() + world.disk.size()).isEqualTo(40);
        world.peers.answer((host, recipient) -> "250 2.0.0 OK");
        world.clock.advance(Duration.ofMinutes(10));
        try (World.Life process = world.process()) {
            World.soon().until(() -> world.peers.allCopies() == 40);
            process.settleDown();
            assertThat(world.queue.size() + world.disk.size()).isZero();
        }
        assertThat(world.peers.allCopies()).isEqualTo(40);
    }

    @Test
    void theBounceProcessorGetsWhatRemoteDeliveryLeavesOnTheMail() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer((host, recipient) ->
                recipient.startsWith("full") ? "552 5.2.2 mailbox full" : "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.admission.admit(
                    World.mail("mail", "sender@here.example", "a@one.example", "b@one.example", "full@one.example"));
            World.soon().until(() -> world.spool.handed().size() == 2);
            process.settleDown();
        }
        Spool.Handed unknown = world.spool.handed().get(0);
        assertThat(unknown.state()).isEqualTo("bounces");
        assertThat(unknown.recipients()).containsExactlyInAnyOrder("a@one.example", "b@one.example");
        assertThat(unknown.error()).contains("550 5.1.1 no such user");
        assertThat(unknown.code()).contains(550);
        assertThat(unknown.permanent()).contains(true);
        assertThat(unknown.withOurState()).isFalse();
        assertThat(world.spool.handed().get(1).code()).contains(552);
    }

    @Test
    void theSuccessProcessorGetsTheMailWithTheRecipientsThatWereAccepted() throws Exception {
        world.onSuccess = Optional.of("sent");
        world.peers.answer((host, recipient) -> recipient.startsWith("no") ? "450 4.2.1 later" : "250 2.0.0 OK");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", "yes@one.example", "no@one.example"));
            World.soon().until(() -> world.spool.handed().size() == 1);
            process.settleDown();
        }
        assertThat(world.spool.handed().get(0).state()).isEqualTo("sent");
        assertThat(world.spool.handed().get(0).recipients()).containsExactly("yes@one.example");
    }

    @Test
    void explicitRetriesGiveUpAfterTheirNumberAsRemoteDeliveryDoes() throws Exception {
        Map<String, String> options =
                Map.of("resendDelays", "5s", "resendJitter", "0", "maxAttempts", "3", "queueLifetime", "365d");
        world.route = new LayeredRoutes(
                        new RouteAssembler(), OptionValues.of(options), "here.example", StaticRoutes.NONE)
                .of(RouteName.DEFAULT);
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            process.settleDown();
            for (int i = 0; i < 10; i++) {
                world.clock.advance(Duration.ofSeconds(6));
                process.settleDown();
            }
        }
        assertThat(world.peers.asked()).hasSize(3);
        assertThat(world.spool.toldAbout(THERE)).isTrue();
        assertThat(world.disk.size()).isZero();
    }
}
