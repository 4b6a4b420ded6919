/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.queue.QueueState;
import org.junit.jupiter.api.Test;

/** Mail that James has accepted is never lost because the queue is full. */
class OverflowTest {

    private static final QueueLimits FIVE = new QueueLimits(5, 0, 0, 0);

    private final World world = new World();
    private final List<String> elsewhere = new ArrayList<>();

    private Admission.Policy policy(Admission.WhenFull whenFull) {
        return new Admission.Policy(() -> FIVE, whenFull, this::elsewhere, mail -> {});
    }

    private void elsewhere(Mail mail, String processor) {
        elsewhere.add(processor + " " + mail.getRecipients()
                + mail.getAttribute(Admission.RESERVATION)
                        .map(any -> " reserved")
                        .orElse(""));
    }

    private void admit(World.Life process, int mails) throws Exception {
        for (int i = 0; i < mails; i++) {
            process.admission.admit(World.mail("mail" + i, "sender@here.example", "r" + i + "@there.example"));
        }
    }

    @Test
    void overflowWaitsIsTriedByNobodyAndIsAdmittedBelowFourFifths() throws Exception {
        world.policy = policy(new Admission.WhenFull.Overflow());
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            admit(process, 20);
            process.settleDown();
            assertThat(process.ledger.usage().mails()).isEqualTo(5);
            assertThat(process.ledger.usage(QueueState.OVERFLOW).mails()).isEqualTo(15);
            assertThat(world.peers.asked()).hasSize(5);

            process.waitingRoom.admitOverflow(FIVE.forOverflow());
            assertThat(process.ledger.usage(QueueState.OVERFLOW).mails()).isEqualTo(15);

            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            for (int round = 0; round < 10; round++) {
                world.clock.advance(Duration.ofMinutes(5));
                process.settleDown();
                process.waitingRoom.admitOverflow(FIVE.forOverflow());
                assertThat(process.ledger.usage().mails()).isLessThanOrEqualTo(4);
            }
            process.settleDown();
            assertThat(world.peers.allCopies()).isEqualTo(20);
            assertThat(world.disk.size()).isZero();
        }
    }

    @Test
    void overflowSurvivesAKillAndIsDeliveredOnce() throws Exception {
        world.policy = policy(new Admission.WhenFull.Overflow());
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        World.Life process = world.process();
        admit(process, 12);
        process.settleDown();
        process.abandon();

        world.peers.answer((host, recipient) -> "250 2.1.5 OK");
        try (World.Life next = world.process()) {
            World.soon().until(() -> next.ledger.unread() == 0);
            assertThat(next.ledger.usage(QueueState.OVERFLOW).mails()).isEqualTo(7);
            for (int round = 0; round < 10; round++) {
                world.clock.advance(Duration.ofMinutes(5));
                next.settleDown();
                next.waitingRoom.admitOverflow(FIVE.forOverflow());
            }
            next.settleDown();
        }
        for (int i = 0; i < 12; i++) {
            assertThat(world.peers.copies("r" + i + "@there.example")).isEqualTo(1);
        }
    }

    @Test
    void theLifetimeOfOverflowGoesOnAndItsSenderIsTold() throws Exception {
        world.policy = new Admission.Policy(
                () -> new QueueLimits(0, 1, 0, 0), new Admission.WhenFull.Overflow(), this::elsewhere, mail -> {});
        try (World.Life process = world.process()) {
            admit(process, 1);
            for (int day = 0; day < 6; day++) {
                world.clock.advance(Duration.ofDays(1));
                process.settleDown();
            }
            assertThat(world.peers.asked()).isEmpty();
            assertThat(world.disk.size()).isZero();
            assertThat(world.spool.toldAbout("r0@there.example")).isTrue();
        }
    }

    @Test
    void retriesAreNeverRefused() throws Exception {
        QueueLimits[] limits = {QueueLimits.NONE};
        world.policy =
                new Admission.Policy(() -> limits[0], new Admission.WhenFull.Overflow(), this::elsewhere, mail -> {});
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            admit(process, 20);
            process.settleDown();
            limits[0] = new QueueLimits(1, 1, 1, 1);
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.clock.advance(Duration.ofMinutes(5));
            process.settleDown();
            assertThat(world.peers.allCopies()).isEqualTo(20);
        }
    }

    @Test
    void whereTheQueueIsToFailTheSenderIsTold() throws Exception {
        world.policy = policy(new Admission.WhenFull.Fail());
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            admit(process, 6);
            process.settleDown();
            assertThat(process.ledger.usage().mails()).isEqualTo(5);
            assertThat(world.spool.dsns()).isEqualTo(1);
            assertThat(world.spool.handed().get(0).text())
                    .contains("Final-Recipient: rfc822; r5@there.example", "Action: failed", "Status: 5.3.1");
            assertThat(world.disk.size()).isEqualTo(5);
        }
    }

    @Test
    void anotherProcessorMayTakeWhatFindsNoRoom() throws Exception {
        world.policy = policy(new Admission.WhenFull.HandOver("full"));
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            admit(process, 6);
            process.settleDown();
            assertThat(elsewhere).containsExactly("full [r5@there.example]");
            assertThat(world.disk.size()).isEqualTo(5);
        }
    }
}
