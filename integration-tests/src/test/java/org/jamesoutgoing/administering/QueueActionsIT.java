/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.ImapInbox;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an administrator does with mail that waits, in a real James. */
class QueueActionsIT {

    private static final String ALICE = "alice@james.test";
    private static final String WAITING = "durable://var/mail/outgoing-waiting";

    private ReceivingServer receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = ReceivingServer.start();
        receiver.answer(Stage.RCPT, Answer.reply("450 4.2.1 not now"));
    }

    @AfterEach
    void stop() throws Exception {
        receiver.close();
    }

    private JamesSetup setup(Queue queue, String more) {
        return JamesSetup.james()
                .queue(queue)
                .user(ALICE, "secret")
                .protocols(Protocol.SMTP, Protocol.IMAP, Protocol.WEBADMIN)
                .withExtensionLines()
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                        + "<resendDelays>1h</resendDelays>" + more);
    }

    private static void assertAreWaiting(QueuedMails mails, int howMany) {
        soon().untilAsserted(() -> assertThat(mails.list("?state=deferred")).hasSize(howMany));
    }

    private static List<String> inbox(JamesServer james) throws Exception {
        List<String> messages = new ArrayList<>();
        for (byte[] octets : ImapInbox.messages(james.imapPort(), ALICE, "secret")) {
            messages.add(new String(octets, StandardCharsets.UTF_8));
        }
        return messages;
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void oneMailIsRetriedDeletedGivenUpHeldAndReleased(Queue queue) throws Exception {
        try (JamesServer james = JamesServer.start(setup(queue, ""))) {
            QueuedMails mails = new QueuedMails(james);
            for (String name : List.of("retried", "deleted", "failed", "held", "left")) {
                james.send(ALICE, name + "@far.test");
            }
            assertAreWaiting(mails, 5);
            receiver.acceptAll();

            String deleted = mails.idOf("deleted@far.test");
            mails.done("deleted@far.test", "delete");
            assertThat(mails.webadmin().get("/outgoing/queue/" + deleted).status())
                    .isEqualTo(404);
            assertThat(mails.webadmin()
                            .post("/outgoing/queue/" + deleted + "?action=delete", "")
                            .status())
                    .isEqualTo(404);
            mails.done("failed@far.test", "fail&because=The%20order%20was%20cancelled");
            mails.done("held@far.test", "hold&because=asked%20for");
            assertThat(mails.act("held@far.test", "retry").status()).isEqualTo(409);
            assertThat(mails.states())
                    .isEqualTo(Map.of(
                            "retried@far.test", "deferred", "held@far.test", "held", "left@far.test", "deferred"));
            assertThat(receiver.mails()).isEmpty();

            mails.done("retried@far.test", "retry");
            soon().untilAsserted(() ->
                    assertThat(receiver.mailsTo("retried@far.test")).hasSize(1));
            mails.done("held@far.test", "release");
            soon().untilAsserted(
                            () -> assertThat(receiver.mailsTo("held@far.test")).hasSize(1));

            soon().untilAsserted(() -> assertThat(inbox(james)).hasSize(1));
            assertThat(inbox(james).get(0))
                    .contains("multipart/report", "Final-Recipient: rfc822; failed@far.test", "Action: failed")
                    .contains("Status: 5.3.0", "The order was cancelled");
            soon().untilAsserted(() -> assertThat(mails.states()).isEqualTo(Map.of("left@far.test", "deferred")));
            assertThat(james.repositoryKeys(WAITING)).hasSize(1);
            assertThat(receiver.mails()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void manyMailsAreActedOnByFilterAsATaskThatTellsHowFarItIs(Queue queue) throws Exception {
        try (JamesServer james = JamesServer.start(setup(queue, ""))) {
            QueuedMails mails = new QueuedMails(james);
            for (int i = 0; i < 10; i++) {
                james.send(ALICE, "bob" + i + "@a.test");
                james.send(ALICE, "bob" + i + "@b.test");
                james.send(ALICE, "bob" + i + "@c.test");
            }
            assertAreWaiting(mails, 30);
            receiver.acceptAll();
            assertThat(mails.webadmin()
                            .post("/outgoing/queue?action=delete&domain=b.test&dryRun=true", "")
                            .body())
                    .isEqualTo("{\"mails\":10,\"unread\":0}");

            JsonNode deleted = mails.endOfTask("/outgoing/queue?action=delete&domain=b.test");
            assertThat(deleted.at("/status").asText()).isEqualTo("completed");
            assertThat(deleted.at("/type").asText()).isEqualTo("outgoing-queue-action");
            JsonNode progress = deleted.at("/additionalInformation");
            assertThat(progress.at("/filter/domain").asText()).isEqualTo("b.test");
            assertThat(progress.at("/meant").asInt()).isEqualTo(10);
            assertThat(progress.at("/done").asInt()).isEqualTo(10);
            assertThat(mails.count("deferred")).isEqualTo(20);

            mails.endOfTask("/outgoing/queue?action=fail&domain=c.test&because=closed");
            soon().untilAsserted(() -> assertThat(james.inbox(ALICE)).isNotEmpty());
            mails.endOfTask("/outgoing/queue?action=hold&domain=a.test");
            assertThat(mails.count("held")).isEqualTo(10);
            JsonNode refused = mails.endOfTask("/outgoing/queue?action=retry&all=true");
            assertThat(refused.at("/status").asText()).isEqualTo("failed");
            assertThat(refused.at("/additionalInformation/notNow").asInt()).isEqualTo(10);
            assertThat(receiver.mails()).isEmpty();

            mails.endOfTask("/outgoing/queue?action=release&state=held");
            soon().untilAsserted(() -> assertThat(mails.states()).isEmpty());
            for (int i = 0; i < 10; i++) {
                assertThat(receiver.mailsTo("bob" + i + "@a.test")).hasSize(1);
            }
            assertThat(receiver.mails()).hasSize(10);
            soon().untilAsserted(() -> assertThat(james.repositoryKeys(WAITING)).isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void aHeldMailIsHeldAfterARestart(Queue queue) throws Exception {
        Path directory = Files.createTempDirectory("james-");
        try (JamesServer james = JamesServer.start(setup(queue, ""), directory)) {
            QueuedMails mails = new QueuedMails(james);
            james.send(ALICE, "held@far.test");
            assertAreWaiting(mails, 1);
            mails.done("held@far.test", "hold&because=asked%20for");
        }
        receiver.acceptAll();
        try (JamesServer james = JamesServer.start(setup(queue, ""), directory)) {
            QueuedMails mails = new QueuedMails(james);
            james.send(ALICE, "new@far.test");
            soon().untilAsserted(
                            () -> assertThat(receiver.mailsTo("new@far.test")).hasSize(1));
            soon().untilAsserted(() -> assertThat(mails.states()).isEqualTo(Map.of("held@far.test", "held")));
            assertThat(mails.list("").at("/0/reason").asText()).isEqualTo("asked for");
            assertThat(receiver.mails()).hasSize(1);

            mails.done("held@far.test", "release");
            soon().untilAsserted(
                            () -> assertThat(receiver.mailsTo("held@far.test")).hasSize(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MEMORY, ''",
        "MEMORY, ?recipient=bob59@far11.test",
        "ACTIVEMQ, ''",
        "ACTIVEMQ, ?recipient=bob59@far11.test"
    })
    void afterJamessOwnDeleteAndClearTheCountsAreThoseOfAListing(Queue queue, String which) throws Exception {
        // More next hops than mails may be active, all known, which stall when they have the message, and so do not
        // give way: the others stay in James's queue. One that is full is compared with our counts every ten seconds.
        String limits = "<maxQueueMails>60</maxQueueMails><maxActiveMails>10</maxActiveMails>";
        List<ReceivingServer> stalling = new ArrayList<>();
        try (JamesServer james = JamesServer.start(setup(queue, limits))) {
            QueuedMails mails = new QueuedMails(james);
            for (int i = 0; i < 12; i++) {
                ReceivingServer one = ReceivingServer.start();
                stalling.add(one);
                mails.webadmin()
                        .put(
                                "/outgoing/routes/far" + i + ".test",
                                "{\"relayHosts\": \"127.0.0.1:" + one.port() + "\"}");
            }
            for (int i = 0; i < 12; i++) {
                james.send(ALICE, "first@far" + i + ".test");
            }
            soon().untilAsserted(() -> assertThat(stalling)
                    .allSatisfy(one -> assertThat(one.mails()).hasSize(1)));
            soon().untilAsserted(() -> assertThat(mails.list("")).isEmpty());
            stalling.forEach(one -> one.answer(Stage.MESSAGE, Answer.stall()));
            for (int i = 0; i < 60; i++) {
                james.send(ALICE, "bob" + i + "@far" + i % 12 + ".test");
            }
            soon().untilAsserted(() -> assertThat(mails.list("")).hasSize(60));
            long before = mails.count("queued");
            assertThat(before).isGreaterThan(20);

            assertThat(james.webadmin("DELETE", "/mailQueues/outgoing/mails" + which)
                            .statusCode())
                    .isEqualTo(201);
            // James keeps what its queue has ready to be handed out: one mail on ActiveMQ, 16 in memory. They will be
            // delivered, and the memory queue does not show them.
            long readyInJames = queue == Queue.MEMORY ? 16 : 1;
            long atMost = which.isEmpty() ? readyInJames : before - 1;
            await().atMost(Patience.LIMIT).untilAsserted(() -> assertCountsAreRight(james, mails, atMost));
            close(stalling); // first: James would wait for them
        } finally {
            close(stalling);
        }
    }

    private static void close(List<ReceivingServer> servers) throws Exception {
        for (ReceivingServer server : servers) {
            server.close();
        }
    }

    private static void assertCountsAreRight(JamesServer james, QueuedMails mails, long atMost) throws Exception {
        assertThat(mails.count("queued")).isLessThanOrEqualTo(atMost);
        assertThat(mails.list("?state=queued")).hasSize((int) mails.count("queued"));
        long inOurs = 0;
        for (String state : List.of("queued", "active", "deferred", "held", "overflow")) {
            inOurs += mails.count(state);
        }
        assertThat(mails.list("")).hasSize((int) inOurs);
        // What is being delivered for the first time is in James's queue until it is settled.
        assertThat(james.queue("outgoing").getSize()).isEqualTo(mails.count("queued") + mails.count("active"));
    }

    @Test
    void afterADrainRemoteDeliveryDeliversEverything() throws Exception {
        Path directory = Files.createTempDirectory("james-");
        try (JamesServer james = JamesServer.start(setup(Queue.ACTIVEMQ, ""), directory)) {
            QueuedMails mails = new QueuedMails(james);
            for (int i = 0; i < 20; i++) {
                james.send(ALICE, "bob" + i + "@far.test", "eve" + i + "@far.test");
            }
            assertAreWaiting(mails, 20);
            mails.endOfTask("/outgoing/queue?action=hold&recipient=bob7@far.test");

            JsonNode drained = mails.endOfTask("/outgoing/drain");
            assertThat(drained.at("/status").asText()).as(drained.toString()).isEqualTo("completed");
            assertThat(drained.at("/additionalInformation/drained").asInt()).isEqualTo(20);
            assertThat(drained.at("/additionalInformation/left").asInt()).isZero();
            assertThat(james.repositoryKeys(WAITING)).isEmpty();
            assertThat(james.queue("outgoing").getSize()).isEqualTo(20);
            james.send(ALICE, "late@far.test");
            soon().untilAsserted(
                            () -> assertThat(james.queue("outgoing").getSize()).isEqualTo(21));
            assertThat(mails.webadmin()
                            .post("/outgoing/queue?action=retry&all=true", "")
                            .status())
                    .isEqualTo(409);
        }
        receiver.acceptAll();
        JamesSetup stock = setup(Queue.ACTIVEMQ, "")
                .outgoing("<outgoing>outgoing</outgoing><gateway>127.0.0.1</gateway><gatewayPort>" + receiver.port()
                        + "</gatewayPort><maxRetries>3</maxRetries><delayTime>1000</delayTime>")
                .change("mailetcontainer.xml", text -> text.replace(JamesSetup.MAILET, "RemoteDelivery"));
        try (JamesServer james = JamesServer.start(stock, directory)) {
            soon().untilAsserted(
                            () -> assertThat(james.queue("outgoing").getSize()).isZero());
            for (int i = 0; i < 20; i++) {
                assertThat(receiver.mailsTo("bob" + i + "@far.test")).hasSize(1);
                assertThat(receiver.mailsTo("eve" + i + "@far.test")).hasSize(1);
            }
            assertThat(receiver.mailsTo("late@far.test")).hasSize(1);
        }
    }
}
