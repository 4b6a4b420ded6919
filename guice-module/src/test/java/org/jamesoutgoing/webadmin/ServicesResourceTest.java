/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.service.OutgoingMailService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServicesResourceTest {

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    @Test
    void withoutServicesTheListIsEmpty() throws Exception {
        assertThat(james.json("/outgoing")).isEmpty();
    }

    @Test
    void showsWhatWaitsAndWhy() throws Exception {
        OutgoingMailService service = james.start("outgoing", Map.of("enabled", "false", "maxQueueMails", "10"));
        RunningServices.list(
                service,
                "a",
                QueueState.DEFERRED,
                RunningServices.ago(Duration.ofHours(2)),
                "x@s.example",
                "b@b.example");
        RunningServices.list(
                service,
                "b",
                QueueState.DEFERRED,
                RunningServices.ago(Duration.ofHours(1)),
                "x@s.example",
                "c@b.example");
        RunningServices.list(
                service, "c", QueueState.QUEUED, RunningServices.ago(Duration.ZERO), "y@s.example", "b@c.example");

        JsonNode glance = james.json("/outgoing").get(0);

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

        assertThat(james.json("/outgoing").findValuesAsText("queue")).containsExactly("a", "b");
    }

    @Test
    void takesNoParameters() throws Exception {
        james.assertBad("/outgoing?queue=x", 400, "'queue' is no parameter of this request");
    }
}
