/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.service.OutgoingMailService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesResourceTest {

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    private void mails() throws Exception {
        OutgoingMailService service = james.startSuspended("outgoing");
        RunningServices.list(
                service, "a", QueueState.DEFERRED, RunningServices.ago(Duration.ofMinutes(1)), "<>", "bob@b.example");
        RunningServices.list(
                service, "b", QueueState.DEFERRED, RunningServices.ago(Duration.ofMinutes(7)), "<>", "bob@b.example");
        RunningServices.list(
                service,
                "c",
                QueueState.QUEUED,
                RunningServices.ago(Duration.ofDays(2)),
                "<>",
                "bob@long-name.example");
    }

    @Test
    void areThoseOfEachDomain() throws Exception {
        mails();

        JsonNode ages = james.json("/outgoing/ages?buckets=3");

        assertThat(ages.toString())
                .isEqualTo("{\"total\":{\"mails\":3,\"ages\":{\"5\":1,\"10\":1,\"10+\":1}},\"domains\":{"
                        + "\"b.example\":{\"mails\":2,\"ages\":{\"5\":1,\"10\":1,\"10+\":0}},"
                        + "\"long-name.example\":{\"mails\":1,\"ages\":{\"5\":0,\"10\":0,\"10+\":1}}}}");
        assertThat(james.json("/outgoing/ages?state=queued&limit=1")
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

        james.assertBad("/outgoing/ages?" + query, 400, said);
    }
}
