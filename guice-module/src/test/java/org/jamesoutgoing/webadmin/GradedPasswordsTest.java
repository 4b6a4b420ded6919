/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.server.core.MailImpl;
import org.apache.james.task.TaskManager;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.tasks.QueueActionTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** James grades passwords by the HTTP method alone: what only looks is a GET, and what takes mail away is a DELETE. */
class GradedPasswordsTest {

    private static RunningServices services(Map<String, String> properties, String... ids) throws Exception {
        RunningServices james = new RunningServices(properties);
        for (String id : ids) {
            james.store(
                    MailState.admitted(id, id, Instant.now(), List.of(new MailAddress("bob@" + id + ".example")))
                            .withRecordId(new RecordId(id, 1))
                            .withDue(Instant.now().plus(Duration.ofHours(1))),
                    MailImpl.builder()
                            .name(id)
                            .sender("x@s.example")
                            .addRecipient("bob@" + id + ".example")
                            .mimeMessage(MimeMessageBuilder.mimeMessageBuilder().setText("text"))
                            .build());
        }
        james.startSuspended("outgoing");
        return james;
    }

    @ParameterizedTest
    @CsvSource({
        "/outgoing/routes/trace, recipient, bob@example.com",
        "/outgoing/dns/test, domain, example.com",
    })
    void whatIsAskedForWithPostIsAnsweredToGet(String path, String name, String value) throws Exception {
        try (RunningServices james = services(Map.of())) {
            ObjectNode posted =
                    (ObjectNode) Webadmin.json(james.send("POST", path, "{\"" + name + "\": \"" + value + "\"}"));
            ObjectNode got = (ObjectNode) james.json(path + "?" + name + "=" + value + "&queue=outgoing");

            posted.remove("dns");
            assertThat(got.remove(List.of("dns"))).isEqualTo(posted);
            assertThat(got.get("queue").asText()).isEqualTo("outgoing");
            james.assertBad(path, 400, "'" + name + "' is missing");
            james.assertBad(path + "?" + name + "=a@b@c", 400, "'" + name + "'");
            james.assertBad(path + "?colour=red&" + name + "=" + value, 400, "'colour'");
        }
    }

    @Test
    void aPreviewInTheWordsInUseIsAnsweredToGet() throws Exception {
        try (RunningServices james = services(Map.of())) {
            HttpResponse<String> posted = james.post("/outgoing/templates/failure/preview", "Accept", "text/plain");
            HttpResponse<String> got = james.get("/outgoing/templates/failure/preview", "Accept", "text/plain");

            assertThat(got.statusCode()).isEqualTo(200);
            assertThat(got.body()).isEqualTo(posted.body()).isNotEmpty();
        }
    }

    @Test
    void aDryRunIsAnsweredToGetAndNothingElseIsDone() throws Exception {
        try (RunningServices james = services(Map.of(), "a", "b")) {
            james.get("/outgoing/queue/a");
            james.get("/outgoing/queue/b");

            assertThat(james.json("/outgoing/queue?action=delete&domain=a.example&dryRun=true")
                            .toString())
                    .isEqualTo("{\"mails\":1,\"unread\":0}");
            james.assertBad("/outgoing/queue?action=delete&domain=a.example&dryRun=false", 400, "a GET does nothing");
            james.assertBad("/outgoing/queue?action=delete&domain=a.example", 400, "'action'");
            james.assertBad("/outgoing/queue?domain=a.example&dryRun=true", 400, "'action' is missing");
            assertThat(james.stored()).hasSize(2);
        }
    }

    @Test
    void deleteTakesAwayOneMailOrAllThatAFilterMeans() throws Exception {
        try (RunningServices james = services(Map.of(), "a", "b", "c", "d")) {
            assertThat(Webadmin.json(james.send("DELETE", "/outgoing/queue/a?because=spam", ""))
                            .toString())
                    .isEqualTo("{\"mail\":\"a\",\"action\":\"delete\",\"result\":\"done\"}");
            assertThat(james.sent()).isEmpty();

            HttpResponse<String> created = james.send("DELETE", "/outgoing/queue?domain=b.example", "");
            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(((QueueActionTask.Details) james.end(created)
                                    .getAdditionalInformation()
                                    .orElseThrow())
                            .action())
                    .isEqualTo("delete");

            assertThat(Webadmin.json(james.send("DELETE", "/outgoing/queue/c?action=fail", ""))
                            .get("result")
                            .asText())
                    .isEqualTo("done");
            assertThat(james.sent()).containsExactly("[x@s.example]");
            assertThat(james.stored()).containsExactly("d.1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?|every mail is meant; allowed: a filter",
                "?domain=|'domain' is empty",
                "?action=hold&domain=a.example|allowed with DELETE: delete, fail",
                "/a?action=retry|allowed with DELETE: delete, fail",
                "/a?for=2h|only hold ends by itself",
            })
    void aDeleteThatIsNoneIsRefused(String query, String said) throws Exception {
        try (RunningServices james = services(Map.of(), "a")) {
            RunningServices.assertProblem(query, 400, said, james.send("DELETE", "/outgoing/queue" + query, ""));
            assertThat(james.stored()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"password.readonly", "password.nodelete"})
    void whereTheyAreSetPostTakesNothingAway(String property) throws Exception {
        try (RunningServices james = services(Map.of(property, "secret"), "a", "b")) {
            for (String path : List.of("/outgoing/queue/a?action=", "/outgoing/queue?all=true&action=")) {
                for (String action : List.of("delete", "fail")) {
                    RunningServices.assertProblem(
                            path + action, 403, "; allowed: the same with DELETE", james.post(path + action));
                }
            }
            assertThat(james.stored()).hasSize(2);
            assertThat(james.post("/outgoing/queue/a?action=retry").statusCode())
                    .isEqualTo(200);
            assertThat(james.post("/outgoing/queue?all=true&action=delete&dryRun=true")
                            .statusCode())
                    .isEqualTo(200);

            assertThat(james.send("DELETE", "/outgoing/queue/a?action=fail", "").statusCode())
                    .isEqualTo(200);
            assertThat(james.end(james.send("DELETE", "/outgoing/queue?all=true", ""))
                            .getStatus())
                    .isEqualTo(TaskManager.Status.COMPLETED);
            assertThat(james.stored()).isEmpty();
        }
    }

    @Test
    void whereThereAreNoneInForcePostDeletes() throws Exception {
        for (Map<String, String> properties : List.of(
                Map.of("password", "secret"),
                Map.of("password.readonly", " "),
                Map.of("password.nodelete", "secret", "jwt.enabled", "true"))) {
            try (RunningServices james = services(properties, "a")) {
                assertThat(james.post("/outgoing/queue/a?action=delete").statusCode())
                        .as("%s", properties)
                        .isEqualTo(200);
                assertThat(james.stored()).isEmpty();
            }
        }
    }
}
