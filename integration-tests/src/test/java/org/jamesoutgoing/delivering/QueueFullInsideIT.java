/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamesoutgoing.delivering.Soon.nothingIsLeft;
import static org.jamesoutgoing.delivering.Soon.soon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.ImapInbox;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mail that a user submits by JMAP is inside James already when the outgoing queue turns out to be full: it is not
 * refused, but goes the way of {@code queueFullAction}. One James has a service for each action.
 */
class QueueFullInsideIT {

    private static final String ALICE = "alice@james.test";
    private static final String BOB = "bob@james.test";
    private static final String CAROL = "carol@senders.test";
    private static final String KEPT = "durable://var/mail/full/";
    private static final int ROOM = 20;
    private static final int OVERFLOW = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A service for the mails to one domain. */
    private enum Service {
        OVERFLOWING("overflowing", "overflow", ROOM),
        FAILING("failing", "fail", 1),
        HANDING_OVER("handing-over", "processor:full", 1);

        final String queue;
        final String action;
        final int room;

        Service(String queue, String action, int room) {
            this.queue = queue;
            this.action = action;
            this.room = room;
        }

        String domain() {
            return queue + ".test";
        }

        String recipient(Object name) {
            return name + "@" + domain();
        }

        String mailet(ReceivingServer receiver) {
            return """
                    <mailet match="HostIs=%s" class="%s">
                      <outgoing>%s</outgoing>
                      <relayHosts>127.0.0.1:%d</relayHosts>
                      <resendDelays>1s</resendDelays>
                      <maxQueueMails>%d</maxQueueMails>
                      <queueFullAction>%s</queueFullAction>
                    </mailet>"""
                    .formatted(domain(), JamesSetup.MAILET, queue, receiver.port(), room, action);
        }
    }

    /** A James whose every service is full, but for what the receiver takes in the end. */
    private record Full(JamesServer james, ReceivingServer receiver) {

        static JamesSetup setup(Queue queue, ReceivingServer receiver) {
            StringBuilder services = new StringBuilder("<processor state=\"relay\" enableJmx=\"true\">");
            for (Service service : Service.values()) {
                services.append(service.mailet(receiver));
            }
            return JamesSetup.james()
                    .queue(queue)
                    .protocols(Protocol.values())
                    .user(ALICE, "secret")
                    .user(BOB, "secret")
                    .withExtensionLines()
                    .change("mailetcontainer.xml", text -> text.replace(
                                    "<processor state=\"relay\" enableJmx=\"true\">", services)
                            .replace(
                                    "</processors>",
                                    "<processor state=\"full\"><mailet match=\"All\" class=\"ToRepository\">"
                                            + "<repositoryPath>" + KEPT
                                            + "</repositoryPath></mailet></processor></processors>"));
        }

        void fill(Service service) throws Exception {
            try (SmtpSender smtp = james.smtp()) {
                for (int i = 0; i < service.room; i++) {
                    String message = TestMessage.text(CAROL, "filling", "Hello.\r\n");
                    smtp.send(CAROL, List.of(service.recipient("filling" + i)), message);
                }
            }
            soon().untilAsserted(() -> assertThat(limited(service)).isEqualTo(service.room));
        }

        void takeMailTo(String recipient) {
            receiver.answer(Stage.RCPT, "<" + recipient + ">", Answer.accept());
        }

        /** The mails that a limit counts. */
        int limited(Service service) throws Exception {
            for (JsonNode each : get("/outgoing")) {
                if (each.get("queue").asText().equals(service.queue)) {
                    return each.at("/limits/mails/used").asInt();
                }
            }
            throw new AssertionError("no service of " + service.queue);
        }

        /** The first recipients of the mails in the overflow. */
        Set<String> overflow(Service service) throws Exception {
            Set<String> recipients = new HashSet<>();
            for (JsonNode mail : get("/outgoing/queue?state=overflow&queue=" + service.queue)) {
                assertThat(mail.get("state").asText()).isEqualTo("overflow");
                assertThat(mail.get("sender").asText()).isEqualTo(ALICE);
                recipients.add(mail.at("/recipients/0").asText());
            }
            return recipients;
        }

        private JsonNode get(String path) throws Exception {
            return JSON.readTree(james.webadmin("GET", path).body());
        }

