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
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.Hold;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.Stamp;
import org.jamesoutgoing.service.OutgoingMailService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookingTest {

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    private static Instant ago(Duration age) {
        return Instant.now().minus(age);
    }

    private JsonNode json(String path, String... headers) throws Exception {
        HttpResponse<String> answer = james.get(path, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        return Webadmin.json(answer);
    }

    private void assertBad(String path, int status, String said) throws Exception {
        HttpResponse<String> answer = james.get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
        JsonNode problem = Webadmin.json(answer);
        assertThat(problem.get("message").asText() + ": "
                        + problem.path("details").asText())
                .contains(said);
        assertThat(answer.body()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Nested
    class Glance {

        @Test
        void withoutServicesTheListIsEmpty() throws Exception {
            assertThat(json("/outgoing")).isEmpty();
        }

        @Test
        void showsWhatWaitsAndWhy() throws Exception {
            OutgoingMailService service = james.start("outgoing", Map.of("enabled", "false", "maxQueueMails", "10"));
            RunningServices.list(
                    service, "a", QueueState.DEFERRED, ago(Duration.ofHours(2)), "x@s.example", "b@b.example");
            RunningServices.list(
                    service, "b", QueueState.DEFERRED, ago(Duration.ofHours(1)), "x@s.example", "c@b.example");
            RunningServices.list(service, "c", QueueState.QUEUED, ago(Duration.ZERO), "y@s.example", "b@c.example");

            JsonNode glance = json("/outgoing").get(0);

            assertThat(glance.get("queue").asText()).isEqualTo("outgoing");
            assertThat(glance.get("mode").asText()).isEqualTo("independent");
            assertThat(glance.get("state").asText()).isEqualTo("suspended");
            assertThat(glance.get("suspension").get("reason").asText()).isEqualTo("enabled=false");
            assertThat(glance.get("suspension").has("since")).isFalse();
            assertThat(glance.get("mails").get("deferred").toString()).isEqualTo("{\"mails\":2,\"bytes\":2000}");
            assertThat(glance.get("mails").get("held").toString()).isEqualTo("{\"mails\":0,\"bytes\":0}");
            assertThat(glance.get("oldest").get("id").asText()).isEqualTo("a");
            assertThat(glance.get("oldest").get("ageSeconds").asLong()).isBetween(7200L, 7260L);
            assertThat(glance.get("limits").get("mails").toString()).isEqualTo("{\"limit\":10,\"used\":3}");
            assertThat(glance.get("limits").get("mailsPerDomain").toString())
                    .isEqualTo("{\"used\":2,\"by\":\"b.example\"}");
            assertThat(glance.get("limits").get("mailsPerSender").toString())
                    .isEqualTo("{\"used\":2,\"by\":\"x@s.example\"}");
            assertThat(glance.get("rates").get("15m").toString())
                    .isEqualTo("{\"attempts\":0.0,\"accepted\":0.0,\"deferred\":0.0,\"failed\":0.0}");
            assertThat(glance.get("reasons").toString())
                    .isEqualTo("[{\"reason\":\"delivery is suspended: enabled=false\",\"mails\":2}]");
            assertThat(glance.get("unread").asLong()).isZero();
            assertThat(glance.get("notices").asLong()).isZero();
        }

        @Test
        void hasOneEntryForEachQueue() throws Exception {
            james.startSuspended("b");
            james.startSuspended("a");

            assertThat(json("/outgoing").findValuesAsText("queue")).containsExactly("a", "b");
        }

        @Test
        void takesNoParameters() throws Exception {
            assertBad("/outgoing?queue=x", 400, "'queue' is no parameter of this request");
        }
    }

    @Nested
    class Queue {

        @Test
        void showsEachMail() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            Instant accepted = Instant.parse("2030-01-01T00:00:00Z");
            RunningServices.list(service, "a", QueueState.DEFERRED, accepted, "x@s.example", "b@b.example");

            assertThat(json("/outgoing/queue").toString())
                    .isEqualTo(
                            "[{\"id\":\"a\",\"queue\":\"outgoing\",\"name\":\"name-of-a\",\"state\":\"deferred\","
                                    + "\"sender\":\"x@s.example\",\"recipients\":[\"b@b.example\"],\"recipientsInAll\":1,"
                                    + "\"size\":1000,\"acceptedAt\":\"2030-01-01T00:00:00Z\",\"due\":\"2030-01-01T00:00:00Z\","
                                    + "\"expiry\":\"2030-01-06T00:00:00Z\",\"reason\":\"delivery is suspended: enabled=false\"}]");
        }

        @Test
        void hasNoMoreThanTenRecipientsOfEachMail() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            String[] recipients = new String[30];
            for (int i = 0; i < recipients.length; i++) {
                recipients[i] = "b" + i + "@b.example";
            }
            RunningServices.list(service, "a", QueueState.QUEUED, ago(Duration.ZERO), "x@s.example", recipients);

            JsonNode mail = json("/outgoing/queue").get(0);

            assertThat(mail.get("recipients")).hasSize(10);
            assertThat(mail.get("recipientsInAll").asInt()).isEqualTo(30);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "domain=b.example|a,c",
                    "domain=B.EXAMPLE.|a,c",
                    "sender=%3C%3E|c",
                    "recipient=bob@d.example|b",
                    "olderThan=90m|a",
                    "state=queued|b",
                    "state=queued,held|b",
                    "reason=Suspended:%20enabled|a,b",
                    "reason=not%20tried|c",
                    "domain=b.example&olderThan=90m|a",
                    "domain=nowhere.example|''",
                    "domain=&state=|a,b,c",
                })
        void everyFilterCounts(String query, String ids) throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            RunningServices.list(
                    service, "a", QueueState.DEFERRED, ago(Duration.ofHours(2)), "x@s.example", "bob@b.example");
            RunningServices.list(service, "b", QueueState.QUEUED, ago(Duration.ZERO), "x@s.example", "bob@d.example");
            RunningServices.list(service, "c", QueueState.ACTIVE, ago(Duration.ofHours(1)), "<>", "bob@b.example");

            assertThat(String.join(",", json("/outgoing/queue?" + query).findValuesAsText("id")))
                    .isEqualTo(ids);
        }

        @Test
        void severalServicesAreOneListById() throws Exception {
            OutgoingMailService first = james.startSuspended("first");
            OutgoingMailService second = james.startSuspended("second");
            for (String id : List.of("a", "d", "e")) {
                RunningServices.list(first, id, QueueState.QUEUED, ago(Duration.ZERO), "<>", "bob@b.example");
            }
            for (String id : List.of("b", "c", "f")) {
                RunningServices.list(second, id, QueueState.QUEUED, ago(Duration.ZERO), "<>", "bob@b.example");
            }

            JsonNode all = json("/outgoing/queue");

            assertThat(all.findValuesAsText("id")).containsExactly("a", "b", "c", "d", "e", "f");
            assertThat(all.findValuesAsText("queue"))
                    .containsExactly("first", "second", "second", "first", "first", "second");
            assertThat(json("/outgoing/queue?queue=second").findValuesAsText("id"))
                    .containsExactly("b", "c", "f");
            assertThat(json("/outgoing/queue?limit=2&after=b").findValuesAsText("id"))
                    .containsExactly("c", "d");
        }

        @Test
        void pageByPageEveryMailComesOnce() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            for (int i = 0; i < 250; i++) {
                RunningServices.list(
                        service, String.format("m%03d", i), QueueState.QUEUED, ago(Duration.ZERO), "<>", "b@b.example");
            }
            List<String> ids = new ArrayList<>();
            JsonNode page = json("/outgoing/queue");
            while (!page.isEmpty()) {
                assertThat(page.size()).isLessThanOrEqualTo(100);
                ids.addAll(page.findValuesAsText("id"));
                page = json("/outgoing/queue?after=" + ids.get(ids.size() - 1));
            }

            assertThat(ids).hasSize(250).isSorted().doesNotHaveDuplicates();
            assertThat(json("/outgoing/queue?limit=0")).hasSize(250);
            assertThat(json("/outgoing/queue?limit=unlimited")).hasSize(250);
        }

        /** What is ahead of the reader is not taken down yet: it is only then that a mail counts as listed. */
        @Test
        void aHundredThousandMailsAreNotHeldInMemory() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            for (int i = 0; i < 100_000; i++) {
                RunningServices.list(
                        service,
                        String.format("m%06d", i),
                        QueueState.DEFERRED,
                        ago(Duration.ZERO),
                        "<>",
                        "b@b.example");
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), james.port())) {
                socket.getOutputStream()
                        .write("GET /outgoing/queue?limit=0 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 512);
                char[] beginning = new char[2000];
                int read = 0;
                while (read < beginning.length) {
                    read += in.read(beginning, read, beginning.length - read);
                }
                assertThat(new String(beginning)).contains("200 OK").contains("m000000");

                for (ListedMail mail : service.ledger().mails("")) {
                    service.ledger().end(mail.facts().stamp());
                }
                int length = 0;
                int last = 0;
                for (int character = in.read(); character >= 0; character = in.read()) {
                    length++;
                    last = character;
                }

                // All of them would be some 30 million characters; the network's own buffers hold a few.
                assertThat(length).isLessThan(15_000_000);
                assertThat((char) last).isEqualTo(']');
            }
        }

        @Test
        void aReaderWhoGoesAwayHarmsNobody() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            for (int i = 0; i < 50_000; i++) {
                RunningServices.list(
                        service,
                        String.format("m%06d", i),
                        QueueState.DEFERRED,
                        ago(Duration.ZERO),
                        "<>",
                        "b@b.example");
            }
            for (int i = 0; i < 20; i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), james.port())) {
                    socket.getOutputStream()
                            .write("GET /outgoing/queue?limit=0 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().read()).isEqualTo('H');
                }
            }

            assertThat(json("/outgoing/queue?limit=1")).hasSize(1);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "domian=b.example|'domian' is no parameter of this request; did you mean 'domain'?",
                    "limit=-1|'limit' is '-1'; allowed: a whole number from 1 to 2147483647, or 0 or unlimited for all",
                    "limit=many|'limit' is 'many'",
                    "after=..%2F|'after' is '../'; allowed: the id of a mail",
                    "state=waiting|'state' is 'waiting'; allowed: one or more of queued, active, deferred, held, overflow",
                    "olderThan=5|'olderThan' is '5'; allowed: a time with its unit",
                    "sender=nobody|'sender' is 'nobody'; allowed: an address",
                    "domain=not%20one|'domain' is 'not one'; allowed: a domain",
                    "domain=a.example&domain=b.example|'domain' is given 2 times; allowed: once",
                    "queue=spool|'queue' is 'spool', which no outgoing-mail service has; allowed: outgoing",
                    "offset=5|'offset' is no parameter of this request",
                })
        void aBadQueryIsToldWhatIsAllowed(String query, String said) throws Exception {
            james.startSuspended("outgoing");

            assertBad("/outgoing/queue?" + query, 400, said);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/outgoing/queue", "/outgoing/queue/x", "/outgoing/next-hops", "/outgoing/ages"})
        void withoutServicesThereIsNothingToAsk(String path) throws Exception {
            assertBad(path, 409, "No outgoing-mail service runs");
        }
    }

    @Nested
    class OneMail {

        @Test
        void isFoundByItsIdAndByItsName() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            RunningServices.list(service, "a", QueueState.QUEUED, ago(Duration.ZERO), "<>", "bob@b.example");

            JsonNode mail = json("/outgoing/queue/a");

            assertThat(json("/outgoing/queue/name-of-a")).isEqualTo(mail);
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

            assertBad(
                    "/outgoing/queue/twins", 400, "several mails have this name; allowed: the id of one, such as a, b");
            assertThat(json("/outgoing/queue/twins?queue=second").get("id").asText())
                    .isEqualTo("b");
        }

        private org.jamesoutgoing.queue.Waiting named(String id, String name) throws Exception {
            Mail mail = MailImpl.builder().name(name).build();
            return org.jamesoutgoing.queue.Waiting.of(
                    mail,
                    MailState.admitted(id, name, ago(Duration.ZERO), List.of(new MailAddress("bob@b.example"))),
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
                            .withStamp(new Stamp("the-id", 1))
                            .withDue(Instant.parse("2030-01-01T01:00:00Z"))
                            .withHold(new Hold(
                                    Hold.Kind.HELD,
                                    "looked into",
                                    accepted,
                                    Optional.of(Instant.parse("2030-01-02T00:00:00Z")))),
                    mail);
            james.startSuspended("outgoing");

            JsonNode found = json("/outgoing/queue/the-id");

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
                                    "the-id", "the-mail", ago(Duration.ZERO), List.of(new MailAddress("bob@b.example")))
                            .withStamp(new Stamp("the-id", 1)),
                    MailImpl.builder()
                            .name("the-mail")
                            .sender("x@s.example")
                            .addRecipient("bob@b.example")
                            .mimeMessage(MimeMessageBuilder.mimeMessageBuilder().setText("text"))
                            .build());
            int closed;
            try (ServerSocket nobody = new ServerSocket(0)) {
                closed = nobody.getLocalPort();
            }
            james.start("outgoing", Map.of("relayHosts", "127.0.0.1:" + closed));

            await().untilAsserted(() -> assertThat(json("/outgoing/queue/the-id")
                                    .get("state")
                                    .asText() + " "
                            + json("/outgoing/queue/the-id").path("attempts").asInt())
                    .isEqualTo("deferred 1"));
            JsonNode found = json("/outgoing/queue/the-id");
            assertThat(found.get("lastAttempts")).hasSize(1);
            JsonNode attempt = found.get("lastAttempts").get(0);
            assertThat(attempt.get("outcome").asText()).isEqualTo("deferred");
            assertThat(attempt.get("stage").asText()).isEqualTo("connect");
            assertThat(attempt.get("reply").asText()).containsIgnoringCase("refused");
            assertThat(found.get("reason").asText()).containsIgnoringCase("refused");

            JsonNode hop = json("/outgoing/next-hops?host=127.0.0.1").get(0);
            assertThat(hop.get("queue").asText()).isEqualTo("outgoing");
            assertThat(hop.get("state").asText()).isEqualTo("open");
            assertThat(hop.get("hosts").toString())
                    .isEqualTo("[{\"host\":\"127.0.0.1\",\"open\":0,\"idle\":0,\"waiting\":0}]");
            assertThat(hop.get("limitedBy").asText()).isEqualTo("cut");
            assertThat(hop.get("lastReply").asText()).containsIgnoringCase("refused");
            assertThat(json("/outgoing/next-hops?host=*.example")).isEmpty();
            assertThat(json("/outgoing/next-hops?offset=1")).isEmpty();
            assertThat(json("/outgoing/next-hops?limit=1")).hasSize(1);

            JsonNode glance = json("/outgoing").get(0);
            assertThat(glance.get("mode").asText()).isEqualTo("relay");
            assertThat(glance.get("state").asText()).isEqualTo("running");
            assertThat(glance.get("rates").get("1m").get("attempts").asDouble()).isEqualTo(1);
            assertThat(glance.get("rates").get("1m").get("deferred").asDouble()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"gone", "dsn-1", "%3Cscript%3E", "a%20b"})
        void oneThatIsGoneIsNotFound(String mail) throws Exception {
            james.startSuspended("outgoing");

            assertBad("/outgoing/queue/" + mail, 404, "There is no mail ");
        }

        @Test
        void takesNoOtherParameters() throws Exception {
            james.startSuspended("outgoing");

            assertBad("/outgoing/queue/a?limit=1", 400, "'limit' is no parameter of this request; allowed: queue");
        }
    }

    @Nested
    class NextHops {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "limit=-1|'limit' is '-1'",
                    "offset=-1|'offset' is '-1'; allowed: a whole number from 0 to 2147483647",
                    "hots=mx|did you mean 'host'?",
                    "queue=spool|'queue' is 'spool'",
                })
        void aBadQueryIsToldWhatIsAllowed(String query, String said) throws Exception {
            james.startSuspended("outgoing");

            assertBad("/outgoing/next-hops?" + query, 400, said);
        }

        @Test
        void beforeAnyMailThereAreNone() throws Exception {
            james.startSuspended("outgoing");

            assertThat(json("/outgoing/next-hops")).isEmpty();
        }
    }

    @Nested
    class Ages {

        private void mails() throws Exception {
            OutgoingMailService service = james.startSuspended("outgoing");
            RunningServices.list(service, "a", QueueState.DEFERRED, ago(Duration.ofMinutes(1)), "<>", "bob@b.example");
            RunningServices.list(service, "b", QueueState.DEFERRED, ago(Duration.ofMinutes(7)), "<>", "bob@b.example");
            RunningServices.list(
                    service, "c", QueueState.QUEUED, ago(Duration.ofDays(2)), "<>", "bob@long-name.example");
        }

        @Test
        void areThoseOfEachDomain() throws Exception {
            mails();

            JsonNode ages = json("/outgoing/ages?buckets=3");

            assertThat(ages.toString())
                    .isEqualTo("{\"total\":{\"mails\":3,\"ages\":{\"5\":1,\"10\":1,\"10+\":1}},\"domains\":{"
                            + "\"b.example\":{\"mails\":2,\"ages\":{\"5\":1,\"10\":1,\"10+\":0}},"
                            + "\"long-name.example\":{\"mails\":1,\"ages\":{\"5\":0,\"10\":0,\"10+\":1}}}}");
            assertThat(json("/outgoing/ages?state=queued&limit=1")
                            .get("domains")
                            .fieldNames())
                    .toIterable()
                    .containsExactly("long-name.example");
        }

        @Test
        void areATableForWhoWantsText() throws Exception {
            mails();

            HttpResponse<String> answer = james.get("/outgoing/ages", "Accept", "text/plain");

            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(answer.body())
                    .isEqualTo("                  T 5 10 20 40 80 160 320 640 1280 1280+\n"
                            + "            TOTAL 3 1  1  0  0  0   0   0   0    0     1\n"
                            + "        b.example 2 1  1  0  0  0   0   0   0    0     0\n"
                            + "long-name.example 1 0  0  0  0  0   0   0   0    0     1\n");
        }

        @Test
        void areNeitherPictureNorHtml() throws Exception {
            james.startSuspended("outgoing");

            assertThat(james.get("/outgoing/ages", "Accept", "image/png").statusCode())
                    .isEqualTo(406);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "buckets=1|'buckets' is '1'; allowed: a whole number from 2 to 20",
                    "buckets=x|'buckets' is 'x'",
                    "state=old|'state' is 'old'",
                    "domain=b.example|'domain' is no parameter of this request",
                })
        void aBadQueryIsToldWhatIsAllowed(String query, String said) throws Exception {
            james.startSuspended("outgoing");

            assertBad("/outgoing/ages?" + query, 400, said);
        }
    }
}
