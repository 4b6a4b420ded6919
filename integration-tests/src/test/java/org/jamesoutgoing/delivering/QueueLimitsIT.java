/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.nothingIsLeft;
import static org.jamesoutgoing.delivering.Soon.soon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.ImapInbox;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The outgoing queue grows no further than the administrator allows, and no mail is lost for that. */
class QueueLimitsIT {

    private static final String ALICE = "alice@james.test";
    private static final String BOB = "bob@james.test";
    /** A mailbox of this James whose mail goes to carol@example.org. */
    private static final String LIST = "list@james.test";

    private static final String CAROL = "carol@example.org";
    private static final String KEPT = "durable://var/mail/full/";
    /** Of a size beside which that of the fields which James adds, another one with each host name, does not matter. */
    private static final byte[] MESSAGE =
            TestMessage.text(ALICE, "test", "Hello.\r\n".repeat(100)).getBytes(StandardCharsets.US_ASCII);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Takes no mail for the moment. */
    private static ReceivingServer busy() throws Exception {
        ReceivingServer receiver = ReceivingServer.start();
        receiver.answer(Stage.RCPT, Answer.reply("451 4.2.1 not now"));
        return receiver;
    }

    private static JamesSetup setup(Queue queue, ReceivingServer receiver, String limits) {
        return JamesSetup.james()
                .queue(queue)
                .protocols(Protocol.SMTP, Protocol.WEBADMIN, Protocol.IMAP)
                .user(ALICE, "secret")
                .user(BOB, "secret")
                .user(LIST, "secret")
                .withExtensionLines()
                .change("mailetcontainer.xml", QueueLimitsIT::forwarding)
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>" + limits);
    }

