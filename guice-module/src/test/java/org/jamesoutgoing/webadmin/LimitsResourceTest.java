/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.service.ControlCodec;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.store.JsonStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How large a queue may grow, set by webadmin. */
class LimitsResourceTest {

    private static final Map<String, String> FILE = Map.of("maxQueueMails", "100", "maxQueueSize", "1M");

    @TempDir
    Path james;

    private RunningServices services;

    @AfterEach
    void stop() {
        services.close();
    }

    private OutgoingMailService start() throws Exception {
        services = new RunningServices(JsonStore.at(james.resolve("outgoing-controls.json"), new ControlCodec()));
        return services.start("outgoing", FILE);
    }

    private void assertAnswered(int status, String method, String path, String body) throws Exception {
        HttpResponse<String> answer = services.send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private String get() throws Exception {
        return services.get("/outgoing/limits").body();
    }

    @Test
    void withoutChangeTheFileCounts() throws Exception {
        start();
        assertThat(get())
                .isEqualTo("{\"queue\":\"outgoing\","
                        + "\"limits\":{\"mails\":100,\"size\":1048576,\"mailsPerDomain\":0,\"mailsPerSender\":0},"
                        + "\"file\":{\"mails\":100,\"size\":1048576,\"mailsPerDomain\":0,\"mailsPerSender\":0},"
                        + "\"runtime\":{}}");
    }

    @Test
    void whatIsSetCountsFromThenOnAndTheRestIsTheFiles() throws Exception {
        OutgoingMailService service = start();
        assertAnswered(204, "PATCH", "/outgoing/limits", "{\"mails\": 7, \"size\": \"2G\", \"mailsPerSender\": \"3\"}");
        assertThat(service.controls().limits()).isEqualTo(new QueueLimits(7, 2L << 30, 0, 3));
        assertThat(get()).endsWith("\"runtime\":{\"mails\":7,\"size\":2147483648,\"mailsPerSender\":3}}");
        assertAnswered(204, "PATCH", "/outgoing/limits", "{\"mails\": null, \"mailsPerDomain\": 2, \"size\": 0}");
        assertThat(service.controls().limits()).isEqualTo(new QueueLimits(100, 0, 2, 3));
        assertAnswered(204, "DELETE", "/outgoing/limits", "");
        assertThat(service.controls().limits()).isEqualTo(new QueueLimits(100, 1 << 20, 0, 0));
        assertThat(get()).endsWith("\"runtime\":{}}");
    }

    @Test
    void itIsKeptOverARestart() throws Exception {
        start();
        assertAnswered(204, "PATCH", "/outgoing/limits", "{\"mails\": 7}");
        services.close();
        assertThat(start().controls().limits()).isEqualTo(new QueueLimits(7, 1 << 20, 0, 0));
    }

    @Test
    void eachQueueHasItsOwn() throws Exception {
        OutgoingMailService outgoing = start();
        OutgoingMailService partners = services.start("partners", Map.of());
        assertAnswered(204, "PATCH", "/outgoing/limits?queue=partners", "{\"mails\": 7}");
        assertThat(partners.controls().limits().mails()).isEqualTo(7);
        assertThat(outgoing.controls().limits().mails()).isEqualTo(100);
    }

    @Test
    void ofSeveralQueuesTheOneNamedOutgoingIsMeantWhereThereIsOne() throws Exception {
        OutgoingMailService outgoing = start();
        OutgoingMailService first = services.start("archive", Map.of());
        OutgoingMailService partners = services.start("partners", Map.of());
        assertAnswered(204, "PATCH", "/outgoing/limits", "{\"mails\": 7}");
        assertThat(outgoing.controls().limits().mails()).isEqualTo(7);
        assertThat(first.controls().limits().mails()).isZero();
        assertThat(partners.controls().limits().mails()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'mails': -1} | 'mails' is '-1'; allowed: a whole number from 0 to 2147483647",
                "{'mails': 'many'} | 'mails' is 'many'; allowed: a whole number",
                "{'size': -5} | 'size' is '-5'; allowed: a size of at least 0 bytes",
                "{'size': '2X'} | 'size' is '2X'; allowed: a size",
                "{'mailsPerSender': 1.5} | 'mailsPerSender' is '1.5'; allowed",
                "{'mailsPerDomian': 1} | did you mean 'mailsPerDomain'",
                "[] | the body is no JSON object",
            })
    void aMistakeIsNamedAndChangesNothing(String body, String said) throws Exception {
        OutgoingMailService service = start();
        HttpResponse<String> answer = services.send("PATCH", "/outgoing/limits", body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(Webadmin.json(answer).get("details").asText()).contains(said.trim());
        assertThat(service.controls().limits()).isEqualTo(new QueueLimits(100, 1 << 20, 0, 0));
    }
}
