/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.Hold;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.service.OutgoingMailService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailResourceTest {

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    @Test
    void isFoundByItsIdAndByItsName() throws Exception {
        OutgoingMailService service = james.startSuspended("outgoing");
        RunningServices.list(
                service, "a", QueueState.QUEUED, RunningServices.ago(Duration.ZERO), "<>", "bob@b.example");

        JsonNode mail = james.json("/outgoing/queue/a");

        assertThat(james.json("/outgoing/queue/name-of-a")).isEqualTo(mail);
        assertThat(mail.get("sender").asText()).isEqualTo("<>");
        assertThat(mail.get("recipients").toString())
                .isEqualTo("[{\"address\":\"bob@b.example\",\"state\":\"queued\"}]");
        assertThat(mail.has("nextAttempt")).isFalse();
    }

    @Test
    void aNameOfSeveralIsRefusedWithTheirIds() throws Exception {
        OutgoingMailService first = james.startSuspended("first");
        OutgoingMailService second = james.startSuspended("second");
        first.ledger().put(QueueState.QUEUED, named("a", "twins"));
        second.ledger().put(QueueState.QUEUED, named("b", "twins"));

        james.assertBad(
                "/outgoing/queue/twins", 400, "several mails have this name; allowed: the id of one, such as a, b");
        assertThat(james.json("/outgoing/queue/twins?queue=second").get("id").asText())
                .isEqualTo("b");
    }

    private org.jamesoutgoing.queue.ListedMail named(String id, String name) throws Exception {
        Mail mail = MailImpl.builder().name(name).build();
        return org.jamesoutgoing.queue.ListedMail.of(
                mail,
                MailState.admitted(
                        id, name, RunningServices.ago(Duration.ZERO), List.of(new MailAddress("bob@b.example"))),
                "");
    }

    @Test
    void afterARestartItIsReadFromTheWaitingRoom() throws Exception {
        Instant accepted = Instant.parse("2030-01-01T00:00:00Z");
        Mail mail = MailImpl.builder()
                .name("the-mail")
                .sender("x@s.example")
                .addRecipient("bob@b.example")
                .mimeMessage(MimeMessageBuilder.mimeMessageBuilder()
                        .setSubject("a secret")
                        .addHeader("Message-ID", "<1@s.example>")
                        .setText("text"))
                .build();
        james.store(
                MailState.admitted("the-id", "the-mail", accepted, List.of(new MailAddress("bob@b.example")))
                        .withRecordId(new RecordId("the-id", 1))
                        .withDue(Instant.parse("2030-01-01T01:00:00Z"))
                        .withHold(new Hold(
                                Hold.Kind.HELD,
                                "looked into",
                                accepted,
                                Optional.of(Instant.parse("2030-01-02T00:00:00Z")))),
                mail);
        james.startSuspended("outgoing");

        JsonNode found = james.json("/outgoing/queue/the-id");

        assertThat(found.get("name").asText()).isEqualTo("the-mail");
        assertThat(found.get("state").asText()).isEqualTo("held");
        assertThat(found.get("messageId").asText()).isEqualTo("<1@s.example>");
        assertThat(found.get("attempts").asInt()).isZero();
        assertThat(found.get("nextAttempt").asText()).isEqualTo("2030-01-01T01:00:00Z");
        assertThat(found.get("expiry").asText()).isEqualTo("2030-01-06T00:00:00Z");
        assertThat(found.get("hold").toString())
                .isEqualTo("{\"reason\":\"looked into\",\"since\":\"2030-01-01T00:00:00Z\","
                        + "\"until\":\"2030-01-02T00:00:00Z\"}");
        assertThat(found.toString()).doesNotContain("secret");
    }

    @Test
    void attemptsShowWhoWasAskedAndWhatWasSaid() throws Exception {
        james.store(
                MailState.admitted(
                                "the-id",
                                "the-mail",
                                RunningServices.ago(Duration.ZERO),
                                List.of(new MailAddress("bob@b.example")))
                        .withRecordId(new RecordId("the-id", 1)),
                MailImpl.builder()
                        .name("the-mail")
                        .sender("x@s.example")
                        .addRecipient("bob@b.example")
                        .mimeMessage(MimeMessageBuilder.mimeMessageBuilder().setText("text"))
                        .build());
        // Bound, so that nobody else gets the port, but not listening.
        try (SocketChannel closed = SocketChannel.open()) {
            closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            james.start(
                    "outgoing",
                    Map.of("relayHosts", "127.0.0.1:" + closed.socket().getLocalPort()));
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                            james.json("/outgoing/queue/the-id").get("state").asText() + " "
                                    + james.json("/outgoing/queue/the-id")
                                            .path("attempts")
                                            .asInt())
                    .isEqualTo("deferred 1"));
        }

        JsonNode found = james.json("/outgoing/queue/the-id");
        assertThat(found.get("lastAttempts")).hasSize(1);
        JsonNode attempt = found.get("lastAttempts").get(0);
        assertThat(attempt.get("outcome").asText()).isEqualTo("deferred");
        assertThat(attempt.get("stage").asText()).isEqualTo("connect");
        assertThat(attempt.get("reply").asText()).containsIgnoringCase("refused");
        assertThat(found.get("reason").asText()).containsIgnoringCase("refused");

        JsonNode hop = james.json("/outgoing/next-hops?host=127.0.0.1").get(0);
        assertThat(hop.get("queue").asText()).isEqualTo("outgoing");
        assertThat(hop.get("state").asText()).isEqualTo("open");
        assertThat(hop.get("hosts").toString())
                .isEqualTo("[{\"host\":\"127.0.0.1\",\"open\":0,\"idle\":0,\"waiting\":0}]");
        assertThat(hop.get("limitedBy").asText()).isEqualTo("cut");
        assertThat(hop.get("lastReply").asText()).containsIgnoringCase("refused");
        assertThat(james.json("/outgoing/next-hops?host=*.example")).isEmpty();
        assertThat(james.json("/outgoing/next-hops?offset=1")).isEmpty();
        assertThat(james.json("/outgoing/next-hops?limit=1")).hasSize(1);

        JsonNode glance = james.json("/outgoing").get(0);
        assertThat(glance.get("mode").asText()).isEqualTo("relay");
        assertThat(glance.get("state").asText()).isEqualTo("running");
        assertThat(glance.get("rates").get("1m").get("attempts").asDouble()).isEqualTo(1);
        assertThat(glance.get("rates").get("1m").get("deferred").asDouble()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone", "dsn-1", "%3Cscript%3E", "a%20b"})
    void oneThatIsGoneIsNotFound(String mail) throws Exception {
        james.startSuspended("outgoing");

        james.assertBad("/outgoing/queue/" + mail, 404, "There is no mail ");
    }

    @Test
    void takesNoOtherParameters() throws Exception {
        james.startSuspended("outgoing");

        james.assertBad("/outgoing/queue/a?limit=1", 400, "'limit' is no parameter of this request; allowed: queue");
    }
}
