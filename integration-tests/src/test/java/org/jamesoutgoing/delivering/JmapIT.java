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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mail that comes in by JMAP (RFC 8621) goes out as mail that comes in by SMTP does. */
class JmapIT {

    private static final String ALICE = "alice@james.test";
    private static final String BOB = "bob@james.test";
    private static final String KEPT = "file://var/mail/full/";
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(Queue.class)
    void aSubmittedMailReachesTheRemoteServerAndItsRefusalTheSender(Queue queue) throws Exception { // RFC 8621 §7.5
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "nobody@", Answer.reply("550 5.1.1 no such user"));
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .protocols(Protocol.SMTP, Protocol.JMAP)
                    .user(ALICE, "secret")
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>");
            try (JamesServer james = JamesServer.start(setup)) {
                submit(james, "bob@example.org", "nobody@example.org");

                soon().untilAsserted(() ->
                        assertThat(receiver.mailsTo("bob@example.org")).hasSize(1));
                ReceivedMail mail = receiver.mailsTo("bob@example.org").get(0);
                assertThat(mail.sender()).isEqualTo(ALICE);
                assertThat(mail.header("Subject")).isEqualTo("by JMAP");
                assertThat(mail.text()).contains("Hello");
                soon().untilAsserted(() -> assertThat(Dsn.about("nobody@example.org", james, ALICE))
                        .hasSize(1));
                nothingIsLeft(james, "outgoing");
            }
        }
    }

    private static JamesSetup full(Queue queue, ReceivingServer receiver, String action) {
        String last = "</processors>";
        return JamesSetup.james()
                .queue(queue)
                .protocols(Protocol.SMTP, Protocol.JMAP, Protocol.WEBADMIN)
                .user(ALICE, "secret")
                .user(BOB, "secret")
                .withExtensionLines()
                .change(
                        "mailetcontainer.xml",
                        text -> text.replace(
                                last,
                                "<processor state=\"full\"><mailet match=\"All\" class=\"ToRepository\"><repositoryPath>"
                                        + KEPT + "</repositoryPath></mailet></processor>" + last))
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts><resendDelays>2s</resendDelays>"
                        + "<maxQueueMails>1</maxQueueMails><queueFullAction>" + action + "</queueFullAction>");
    }

    /** One mail that the next hop does not take now: there is room for one. */
    private static void fill(JamesServer james, ReceivingServer receiver) throws Exception {
        receiver.answer(Stage.RCPT, Answer.reply("451 4.2.1 not now"));
        james.send(ALICE, "first@example.org");
        soon().untilAsserted(() -> assertThat(mails(james, "deferred")).isEqualTo(1));
    }

    private static int mails(JamesServer james, String state) throws Exception {
        return JSON.readTree(james.webadmin("GET", "/outgoing").body())
                .at("/0/mails/" + state + "/mails")
                .asInt(-1);
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void whenTheQueueIsFullSubmittedMailWaitsForRoomAndLocalMailDoesNot(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start();
                JamesServer james = JamesServer.start(full(queue, receiver, "overflow"))) {
            fill(james, receiver);
            for (int i = 0; i < 10; i++) {
                submit(james, "bob" + i + "@example.org");
            }
            james.send(ALICE, BOB);
            soon().untilAsserted(() -> {
                assertThat(james.inbox(BOB)).as("local mail").hasSize(1);
                assertThat(mails(james, "overflow")).isEqualTo(10);
            });
            assertThat(receiver.mails()).noneMatch(ReceivedMail::accepted);

            receiver.acceptAll();
            soon().untilAsserted(() -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(receiver.mailsTo("bob" + i + "@example.org")).hasSize(1);
                }
            });
            assertThat(receiver.mailsTo("first@example.org")).hasSize(1);
            nothingIsLeft(james, "outgoing");
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void withActionFailWhoSubmitsIsToldThatTheQueueIsFull(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start();
                JamesServer james = JamesServer.start(full(queue, receiver, "fail"))) {
            fill(james, receiver);
            submit(james, "bob@example.org");
            soon().untilAsserted(() ->
                    assertThat(Dsn.about("bob@example.org", james, ALICE)).hasSize(1));
            assertThat(mails(james, "overflow")).isZero();
            assertThat(mails(james, "deferred")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void withActionProcessorWhatIsSubmittedGoesThere(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start();
                JamesServer james = JamesServer.start(full(queue, receiver, "processor:full"))) {
            fill(james, receiver);
            submit(james, "bob@example.org");
            soon().untilAsserted(() -> assertThat(james.repositoryKeys(KEPT)).hasSize(1));
            assertThat(mails(james, "overflow")).isZero();
        }
    }

    /** Alice sends a mail (RFC 8621 §7.5). */
    private static void submit(JamesServer james, String... recipients) throws Exception {
        String to = Stream.of(recipients)
                .map(recipient -> "{'email': '" + recipient + "'}")
                .collect(Collectors.joining(", "));
        String account = account(james);
        String mailbox = call(james, "Mailbox/get", "{'accountId': '%s', 'ids': null}".formatted(account))
                .at("/list/0/id")
                .asText();
        String email = call(
                        james,
                        "Email/set",
                        """
                        {'accountId': '%s', 'create': {'draft': {
                          'mailboxIds': {'%s': true},
                          'from': [{'email': '%s'}],
                          'to': [%s],
                          'subject': 'by JMAP',
                          'textBody': [{'partId': 'text', 'type': 'text/plain'}],
                          'bodyValues': {'text': {'value': 'Hello.'}}}}}"""
                                .formatted(account, mailbox, ALICE, to))
                .at("/created/draft/id")
                .asText();
        JsonNode submitted = call(
                james,
                "EmailSubmission/set",
                """
                {'accountId': '%s', 'create': {'submission': {
                  'emailId': '%s',
                  'envelope': {'mailFrom': {'email': '%s'}, 'rcptTo': [%s]}}}}"""
                        .formatted(account, email, ALICE, to));
        assertThat(submitted.at("/created/submission/id").asText())
                .as(submitted.toString())
                .isNotEmpty();
    }

    private static String account(JamesServer james) throws Exception {
        String credentials = Base64.getEncoder().encodeToString((ALICE + ":secret").getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + james.jmapPort() + "/jmap/session"))
                .header("Authorization", "Basic " + credentials)
                .header("Accept", "application/json; jmapVersion=rfc-8621")
                .build();
        String session = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return JSON.readTree(session)
                .get("primaryAccounts")
                .get("urn:ietf:params:jmap:mail")
                .asText();
    }

    /** One method call; its answer. */
    private static JsonNode call(JamesServer james, String method, String arguments) throws Exception {
        String body =
                """
                {'using': ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail', 'urn:ietf:params:jmap:submission'],
                 'methodCalls': [['%s', %s, 'c1']]}"""
                        .formatted(method, arguments)
                        .replace('\'', '"');
        String answer = james.jmap(ALICE, "secret", body).body();
        JsonNode response = JSON.readTree(answer).at("/methodResponses/0");
        assertThat(response.at("/0").asText()).as(answer).isEqualTo(method);
        return response.get(1);
    }
}
