/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is suspended in a real James takes mail and delivers none, over restarts, until it is resumed. */
class SuspensionsIT {

    private static final String ALICE = "alice@james.test";
    private static final String BOB = "bob@far.test";
    private static final String SUSPENSIONS = "/outgoing/suspensions";

    @TempDir
    Path working;

    private ReceivingServer receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = ReceivingServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        receiver.close();
    }

    static Stream<Arguments> suspensions() {
        return Stream.of(Queue.values()).flatMap(queue -> Stream.of("/service", "/domains/FAR.test", "/hosts/127.0.0.1")
                .map(what -> Arguments.of(queue, what)));
    }

    private JamesServer james(Queue queue, String more) throws Exception {
        return JamesServer.start(
                JamesSetup.james()
                        .queue(queue)
                        .user(ALICE, "secret")
                        .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                        .withExtensionLines()
                        .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>" + more),
                working);
    }

    private void assertWaits(QueuedMails mails, String why) throws Exception {
        soon().untilAsserted(() -> assertThat(mails.states()).containsEntry(BOB, "deferred"));
        soon().untilAsserted(() ->
                assertThat(mails.list("").at("/0/reason").asText()).isEqualTo("delivery is suspended: " + why));
        assertThat(mails.list("?reason=" + why.replace(" ", "%20"))).hasSize(1);
        soon().during(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(receiver.mails()).isEmpty());
    }

    private void assertIsDelivered(QueuedMails mails) {
        soon().untilAsserted(() -> {
            assertThat(receiver.mailsTo(BOB)).hasSize(1);
            assertThat(mails.states()).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("suspensions")
    void mailIsTakenAndWaitsOverARestartUntilTheResume(Queue queue, String what) throws Exception {
        try (JamesServer james = james(queue, "")) {
            QueuedMails mails = new QueuedMails(james);
            assertThat(mails.webadmin()
                            .put(SUSPENSIONS + what, "{\"reason\": \"the other side moves\"}")
                            .status())
                    .isEqualTo(201);
            james.send(ALICE, BOB);
            assertWaits(mails, "the other side moves");
        }
        try (JamesServer james = james(queue, "")) {
            QueuedMails mails = new QueuedMails(james);
            assertWaits(mails, "the other side moves");
            assertThat(mails.webadmin().get(SUSPENSIONS).body()).contains("the other side moves");
            assertThat(mails.webadmin().send("DELETE", SUSPENSIONS + what, "").status())
                    .isEqualTo(204);
            assertIsDelivered(mails);
        }
    }

    /** They share a relay, and so a lane. */
    @Test
    void mailOfASuspendedDomainHoldsUpNoOtherAndItsRecipientsAreSplitOff() throws Exception {
        receiver.answer(Stage.RCPT, "carol@", Answer.reply("450 4.2.1 later"));
        try (JamesServer james = james(Queue.MEMORY, "<resendDelays>2s</resendDelays>");
                SmtpSender smtp = james.smtp()) {
            QueuedMails mails = new QueuedMails(james);
            mails.webadmin().put(SUSPENSIONS + "/domains/far.test", "{}");
            james.send(ALICE, BOB);
            soon().untilAsserted(() -> assertThat(mails.states()).containsEntry(BOB, "deferred"));
            james.send(ALICE, "carol@near.test");
            soon().untilAsserted(() -> assertThat(mails.states()).containsEntry("carol@near.test", "deferred"));
            smtp.send(ALICE, List.of("dave@near.test", BOB), "Subject: both\r\n\r\nHi\r\n");
            receiver.acceptAll();
            soon().untilAsserted(() -> {
                assertThat(receiver.mailsTo("carol@near.test")).hasSize(1);
                assertThat(receiver.mailsTo("dave@near.test")).hasSize(1);
            });
            assertThat(receiver.mailsTo(BOB)).isEmpty();
            mails.webadmin().send("DELETE", SUSPENSIONS + "/domains/far.test", "");
            soon().untilAsserted(() -> assertThat(receiver.mailsTo(BOB)).hasSize(2));
            assertThat(receiver.mailsTo("dave@near.test")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void whatEndsByItselfIsDeliveredThen(Queue queue) throws Exception {
        try (JamesServer james = james(queue, "")) {
            QueuedMails mails = new QueuedMails(james);
            assertThat(mails.webadmin()
                            .put(SUSPENSIONS + "/domains/far.test", "{\"for\": \"4s\"}")
                            .status())
                    .isEqualTo(201);
            james.send(ALICE, BOB);
            soon().untilAsserted(() -> assertThat(mails.states()).containsEntry(BOB, "deferred"));
            assertThat(receiver.mails()).isEmpty();
            assertIsDelivered(mails);
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void aServiceThatIsNotEnabledWaitsUntilItIsResumedForGood(Queue queue) throws Exception {
        try (JamesServer james = james(queue, "<enabled>false</enabled>")) {
            QueuedMails mails = new QueuedMails(james);
            james.send(ALICE, BOB);
            assertWaits(mails, "enabled=false");
            assertThat(mails.webadmin().get("/outgoing").at("/0/state")).isEqualTo("suspended");
            assertThat(mails.webadmin()
                            .send("DELETE", SUSPENSIONS + "/service", "")
                            .status())
                    .isEqualTo(204);
            assertIsDelivered(mails);
        }
        try (JamesServer james = james(queue, "<enabled>false</enabled>")) {
            james.send(ALICE, "carol@far.test");
            soon().untilAsserted(
                            () -> assertThat(receiver.mailsTo("carol@far.test")).hasSize(1));
            assertThat(Files.readString(working.resolve("var/outgoing-controls.json")))
                    .contains("resumed");
            assertThat(List.of(james.webadmin("GET", SUSPENSIONS).body())).noneMatch(body -> body.contains("reason"));
        }
    }
}
