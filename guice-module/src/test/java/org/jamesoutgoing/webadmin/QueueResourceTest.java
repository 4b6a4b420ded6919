/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.service.OutgoingMailService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueResourceTest {

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    @Test
    void showsEachMail() throws Exception {
        OutgoingMailService service = james.startSuspended("outgoing");
        Instant accepted = Instant.parse("2030-01-01T00:00:00Z");
        RunningServices.list(service, "a", QueueState.DEFERRED, accepted, "x@s.example", "b@b.example");

        assertThat(james.json("/outgoing/queue").toString())
                .isEqualTo("[{\"id\":\"a\",\"queue\":\"outgoing\",\"name\":\"name-of-a\",\"state\":\"deferred\","
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
        RunningServices.list(
                service, "a", QueueState.QUEUED, RunningServices.ago(Duration.ZERO), "x@s.example", recipients);

        JsonNode mail = james.json("/outgoing/queue").get(0);

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
                service,
                "a",
                QueueState.DEFERRED,
                RunningServices.ago(Duration.ofHours(2)),
                "x@s.example",
                "bob@b.example");
        RunningServices.list(
                service, "b", QueueState.QUEUED, RunningServices.ago(Duration.ZERO), "x@s.example", "bob@d.example");
        RunningServices.list(
                service, "c", QueueState.ACTIVE, RunningServices.ago(Duration.ofHours(1)), "<>", "bob@b.example");

        assertThat(String.join(",", james.json("/outgoing/queue?" + query).findValuesAsText("id")))
                .isEqualTo(ids);
    }

    @Test
    void severalServicesAreOneListById() throws Exception {
        OutgoingMailService first = james.startSuspended("first");
        OutgoingMailService second = james.startSuspended("second");
        for (String id : List.of("a", "d", "e")) {
            RunningServices.list(
                    first, id, QueueState.QUEUED, RunningServices.ago(Duration.ZERO), "<>", "bob@b.example");
        }
        for (String id : List.of("b", "c", "f")) {
            RunningServices.list(
                    second, id, QueueState.QUEUED, RunningServices.ago(Duration.ZERO), "<>", "bob@b.example");
        }

        JsonNode all = james.json("/outgoing/queue");

        assertThat(all.findValuesAsText("id")).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(all.findValuesAsText("queue"))
                .containsExactly("first", "second", "second", "first", "first", "second");
        assertThat(james.json("/outgoing/queue?queue=second").findValuesAsText("id"))
                .containsExactly("b", "c", "f");
        assertThat(james.json("/outgoing/queue?limit=2&after=b").findValuesAsText("id"))
                .containsExactly("c", "d");
    }

    @Test
    void pageByPageEveryMailComesOnce() throws Exception {
        OutgoingMailService service = james.startSuspended("outgoing");
        for (int i = 0; i < 250; i++) {
            RunningServices.list(
                    service,
                    String.format("m%03d", i),
                    QueueState.QUEUED,
                    RunningServices.ago(Duration.ZERO),
                    "<>",
                    "b@b.example");
        }
        List<String> ids = new ArrayList<>();
        JsonNode page = james.json("/outgoing/queue");
        while (!page.isEmpty()) {
            assertThat(page.size()).isLessThanOrEqualTo(100);
            ids.addAll(page.findValuesAsText("id"));
            page = james.json("/outgoing/queue?after=" + ids.get(ids.size() - 1));
        }

        assertThat(ids).hasSize(250).isSorted().doesNotHaveDuplicates();
        assertThat(james.json("/outgoing/queue?limit=0")).hasSize(250);
        assertThat(james.json("/outgoing/queue?limit=unlimited")).hasSize(250);
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
                    RunningServices.ago(Duration.ZERO),
                    "<>",
                    "b@b.example");
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), james.port())) {
            socket.getOutputStream()
                    .write("GET /outgoing/queue?limit=0 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 512);
            char[] beginning = new char[2000];
            int read = 0;
            while (read < beginning.length) {
                read += in.read(beginning, read, beginning.length - read);
            }
            assertThat(new String(beginning)).contains("200 OK").contains("m000000");

            for (ListedMail mail : service.ledger().mails("")) {
                service.ledger().end(mail.recordId());
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
                    RunningServices.ago(Duration.ZERO),
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

        assertThat(james.json("/outgoing/queue?limit=1")).hasSize(1);
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

        james.assertBad("/outgoing/queue?" + query, 400, said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/outgoing/queue", "/outgoing/queue/x", "/outgoing/next-hops", "/outgoing/ages"})
    void withoutServicesThereIsNothingToAsk(String path) throws Exception {
        james.assertBad(path, 409, "No outgoing-mail service runs");
    }
}
