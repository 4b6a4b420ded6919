/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.Test;

/**
 * What an administrator sees and has said is the same after James was killed (kill -9), and what cannot be read at first is
 * there when it can.
 */
class CountsAfterKillIT {

    private static final String ALICE = "alice@james.test";
    /** A mailbox whose mail is forwarded: past the SMTP server's limits, so that it comes when the queue is full. */
    private static final String LIST = "list@james.test";

    private static final int LATER = 60;
    private static final int HELD = 20;
    private static final int SUSPENDED = 20;
    private static final int IN_FLIGHT = 20;
    private static final int OVERFLOW = 5;
    private static final int LIMIT = LATER + HELD + SUSPENDED + IN_FLIGHT;

    private final TreeSet<String> waiting = new TreeSet<>();

    @Test
    void countsAgreeWithAListingHoldsSuspensionsAndLimitsStandAndNoMailIsForgotten() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, ".later.test", Answer.reply("450 4.2.1 not now"));
            receiver.answer(Stage.MESSAGE, Answer.stall());
            String local = "<mailet match=\"RecipientIsLocal\"";
            String forward = "<mailet match=\"RecipientIs=" + LIST + "\" class=\"Forward\">"
                    + "<forwardTo>over@there.test</forwardTo></mailet>";
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .user(ALICE, "secret")
                    .user(LIST, "secret")
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    .change("mailetcontainer.xml", text -> text.replace(local, forward + local))
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                            + "<resendDelays>1h</resendDelays>");
            try (JamesProcess james = JamesProcess.prepare(setup)) {
                james.start();
                fill(james, new QueuedMails(james.webadminPort()));
                james.kill();

                receiver.answer(Stage.MESSAGE, Answer.accept());
                for (int kill = 0; kill < 2; kill++) {
                    james.start();
                    QueuedMails mails = new QueuedMails(james.webadminPort());
                    soon().untilAsserted(() -> assertEverythingIsThere(mails));
                    for (int i = 0; i < IN_FLIGHT; i++) {
                        assertThat(receiver.mailsTo("flying" + i + "@there.test"))
                                .as("in flight at the kill")
                                .isNotEmpty();
                    }
                    james.kill();
                }
                receiver.acceptAll();
                Path record = anyRecord(james);
                byte[] whole = Files.readAllBytes(record);
                Files.write(record, Arrays.copyOf(whole, whole.length / 2));
                james.start();
                assertOneCannotBeRead(new Webadmin(james.webadminPort()));
                Files.write(record, whole);
                assertAllIsDelivered(new QueuedMails(james.webadminPort()), receiver);
                james.stop();
            }
        }
    }

    /** Of a mail in the waiting room. */
    private static Path anyRecord(JamesProcess james) throws IOException {
        try (Stream<Path> records = Files.list(james.workingDirectory().resolve("var/mail/outgoing-waiting"))) {
            return records.filter(path -> path.toString().endsWith(".mail"))
                    .findAny()
                    .orElseThrow();
        }
    }

    private void assertOneCannotBeRead(Webadmin webadmin) {
        soon().untilAsserted(() -> {
            assertThat(webadmin.get("/outgoing").json().at("/0/unread").asInt()).isEqualTo(1);
            Webadmin.Answer health = webadmin.get("/healthcheck/checks/Outgoing%20mail");
            assertThat(health.at("/status")).isEqualTo("degraded");
            assertThat(health.at("/cause")).contains("1 waiting mail cannot be read: ");
        });
    }

    private void fill(JamesProcess james, QueuedMails mails) throws Exception {
        suspend(mails);
        try (SmtpSender smtp = james.smtp()) {
            for (int i = 0; i < LATER; i++) {
                send(smtp, "bob" + i + "@a" + i % 7 + ".later.test");
            }
            for (int i = 0; i < HELD; i++) {
                send(smtp, "held" + i + "@held.later.test");
            }
            for (int i = 0; i < SUSPENDED; i++) {
                send(smtp, "eve" + i + "@suspended.test");
            }
            soon().untilAsserted(() -> assertThat(mails.count("deferred")).isEqualTo(LATER + HELD + SUSPENDED));
            mails.endOfTask("/outgoing/queue?action=hold&domain=held.later.test&because=asked%20for");
            assertThat(mails.webadmin()
                            .send("PATCH", "/outgoing/limits", "{\"mails\": " + LIMIT + "}")
                            .status())
                    .isEqualTo(204);
            for (int i = 0; i < IN_FLIGHT; i++) {
                smtp.send(ALICE, List.of("flying" + i + "@there.test"), message(i));
            }
            for (int i = 0; i < OVERFLOW; i++) {
                smtp.send(ALICE, List.of(LIST), message(i));
            }
        }
        soon().untilAsserted(() -> assertThat(mails.count("overflow")).isEqualTo(OVERFLOW));
        assertThat(mails.count("active") + mails.count("queued") + mails.count("deferred"))
                .isEqualTo(LIMIT - HELD);
    }

    private static void suspend(QueuedMails mails) throws Exception {
        assertThat(mails.webadmin()
                        .put("/outgoing/suspensions/domains/suspended.test", "{\"reason\": \"they move\"}")
                        .status())
                .isEqualTo(201);
    }

    private void send(SmtpSender smtp, String recipient) throws Exception {
        smtp.send(ALICE, List.of(recipient), message(waiting.size()));
        waiting.add(recipient);
    }

    /** Of a size of its own. */
    private static String message(int i) {
        return TestMessage.text(ALICE, "number " + i, ("x".repeat(i) + "\r\n"));
    }

    private void assertEverythingIsThere(QueuedMails mails) throws Exception {
        JsonNode glance = mails.webadmin().get("/outgoing").json().get(0);
        assertThat(glance.get("unread").asInt()).as("the index is complete").isZero();
        TreeSet<String> listed = new TreeSet<>();
        for (Map.Entry<String, Integer> state : Map.of(
                        "queued", 0, "active", 0, "deferred", LATER + SUSPENDED, "held", HELD, "overflow", OVERFLOW)
                .entrySet()) {
            JsonNode list = mails.list("?limit=0&state=" + state.getKey());
            long octets = 0;
            for (JsonNode mail : list) {
                octets += mail.get("size").asLong();
                listed.add(mail.at("/recipients/0").asText());
            }
            assertThat(list).as(state.getKey()).hasSize(state.getValue());
            JsonNode counted = glance.at("/mails/" + state.getKey());
            assertThat(counted.get("mails").asInt()).as(state.getKey()).isEqualTo(list.size());
            assertThat(counted.get("bytes").asLong()).as(state.getKey()).isEqualTo(octets);
        }
        TreeSet<String> expected = new TreeSet<>(waiting);
        expected.add("over@there.test");
        assertThat(listed).isEqualTo(expected);
        assertThat(glance.at("/limits/mails/used").asInt()).isEqualTo(LATER + SUSPENDED + HELD);
        assertThat(glance.at("/limits/mails/limit").asInt()).isEqualTo(LIMIT);
        assertThat(mails.list("?state=held").at("/0/reason").asText()).isEqualTo("asked for");
        assertThat(mails.list("?domain=suspended.test").at("/0/reason").asText())
                .isEqualTo("delivery is suspended: they move");
        assertThat(mails.webadmin()
                        .get("/mailQueues/outgoing")
                        .json()
                        .get("size")
                        .asInt())
                .as("what James's own queue has")
                .isZero();
    }

    private void assertAllIsDelivered(QueuedMails mails, ReceivingServer receiver) throws Exception {
        soon().untilAsserted(() -> assertEverythingIsThere(mails));
        mails.webadmin().send("DELETE", "/outgoing/limits", "");
        mails.webadmin().send("DELETE", "/outgoing/suspensions/domains/suspended.test", "");
        mails.endOfTask("/outgoing/queue?action=release&state=held");
        mails.endOfTask("/outgoing/queue?action=retry&state=deferred");
        soon().untilAsserted(() -> {
            assertThat(mails.states()).isEmpty();
            List<String> missing = new ArrayList<>(waiting);
            missing.removeIf(recipient -> receiver.mailsTo(recipient).size() == 1);
            assertThat(missing).as("not delivered, or twice").isEmpty();
            assertThat(receiver.mailsTo("over@there.test")).hasSize(OVERFLOW);
        });
    }
}
