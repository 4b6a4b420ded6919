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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each filter means the same mails whether they are listed, counted or acted on. */
class QueueFiltersIT {

    private static final String ALICE = "alice@james.test";
    private static final String BOB = "bob@james.test";
    /** A mailbox of this James whose mail goes elsewhere, so that it comes to the service past the SMTP server's limits. */
    private static final String LIST = "list@james.test";

    /** Filter, and the recipients of the mails that it means, by what is before the @. */
    private static final List<List<String>> FILTERS = List.of(
            List.of("", "a b c d e f g h old over"),
            List.of("domain=far.test", "a c g"),
            List.of("domain=Far.TEST.", "a c g"),
            List.of("domain=*.far.test", "e"),
            List.of("domain=far", ""),
            List.of("sender=ALICE@james.test", "a b e g h over"),
            List.of("sender=<>", "d"),
            List.of("sender=nobody@james.test", ""),
            List.of("recipient=i@near.test", "h"),
            List.of("recipient=I@Near.TEST", "h"),
            List.of("olderThan=1h", "old"),
            List.of("olderThan=3h", ""),
            List.of("olderThan=0s", "a b c d e f g h old over"),
            List.of("state=active", "f"),
            List.of("state=deferred", "a b c d e h old"),
            List.of("state=held", "g"),
            List.of("state=overflow", "over"),
            List.of("state=queued", ""),
            List.of("state=held,active", "f g"),
            List.of("reason=GREYLISTED", "b d h old"),
            List.of("reason=asked for", "g"),
            List.of("reason=no such reason", ""),
            List.of("domain=far.test&state=deferred", "a c"),
            List.of("domain=near.test&sender=<>&reason=greylisted", "d"),
            List.of("sender=" + BOB + "&olderThan=1h", "old"),
            List.of("state=held&domain=near.test", ""));

