/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.QueueLimits;
import org.junit.jupiter.api.Test;

/** {@code adoptQueue}: the mail of another queue is taken over, not lost, and not doubled but by a crash. */
class QueueAdoptionTest {

    private static final String THERE = "there@one.example";
    private static final String ELSEWHERE = "elsewhere@two.example";

    private World world = new World();
    private DurableQueue other = adopted(world);

    private static DurableQueue adopted(World world) {
        DurableQueue queue = new DurableQueue();
        world.adopted = Optional.of(queue);
        return queue;
    }

    /** As RemoteDelivery leaves it. */
    private void leave(String name, String... recipients) throws Exception {
        other.asSeenBy(Halt.never()).enQueue(World.mail(name, "sender@here.example", recipients));
    }

    @Test
    void whatIsInItAndWhatComesLaterIsDelivered() throws Exception {
        leave("mail", THERE, ELSEWHERE);
        try (World.Life process = world.process()) {
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isOne();
            assertThat(world.peers.copies(ELSEWHERE)).isOne();
            leave("due later", THERE);
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isEqualTo(2);
        }
        assertThat(world.disk.size()).isZero();
    }

    @Test
    void noLimitTurnsItAway() throws Exception {
        world.policy = new Admission.Policy(
                () -> new QueueLimits(1, 0, 0, 0), new Admission.WhenFull.Fail(), (mail, processor) -> {}, mail -> {});
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        for (int i = 0; i < 20; i++) {
            leave("mail" + i, THERE);
        }
        try (World.Life process = world.process()) {
            process.settleDown();
            assertThat(world.disk.size()).isEqualTo(20);
            assertThat(process.ledger.usage().mails()).isEqualTo(20);
            assertThat(world.spool.handed()).isEmpty();
        }
    }

    @Test
    void itIsAsOldAsItIs() throws Exception {
        Mail mail = World.mail("mail", "sender@here.example", THERE);
        mail.setLastUpdated(Date.from(world.clock.instant().minus(Duration.ofDays(5))));
        other.asSeenBy(Halt.never()).enQueue(mail);
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.settleDown();
        }
        assertThat(world.spool.toldAbout(THERE)).isTrue();
    }

    @Test
    void itGoesThroughTheWaitingRoomWhileTheOutgoingQueueRefuses() throws Exception {
        world.queue.refuse(true);
        leave("mail", THERE);
        try (World.Life process = world.process()) {
            World.soon().until(() -> world.peers.copies(THERE) == 1 && world.disk.size() == 0);
        }
        assertThat(other.size()).isZero();
    }

    @Test
    void whatIsAdmittedAndCannotBeAcknowledgedIsNotAdmittedAgain() throws Exception {
        leave("mail", THERE);
        other.refuse(true);
        try (World.Life process = world.process()) {
            World.soon().until(() -> world.peers.copies(THERE) == 1);
            other.refuse(false);
            other.redeliver();
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isOne();
        }
    }

    @Test
    void aQueueThatFailsToReadIsReadAgain() throws Exception {
        other.failReads(2);
        leave("mail", THERE);
        try (World.Life process = world.process()) {
            World.soon().until(() -> world.peers.copies(THERE) == 1);
        }
    }

    @Test
    void whatALaterVersionHasWrittenStaysThere() throws Exception {
        Mail later = World.mail("later", "sender@here.example", ELSEWHERE);
        later.setAttribute(
                new Attribute(AttributeName.of("outgoing-state"), AttributeValue.of("{\"format\":1000000}")));
        other.asSeenBy(Halt.never()).enQueue(later);
        leave("mail", THERE);
        try (World.Life process = world.process()) {
            World.soon().until(() -> world.peers.copies(THERE) == 1);
        }
        assertThat(other.size()).isOne();
        assertThat(other.givenBack()).isZero();
        assertThat(world.peers.asked()).noneMatch(asked -> asked.endsWith(ELSEWHERE));
    }

    /** Guarantees 1 and 2. */
    @Test
    void nothingIsLostAndLittleDoubledWhereverTheProcessWasKilled() throws Exception {
        int steps = 0;
        for (int lastStep = 0; lastStep <= steps || steps == 0; lastStep++) {
            world = new World();
            other = adopted(world);
            leave("mail", THERE, ELSEWHERE);
            Halt halt = steps == 0 ? Halt.never() : Halt.after(lastStep);
            World.Life killed = world.new Life(halt).start();
            killed.settleDown();
            killed.abandon();
            try (World.Life restarted = world.process()) {
                restarted.settleDown();
            }
            assertThat(world.peers.copies(THERE))
                    .as("killed after %d", lastStep)
                    .isBetween(1, 2);
            assertThat(world.peers.copies(ELSEWHERE))
                    .as("killed after %d", lastStep)
                    .isBetween(1, 2);
            assertThat(other.size()).isZero();
            assertThat(world.disk.size()).isZero();
            steps = Math.max(steps, halt.steps());
        }
        assertThat(steps).isGreaterThan(4);
    }
}