        /** What Alice's mail client finds in her inbox beside her drafts. */
        List<MimeMessage> reports() throws Exception {
            List<MimeMessage> reports = new ArrayList<>();
            for (byte[] octets : ImapInbox.messages(james.imapPort(), ALICE, "secret")) {
                MimeMessage message =
                        new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(octets));
                if (message.isMimeType("multipart/report")) {
                    reports.add(message);
                }
            }
            return reports;
        }

        JmapUser alice() {
            return new JmapUser(james, ALICE, "secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void whatIsSubmittedByJmapGoesTheWayOfQueueFullAction(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start();
                JamesServer james = JamesServer.start(Full.setup(queue, receiver))) {
            receiver.answer(Stage.RCPT, Answer.reply("451 4.2.1 not now"));
            Full full = new Full(james, receiver);
            for (Service service : Service.values()) {
                full.fill(service);
            }
            waitsUntilTheQueueIsBelowFourFifthsAndHoldsUpNoLocalMail(full, Service.OVERFLOWING);
            failsAndItsSenderReadsThatTheQueueIsFull(full, Service.FAILING);
            isHandedToTheProcessorAndNobodyElse(full, Service.HANDING_OVER);
        }
    }

    private static void waitsUntilTheQueueIsBelowFourFifthsAndHoldsUpNoLocalMail(Full full, Service service)
            throws Exception {
        List<String> recipients =
                IntStream.range(0, OVERFLOW).mapToObj(service::recipient).toList();
        full.alice().submitToEach(recipients);
        full.james.send(CAROL, BOB);
        await().atMost(Patience.LIMIT)
                .untilAsserted(
                        () -> assertThat(full.james.inbox(BOB)).as("local mail").hasSize(1));
        soon().untilAsserted(() -> assertThat(full.overflow(service)).containsExactlyInAnyOrderElementsOf(recipients));

        int fourFifths = ROOM * 4 / 5;
        for (int i = fourFifths; i < ROOM; i++) {
            full.takeMailTo(service.recipient("filling" + i));
        }
        soon().untilAsserted(() -> assertThat(full.limited(service)).isEqualTo(fourFifths));
        // Two rounds of the queue's keeper, which looks after it every second.
        soon().during(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(full.overflow(service)).hasSize(OVERFLOW));
        full.takeMailTo(service.recipient("filling0"));
        soon().untilAsserted(() -> assertThat(full.overflow(service)).hasSize(OVERFLOW - 1));
        assertThat(full.limited(service)).isEqualTo(fourFifths);

        full.receiver.answer(Stage.RCPT, "@" + service.domain(), Answer.accept());
        nothingIsLeft(full.james, service.queue);
        assertThat(recipients).allSatisfy(recipient -> assertThat(full.receiver.mailsTo(recipient))
                .hasSize(1));
        assertThat(full.overflow(service)).isEmpty();
    }

    private static void failsAndItsSenderReadsThatTheQueueIsFull(Full full, Service service) throws Exception {
        String recipient = service.recipient("dave");
        full.alice().submit(recipient);
        soon().untilAsserted(() -> assertThat(full.reports()).hasSize(1));
        MimeMessage message = full.reports().get(0);
        assertThat(message.getSubject()).isEqualTo("Mail not accepted (queue full): by JMAP");
        MimeMultipart report = (MimeMultipart) message.getContent();
        assertThat(report.getBodyPart(0).getContent().toString().replaceAll("\\s+", " "))
                .contains(
                        "Your message was not accepted for delivery to the address below, because too much mail is waiting"
                                + " to be sent. It has not been sent, and we will not try again.",
                        recipient,
                        "Please send your message again later.");
        assertThat(Dsn.of(message).recipient(recipient)).hasValueSatisfying(fields -> {
            assertThat(fields).containsEntry("action", "failed");
            assertThat(fields.get("status")).matches("[45]\\.3\\.1");
        });
        assertThat(full.limited(service)).isEqualTo(service.room);
        assertThat(full.overflow(service)).isEmpty();
        assertThat(full.receiver.mailsTo(recipient)).isEmpty();
    }

    private static void isHandedToTheProcessorAndNobodyElse(Full full, Service service) throws Exception {
        full.alice().submit(service.recipient("dave"), service.recipient("erin"));
        soon().untilAsserted(() -> assertThat(full.james.repositoryKeys(KEPT)).hasSize(1));

        assertThat(full.limited(service)).isEqualTo(service.room);
        assertThat(full.overflow(service)).isEmpty();
        assertThat(full.receiver.mailsTo(service.recipient("dave"))).isEmpty();
    }
}