    /** Mail to {@link #LIST} is forwarded; the processor {@code full} keeps what it gets. */
    private static String forwarding(String container) {
        String local = "<mailet match=\"RecipientIsLocal\"";
        String last = "</processors>";
        return container
                .replace(
                        local,
                        "<mailet match=\"RecipientIs=" + LIST + "\" class=\"Forward\"><forwardTo>" + CAROL
                                + "</forwardTo></mailet>" + local)
                .replace(
                        last,
                        "<processor state=\"full\"><mailet match=\"All\" class=\"ToRepository\"><repositoryPath>" + KEPT
                                + "</repositoryPath></mailet></processor>" + last);
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void atEachLimitSmtpClientsAreAskedToComeBackForOtherServersRecipientsOnly(Queue queue) throws Exception {
        String limits =
                "<resendDelays>1h</resendDelays><maxQueueMails>6</maxQueueMails><maxQueueSize>64K</maxQueueSize>"
                        + "<maxMailsPerDomain>2</maxMailsPerDomain><maxMailsPerSender>4</maxMailsPerSender>";
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits));
                SmtpSender smtp = james.smtp()) {
            james.send(ALICE, "a@example.org");
            james.send(ALICE, "b@example.org", "c@example.org");
            assertRefused(smtp, ALICE, "", "d@EXAMPLE.org", "452 4.3.1 too many mails wait for example.org: 2");
            james.send(ALICE, "a@example.net");
            james.send(ALICE, "a@example.com");
            assertRefused(smtp, ALICE, "", "b@example.net", "452 4.7.1 too many mails of " + ALICE + " wait: 4");
            assertRefused(
                    smtp, BOB, " SIZE=70000", "b@example.net", "452 4.3.1 the outgoing queue is full: 65536 octets");
            james.send(BOB, "b@example.net");
            james.send("", "b@example.com");
            assertRefused(smtp, BOB, "", "a@example.info", "452 4.3.1 the outgoing queue is full: 6 mails");
            soon().untilAsserted(() -> {
                assertThat(james.inbox(BOB)).as("local mail, never refused").hasSize(4);
                assertThat(mails(james, "deferred")).isEqualTo(6);
            });
            assertThat(mails(james, "overflow")).isZero();
        }
    }

    /** One of two recipients is refused, the local one is not, and gets the mail. */
    private static void assertRefused(SmtpSender smtp, String sender, String parameter, String remote, String reply)
            throws Exception {
        assertThat(smtp.command("MAIL FROM:<" + sender + ">" + parameter)).startsWith("250");
        assertThat(smtp.command("RCPT TO:<" + remote + ">")).isEqualTo(reply);
        assertThat(smtp.command("RCPT TO:<" + BOB + ">")).startsWith("250");
        assertThat(smtp.command("DATA")).startsWith("354");
        assertThat(smtp.data(MESSAGE)).startsWith("250");
    }

    static Stream<Arguments> limits() {
        return Stream.of(Queue.values())
                .flatMap(queue -> Stream.of("maxQueueMails", "maxMailsPerDomain", "maxMailsPerSender")
                        .map(limit -> Arguments.of(queue, limit)));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void sixteenClientsAtOnceDoNotExceedALimitByOneMail(Queue queue, String limit) throws Exception {
        String limits = "<resendDelays>1h</resendDelays><" + limit + ">20</" + limit + ">";
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits))) {
            List<Future<Integer>> accepted = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                accepted.add(clients.submit(() -> submit(james, 5)));
            }
            int mails = 0;
            for (Future<Integer> ofOne : accepted) {
                mails += ofOne.get();
            }
            assertThat(mails).as("as many as there is room for").isEqualTo(20);
            soon().untilAsserted(() -> assertThat(mails(james, "deferred")).isEqualTo(20));
            assertThat(mails(james, "overflow"))
                    .as("what was accepted had its room")
                    .isZero();
        } finally {
            clients.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void sixteenClientsAtOnceDoNotExceedTheSizeByOneOctet(Queue queue) throws Exception {
        int limit = 20 * 1024;
        String limits = "<resendDelays>1h</resendDelays><maxQueueSize>" + limit + "</maxQueueSize>";
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits))) {
            List<Future<Integer>> accepted = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                accepted.add(clients.submit(() -> submit(james, 5)));
            }
            while (!accepted.stream().allMatch(Future::isDone)) {
                assertThat(octets(james)).isLessThanOrEqualTo(limit);
            }
            int mails = 0;
            for (Future<Integer> ofOne : accepted) {
                mails += ofOne.get();
            }
            assertThat(mails).as("there is room for some, not for all").isBetween(10, 79);
            int all = mails;
            soon().untilAsserted(() -> assertThat(mails(james, "deferred") + mails(james, "overflow"))
                    .as("what was accepted is here: what its size came to was not known at RCPT")
                    .isEqualTo(all));
            assertThat(mails(james, "deferred")).isGreaterThanOrEqualTo(10);
            assertThat(octets(james)).isLessThanOrEqualTo(limit);
        } finally {
            clients.shutdownNow();
        }
    }

    private static int octets(JamesServer james) throws Exception {
        return JSON.readTree(james.webadmin("GET", "/outgoing").body())
                .at("/0/limits/size/used")
                .asInt(Integer.MAX_VALUE);
    }

    /** Tries to send so many mails; how many were accepted. */
    private static int submit(JamesServer james, int tries) throws Exception {
        int accepted = 0;
        try (SmtpSender smtp = james.smtp()) {
            for (int i = 0; i < tries; i++) {
                assertThat(smtp.command("MAIL FROM:<" + ALICE + ">")).startsWith("250");
                String reply = smtp.command("RCPT TO:<" + CAROL + ">");
                if (reply.startsWith("452 4.")) {
                    assertThat(smtp.command("RSET")).startsWith("250");
                } else {
                    assertThat(reply).startsWith("250");
                    assertThat(smtp.command("DATA")).startsWith("354");
                    assertThat(smtp.data(MESSAGE)).startsWith("250");
                    accepted++;
                }
            }
        }
        return accepted;
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void roomOfTransactionsWithoutAMailIsFreeAgain(Queue queue) throws Exception {
        String limits = "<resendDelays>1h</resendDelays><maxQueueMails>1</maxQueueMails>";
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits));
                SmtpSender other = james.smtp()) {
            try (SmtpSender smtp = james.smtp()) {
                for (String end : List.of("RSET", "EHLO again.test")) {
                    assertThat(smtp.command("MAIL FROM:<" + ALICE + ">")).startsWith("250");
                    assertThat(smtp.command("RCPT TO:<" + CAROL + ">")).startsWith("250");
                    assertRefused(other, BOB, "", CAROL, "452 4.3.1 the outgoing queue is full: 1 mails");
                    assertThat(smtp.command(end)).startsWith("250");
                }
                assertThat(smtp.command("MAIL FROM:<" + ALICE + ">")).startsWith("250");
                assertThat(smtp.command("RCPT TO:<" + CAROL + ">")).startsWith("250");
            }
            // The connection is closed.
            soon().untilAsserted(() -> {
                assertThat(other.command("RSET")).startsWith("250");
                assertThat(other.command("MAIL FROM:<" + BOB + ">")).startsWith("250");
                assertThat(other.command("RCPT TO:<" + CAROL + ">")).startsWith("250");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void mailFromInsideJamesWaitsForRoomAndIsDelivered(Queue queue) throws Exception {
        String limits = "<resendDelays>2s</resendDelays><maxQueueMails>2</maxQueueMails>";
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits))) {
            james.send(ALICE, "a@example.org");
            james.send(ALICE, "b@example.org");
            james.send(ALICE, LIST);
            soon().untilAsserted(() -> assertThat(mails(james, "overflow")).isEqualTo(1));
            receiver.acceptAll();
            soon().untilAsserted(() -> assertThat(receiver.mailsTo(CAROL)).hasSize(1));
            assertThat(receiver.mailsTo("a@example.org")).hasSize(1);
            nothingIsLeft(james, "outgoing");
            assertThat(receiver.mails().stream().filter(mail -> mail.accepted()).toList())
                    .as("each once")
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void withActionFailTheSenderIsToldThatTheQueueIsFull(Queue queue) throws Exception {
        String limits = "<resendDelays>1h</resendDelays><maxQueueMails>1</maxQueueMails>"
                + "<queueFullAction>fail</queueFullAction>";
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits))) {
            james.send(ALICE, "a@example.org");
            james.send(ALICE, LIST);
            soon().untilAsserted(() -> assertThat(ImapInbox.messages(james.imapPort(), ALICE, "secret"))
                    .hasSize(1));
            String message = new String(
                    ImapInbox.messages(james.imapPort(), ALICE, "secret").get(0), StandardCharsets.UTF_8);
            assertThat(message)
                    .contains("multipart/report", "Final-Recipient: rfc822; " + CAROL, "Action: failed")
                    .containsPattern("Status: [45]\\.3\\.1");
            assertThat(mails(james, "overflow")).isZero();
            assertThat(mails(james, "deferred")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void withActionProcessorTheMailGoesThere(Queue queue) throws Exception {
        String limits = "<resendDelays>1h</resendDelays><maxQueueMails>1</maxQueueMails>"
                + "<queueFullAction>processor:full</queueFullAction>";
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits))) {
            james.send(ALICE, "a@example.org");
            james.send(ALICE, LIST);
            soon().untilAsserted(() -> assertThat(james.repositoryKeys(KEPT)).hasSize(1));
            assertThat(mails(james, "overflow")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void theMatcherSendsMailElsewhereWhileTheQueueIsFull(Queue queue) throws Exception {
        String limits = "<resendDelays>1h</resendDelays><maxQueueMails>2</maxQueueMails>";
        String relay = "<processor state=\"relay\" enableJmx=\"true\">";
        String matching = "<mailet match=\"org.jamesoutgoing.mailets.OutgoingQueueIsFull=50%\" class=\"ToProcessor\">"
                + "<processor>full</processor></mailet>";
        try (ReceivingServer receiver = busy();
                JamesServer james = JamesServer.start(setup(queue, receiver, limits)
                        .change("mailetcontainer.xml", text -> text.replace(relay, relay + matching)))) {
            james.send(ALICE, "a@example.org");
            soon().untilAsserted(() -> assertThat(mails(james, "deferred")).isEqualTo(1));
            james.send(ALICE, "b@example.org");
            soon().untilAsserted(() -> assertThat(james.repositoryKeys(KEPT)).hasSize(1));
            assertThat(mails(james, "deferred")).isEqualTo(1);
        }
    }

    private static int mails(JamesServer james, String state) throws Exception {
        JsonNode services = JSON.readTree(james.webadmin("GET", "/outgoing").body());
        JsonNode mails = services.at("/0/mails/" + state + "/mails");
        assertThat(mails.isInt()).as(services.toString()).isTrue();
        return mails.asInt();
    }
}