    private ReceivingServer receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = ReceivingServer.start();
        receiver.answer(Stage.RCPT, "far.test", Answer.reply("450 4.2.1 mailbox busy"));
        receiver.answer(Stage.RCPT, "near.test", Answer.reply("451 4.7.1 greylisted, come back"));
    }

    private static ReceivingServer stalling() throws Exception {
        ReceivingServer stalling = ReceivingServer.start();
        stalling.answer(Stage.GREETING, Answer.stall());
        return stalling;
    }

    @AfterEach
    void stop() throws Exception {
        receiver.close();
    }

    private JamesSetup setup(Queue queue) {
        String local = "<mailet match=\"RecipientIsLocal\"";
        String forward = "<mailet match=\"RecipientIs=" + LIST + "\" class=\"Forward\">"
                + "<forwardTo>over@far.example</forwardTo></mailet>";
        return JamesSetup.james()
                .queue(queue)
                .user(ALICE, "secret")
                .user(BOB, "secret")
                .user(LIST, "secret")
                .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                .withExtensionLines()
                .change("mailetcontainer.xml", text -> text.replace(local, forward + local))
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts><resendDelays>1h</resendDelays>"
                        + "<maxQueueMails>9</maxQueueMails>");
    }

    /** Ten mails that differ in all that a filter may ask for. */
    private void fill(JamesServer james, QueuedMails mails, ReceivingServer stalling) throws Exception {
        mails.webadmin().put("/outgoing/routes/stall.test", "{\"relayHosts\": \"127.0.0.1:" + stalling.port() + "\"}");
        enqueueOld(james);
        james.send(ALICE, "a@far.test");
        james.send(ALICE, "b@near.test");
        james.send(BOB, "c@far.test");
        james.send("", "d@near.test");
        james.send(ALICE, "e@sub.far.test");
        james.send(BOB, "f@stall.test");
        james.send(ALICE, "g@far.test");
        james.send(ALICE, "h@near.test", "i@near.test");
        soon().untilAsserted(() -> assertMeant(mails, "state=deferred", "a b c d e g h old"));
        mails.done("g@far.test", "hold&because=asked%20for");
        james.send(ALICE, LIST);
        soon().untilAsserted(() -> assertMeant(mails, "", "a b c d e f g h old over"));
    }

    /** One that James has had for two hours already. */
    private static void enqueueOld(JamesServer james) throws Exception {
        long accepted = Instant.now().minus(Duration.ofHours(2)).toEpochMilli();
        String state = "{\"id\": \"" + UUID.randomUUID() + "\", \"seq\": 0, \"name\": \"old\", \"accepted\": "
                + accepted + ", \"attempts\": 0, \"due\": " + accepted + ", \"recipients\": [\"old@near.test\"]}";
        MailImpl old = MailImpl.builder()
                .name("old")
                .sender(BOB)
                .addRecipient(new MailAddress("old@near.test"))
                .mimeMessage(MimeMessageBuilder.mimeMessageBuilder()
                        .setSubject("old")
                        .setText("Hello.")
                        .build())
                .addAttribute(new Attribute(AttributeName.of("outgoing-state"), AttributeValue.of(state)))
                .build();
        james.queue("outgoing").enQueue(old);
    }

    private static String query(String filter) {
        return Arrays.stream(filter.split("&", -1))
                .filter(part -> !part.isEmpty())
                .map(part -> part.substring(0, part.indexOf('=') + 1)
                        + URLEncoder.encode(part.substring(part.indexOf('=') + 1), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String names(JsonNode mails) {
        TreeSet<String> names = new TreeSet<>();
        mails.forEach(mail -> names.add(mail.at("/recipients/0").asText().split("@", -1)[0]));
        return String.join(" ", names);
    }

    private static void assertMeant(QueuedMails mails, String filter, String names) throws Exception {
        assertThat(names(mails.list("?" + query(filter)))).as(filter).isEqualTo(names);
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void whatIsListedIsWhatIsCountedAndPaged(Queue queue) throws Exception {
        try (JamesServer james = JamesServer.start(setup(queue));
                ReceivingServer stalling = stalling()) {
            QueuedMails mails = new QueuedMails(james);
            fill(james, mails, stalling);
            for (List<String> one : FILTERS) {
                String filter = one.get(0);
                assertMeant(mails, filter, one.get(1));
                int meant = one.get(1).isEmpty() ? 0 : one.get(1).split(" ", -1).length;
                assertThat(mails.webadmin()
                                .post("/outgoing/queue?action=delete&dryRun=true&" + query(filter), "")
                                .body())
                        .as(filter)
                        .isEqualTo("{\"mails\":" + meant + ",\"unread\":0}");
                assertThat(pages(mails, query(filter)))
                        .as(filter)
                        .hasSize(meant)
                        .doesNotHaveDuplicates();
            }
        }
    }

    /** The ids, page by page of two mails. */
    private static List<String> pages(QueuedMails mails, String query) throws Exception {
        List<String> ids = new ArrayList<>();
        String after = "";
        JsonNode page;
        do {
            page = mails.list("?limit=2" + after + (query.isEmpty() ? "" : "&" + query));
            page.forEach(mail -> ids.add(mail.get("id").asText()));
            after = ids.isEmpty() ? "" : "&after=" + ids.get(ids.size() - 1);
        } while (page.size() == 2);
        return ids;
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void anActionTouchesWhatIsMeantAndNothingElse(Queue queue) throws Exception {
        try (JamesServer james = JamesServer.start(setup(queue));
                ReceivingServer stalling = stalling()) {
            QueuedMails mails = new QueuedMails(james);
            fill(james, mails, stalling);
            // First of all: when there is room, it is not in overflow any more.
            assertDeleted(mails, "state=overflow", 1, "a b c d e f g h old");
            assertDeleted(mails, "olderThan=1h", 1, "a b c d e f g h");
            assertDeleted(mails, "recipient=i@near.test", 1, "a b c d e f g");
            assertDeleted(mails, "sender=<>", 1, "a b c e f g");
            assertDeleted(mails, "reason=no such reason", 0, "a b c e f g");
            assertDeleted(mails, "reason=greylisted", 1, "a c e f g");
            assertDeleted(mails, "domain=*.far.test", 1, "a c f g");
            assertDeleted(mails, "domain=far.test&state=held", 1, "a c f");
            assertDeleted(mails, "domain=far.test&sender=" + BOB, 1, "a f");
            assertThat(receiver.mails()).isEmpty();
        }
    }

    private static void assertDeleted(QueuedMails mails, String filter, int howMany, String left) throws Exception {
        JsonNode task = mails.endOfTask("/outgoing/queue?action=delete&" + query(filter));
        assertThat(task.at("/additionalInformation/done").asInt())
                .as(task.toString())
                .isEqualTo(howMany);
        assertMeant(mails, "", left);
    }
}
