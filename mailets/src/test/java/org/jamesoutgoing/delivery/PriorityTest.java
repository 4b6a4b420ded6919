/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.MailPriorities.Scale;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.smtp.Envelope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of the mails for one next hop those of a higher priority go first. */
class PriorityTest {

    private static final String FIRST = "first@one.example";

    private final World world = new World();

    /** One mail at a time, and the first one keeps the others waiting. */
    @BeforeEach
    void oneAtATime() {
        world.limits = new Shares(1000, 1 << 26, 1);
        world.peers.answer((host, recipient) -> recipient.equals(FIRST) ? "stall" : "250 2.0.0 OK");
    }

    private static Mail mail(String recipient, Object priority) throws Exception {
        Mail mail = World.mail(recipient, "sender@here.example", recipient);
        mail.setAttribute(new Attribute(MailPrioritySupport.MAIL_PRIORITY, AttributeValue.ofAny(priority)));
        return mail;
    }

    private void stallFirst(World.Life process) throws Exception {
        process.admission.admit(World.mail("first", "sender@here.example", FIRST));
        World.soon().until(() -> world.peers.stalled() == 1);
    }

    private void goOn(World.Life process) {
        world.peers.answer((host, recipient) -> "250 2.0.0 OK");
        world.peers.goOn();
        process.settleDown();
    }

    private static void awaitInLine(World.Life process, int mails) {
        World.soon().until(() -> {
            process.dispatcher.tickNow();
            return process.dispatcher.lanes().get(0).inLine() == mails;
        });
    }

    /** Without the first one, which is asked about once more when it goes on. */
    private List<String> order() {
        return world.peers.asked().stream()
                .map(asked -> asked.replaceFirst(".* (.*)@.*", "$1"))
                .filter(recipient -> !recipient.equals("first"))
                .toList();
    }

    @Test
    void inALaneTheHigherPriorityGoesFirstAndTheEarlierOfOnePriority() throws Exception {
        try (World.Life process = world.process()) {
            stallFirst(process);
            process.admission.admit(mail("low1@one.example", 2));
            process.admission.admit(mail("low2@one.example", 2));
            process.admission.admit(World.mail("normal", "sender@here.example", "normal@one.example"));
            process.admission.admit(mail("high1@one.example", 8));
            process.admission.admit(mail("nonsense@one.example", "9"));
            process.admission.admit(mail("high2@one.example", 8));
            awaitInLine(process, 6);
            goOn(process);
        }
        assertThat(order()).containsExactly("high1", "high2", "normal", "nonsense", "low1", "low2");
    }

    @Test
    void fromTheWaitingRoomTooTheHigherPriorityComesFirst() throws Exception {
        world.limits = new Shares(10, 1 << 26, 1);
        try (World.Life process = world.process()) {
            stallFirst(process);
            for (int i = 0; i < 40; i++) {
                process.admission.admit(World.mail("mail" + i, "sender@here.example", i + "@one.example"));
            }
            World.soon().until(() -> process.waitingRoom.size() >= 30);
            process.admission.admit(mail("urgent@one.example", 9));
            World.soon().until(() -> process.ledger.usage(QueueState.QUEUED).mails() == 0);
            goOn(process);
        }
        assertThat(order()).hasSize(41);
        assertThat(order().indexOf("urgent")).as("behind what was in the lane").isLessThan(10);
    }

    @ParameterizedTest
    @CsvSource({"true, 'retry,fresh,retry'", "false, 'retry,retry,fresh'"})
    void aRetryLetsOthersGoFirstWherePrioritiesAreUsed(boolean used, String order) throws Exception {
        world.priorities = MailPriorities.ofThisJames(used);
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("retry", "sender@here.example", "retry@one.example"));
            process.settleDown();
        }
        oneAtATime();
        // What the mail is, it is after a restart, too.
        try (World.Life process = world.process()) {
            stallFirst(process);
            world.clock.advance(Duration.ofMinutes(2));
            awaitInLine(process, 1);
            process.admission.admit(World.mail("fresh", "sender@here.example", "fresh@one.example"));
            awaitInLine(process, 2);
            goOn(process);
        }
        assertThat(order()).containsExactly(order.split(","));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"7", "-9", "none"})
    void eachAttemptPassesOnWhatTheClientSaid(Integer said) throws Exception { // RFC 6710 §4.1
        world.priorities = new MailPriorities(new Scale(-9, 0), true);
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(
                    said == null
                            ? World.mail("mail", "sender@here.example", "r@one.example")
                            : mail("r@one.example", said));
            process.settleDown();
        }
        try (World.Life process = world.process()) {
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
        }
        assertThat(world.peers.envelopes())
                .extracting(Envelope::mtPriority)
                .containsExactly(Optional.ofNullable(said), Optional.ofNullable(said));
    }
}
