/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.mail.internet.MimeMessage;
import org.apache.james.dnsservice.api.InMemoryDNSService;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.NeedsLowPorts;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The service does its job in a real James, on each queue, with the JAR alone and with every extension line set. */
class DeliveryIT {

    private static final String ALICE = "alice@james.test";

    static Stream<Arguments> servers() {
        return Stream.of(Queue.values())
                .flatMap(queue -> Stream.of(Arguments.of(queue, false), Arguments.of(queue, true)));
    }

    private static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(50));
    }

    private static JamesSetup setup(Queue queue, boolean extensionLines) {
        JamesSetup setup = JamesSetup.james().queue(queue).user(ALICE, "secret");
        return extensionLines ? setup.withExtensionLines() : setup;
    }

    @NeedsLowPorts
    @ParameterizedTest
    @MethodSource("servers")
    void theSampleConfigurationWithOnlyTheClassNameChangedDeliversThroughMailExchangers(Queue queue, boolean lines)
            throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start("127.0.0.2", 25)) {
            InMemoryDNSService dns = new InMemoryDNSService()
                    // For James's own list of clients that may relay, 127.0.0.0/8.
                    .registerMxRecord("127.0.0.0", "127.0.0.0")
                    .registerMxRecord("255.0.0.0", "255.0.0.0")
                    .registerMxRecord("127.0.0.1", "127.0.0.1")
                    .registerMxRecord("example.org", "127.0.0.2")
                    .registerMxRecord("example.net", "127.0.0.2");
            JamesSetup setup = setup(queue, lines)
                    .change(
                            "mailetcontainer.xml",
                            text -> text.replace(
                                    "OutgoingDelivery\">",
                                    "OutgoingDelivery\"><localExchangers>true</localExchangers>"));
            try (JamesServer james = JamesServer.start(setup, JamesServer.dns(dns))) {
                james.send(ALICE, "bob@example.org", "carol@example.org", "dave@example.net");
                soon().untilAsserted(() -> {
                    assertThat(receiver.mailsTo("bob@example.org")).hasSize(1);
                    assertThat(receiver.mailsTo("carol@example.org")).hasSize(1);
                    assertThat(receiver.mailsTo("dave@example.net")).hasSize(1);
                });
                assertThat(receiver.mails())
                        .as("one transaction for each domain")
                        .hasSize(2);
                assertThat(receiver.mails().get(0).header("Subject")).isEqualTo("test");
                soon().untilAsserted(() ->
                        assertThat(james.queue("outgoing").getSize()).isZero());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void mailIsRetriedUntilItIsTakenAndTheSenderIsToldOfWhatIsRefused(Queue queue, boolean lines) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "later@example.org", Answer.reply("450 4.2.1 not now"), 2);
            receiver.answer(Stage.RCPT, "nobody@example.org", Answer.reply("550 5.1.1 no such user"));
            JamesSetup setup = setup(queue, lines)
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port()
                            + "</relayHosts><resendDelays>1s</resendDelays>");
            try (JamesServer james = JamesServer.start(setup)) {
                james.send(ALICE, "bob@example.org", "later@example.org", "nobody@example.org");
                soon().untilAsserted(() -> {
                    assertThat(receiver.mailsTo("bob@example.org")).hasSize(1);
                    assertThat(receiver.mailsTo("later@example.org")).hasSize(1);
                    assertThat(james.inbox(ALICE)).hasSize(1);
                });
                List<MimeMessage> inbox = james.inbox(ALICE);
                assertThat(inbox.get(0).getContentType()).contains("multipart/report");
                soon().untilAsserted(() -> assertThat(james.repositoryKeys("durable://var/mail/outgoing-waiting"))
                        .isEmpty());
            }
        }
    }

    @Test
    void mailThatRemoteDeliveryLeftInAnotherQueueThanOutgoingQueueSaysIsTakenOver() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "bob@example.org", Answer.reply("450 4.2.1 not now"), 1);
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .outgoing("<outgoingQueue>partners</outgoingQueue><gateway>127.0.0.1</gateway><gatewayPort>"
                            + receiver.port()
                            + "</gatewayPort><delayTime>5 seconds</delayTime><maxRetries>100</maxRetries>")
                    .change("mailetcontainer.xml", text -> text.replace(JamesSetup.MAILET, "RemoteDelivery"));
            try (JamesProcess james = JamesProcess.prepare(setup)) {
                james.start();
                try (SmtpSender smtp = james.smtp()) {
                    smtp.send(ALICE, List.of("bob@example.org"), TestMessage.text(ALICE, "left", "Hello.\r\n"));
                    soon().until(() -> !receiver.connections().isEmpty());
                    smtp.send(ALICE, List.of("carol@example.org"), TestMessage.text(ALICE, "left", "Hello.\r\n"));
                    soon().until(() -> receiver.mailsTo("carol@example.org").size() == 1);
                }
                james.kill();
                // The class name, and what the warning says.
                Path configuration = james.workingDirectory().resolve("conf/mailetcontainer.xml");
                Files.writeString(
                        configuration,
                        Files.readString(configuration)
                                .replace(
                                        "\"RemoteDelivery\">",
                                        "\"" + JamesSetup.MAILET + "\"><adoptQueue>outgoing</adoptQueue>"));
                james.start();
                soon().until(() -> receiver.mailsTo("bob@example.org").size() == 1);
            }
            assertThat(receiver.mailsTo("carol@example.org")).hasSize(1);
        }
    }
}
