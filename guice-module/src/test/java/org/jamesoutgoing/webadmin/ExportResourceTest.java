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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.server.core.MailImpl;
import org.apache.james.task.TaskExecutionDetails;
import org.apache.james.task.TaskManager;
import org.jamesoutgoing.queue.Hold;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.service.Export;
import org.jamesoutgoing.service.Import;
import org.jamesoutgoing.tasks.ExportTask;
import org.jamesoutgoing.tasks.ImportTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All that waits on one server, and all that was changed there while it ran, on another one. */
class ExportResourceTest {

    private static final Hold HELD = new Hold(Hold.Kind.HELD, "looked into", Instant.EPOCH, Optional.empty());

    @TempDir
    Path exports;

    private static void store(RunningServices james, String id) throws Exception {
        james.store(
                MailState.admitted(
                                id, "name-of-" + id, Instant.now(), List.of(new MailAddress("bob@" + id + ".example")))
                        .withRecordId(new RecordId(id, 3))
                        .withHold(HELD),
                MailImpl.builder()
                        .name(id)
                        .sender("x@s.example")
                        .addRecipient("bob@" + id + ".example")
                        .mimeMessage(MimeMessageBuilder.mimeMessageBuilder().setText("text"))
                        .build());
    }

    private static TaskExecutionDetails done(RunningServices james, String path) throws Exception {
        HttpResponse<String> answer = james.post(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return james.end(answer);
    }

    private static Import.Progress imported(RunningServices james, String folder) throws Exception {
        TaskExecutionDetails details = done(james, "/outgoing/import?folder=" + folder);
        ImportTask.Details said =
                (ImportTask.Details) details.getAdditionalInformation().orElseThrow();
        assertThat(said.problem()).isEmpty();
        assertThat(details.getStatus()).isEqualTo(TaskManager.Status.COMPLETED);
        return said.progress();
    }

    private static String problemOfImport(RunningServices james, String folder) throws Exception {
        TaskExecutionDetails details = done(james, "/outgoing/import?folder=" + folder);
        assertThat(details.getStatus()).isEqualTo(TaskManager.Status.FAILED);
        return ((ImportTask.Details) details.getAdditionalInformation().orElseThrow())
                .problem()
                .orElseThrow();
    }

    private static Export.Progress exported(RunningServices james, String folder) throws Exception {
        TaskExecutionDetails details = done(james, "/outgoing/export?folder=" + folder);
        assertThat(details.getStatus()).isEqualTo(TaskManager.Status.COMPLETED);
        return ((ExportTask.Details) details.getAdditionalInformation().orElseThrow()).progress();
    }

    /** A server with two mails, and something of everything else. */
    private void export(String folder) throws Exception {
        try (RunningServices james = new RunningServices(exports)) {
            store(james, "a");
            store(james, "b");
            james.start("outgoing", Map.of());
            james.send("PUT", "/outgoing/routes/a.example", "{\"relayHosts\": \"192.0.2.1\"}");
            james.send("PUT", "/outgoing/templates/failure.de", "Subject: Nein\n\nKam nicht an.");
            james.send("PUT", "/outgoing/suspensions/domains/b.example", "{\"reason\": \"they move\"}");
            james.send("PATCH", "/outgoing/limits", "{\"mails\": 7}");
            assertThat(exported(james, folder)).isEqualTo(new Export.Progress(2, 0, 0));
        }
    }

    @Test
    void whatWasExportedIsThereAgainOnAnotherServer() throws Exception {
        export("first.1");
        try (RunningServices james = new RunningServices(exports)) {
            james.start("outgoing", Map.of());

            assertThat(imported(james, "first.1")).isEqualTo(new Import.Progress(2, 0, 0, List.of()));

            assertThat(james.stored()).containsExactlyInAnyOrder("a.3", "b.3");
            JsonNode mail = james.json("/outgoing/queue/a");
            assertThat(mail.get("state").asText()).isEqualTo("held");
            assertThat(mail.get("name").asText()).isEqualTo("name-of-a");
            assertThat(james.json("/outgoing/routes/a.example")
                            .at("/options/relayHosts")
                            .asText())
                    .isEqualTo("192.0.2.1");
            assertThat(james.json("/outgoing/templates/failure.de")
                            .get("source")
                            .asText())
                    .startsWith("Subject: Nein");
            assertThat(james.json("/outgoing/suspensions")
                            .at("/domains/b.example/reason")
                            .asText())
                    .isEqualTo("they move");
            assertThat(james.json("/outgoing/limits").at("/runtime/mails").asInt())
                    .isEqualTo(7);

            assertThat(imported(james, "first.1")).as("once more").isEqualTo(new Import.Progress(0, 0, 0, List.of()));
        }
    }

    @Test
    void whatWasImportedAndIsDoneWithDoesNotComeBack() throws Exception {
        export("x");
        try (RunningServices james = new RunningServices(exports)) {
            james.start("outgoing", Map.of());
            imported(james, "x");
            james.send("DELETE", "/outgoing/queue/a", "");

            imported(james, "x");

            assertThat(james.stored()).containsExactly("b.3");
        }
    }

    @Test
    void whatIsHereAlreadyStaysAsItIs() throws Exception {
        export("x");
        try (RunningServices james = new RunningServices(exports)) {
            store(james, "a");
            james.start("outgoing", Map.of());
            james.send("PUT", "/outgoing/routes/a.example", "{\"relayHosts\": \"192.0.2.99\"}");
            james.send("PUT", "/outgoing/suspensions/domains/b.example", "{\"reason\": \"ours\"}");
            james.send("PATCH", "/outgoing/limits", "{\"size\": \"1G\"}");

            assertThat(imported(james, "x")).isEqualTo(new Import.Progress(1, 1, 0, List.of("route a.example")));

            assertThat(james.json("/outgoing/routes/a.example")
                            .at("/options/relayHosts")
                            .asText())
                    .isEqualTo("192.0.2.99");
            assertThat(james.json("/outgoing/suspensions")
                            .at("/domains/b.example/reason")
                            .asText())
                    .isEqualTo("ours");
            assertThat(james.json("/outgoing/limits").get("runtime").toString())
                    .isEqualTo("{\"mails\":7,\"size\":1073741824}");
        }
    }

    /** What is in it stays unknown to the service of another queue. */
    @Test
    void mailOfAQueueThatNobodyHasIsNotImported() throws Exception {
        export("x");
        try (RunningServices james = new RunningServices(exports)) {
            james.start("other", Map.of());

            assertThat(problemOfImport(james, "x"))
                    .isEqualTo("there is mail of the queue 'outgoing' in the export 'x'; allowed: queues of which a"
                            + " service runs: [other]");
            assertThat(james.stored()).isEmpty();
        }
    }

    @Test
    void aRouteThatCannotBeUsedHereEndsTheImportBeforeAnyMailIsIn() throws Exception {
        export("x");
        try (RunningServices james = new RunningServices(exports)) {
            james.start("outgoing", Map.of());
            Path routes = exports.resolve("x/outgoing-routes.json");
            Files.writeString(routes, Files.readString(routes).replace("\"format\":1", "\"format\":2"));

            assertThat(problemOfImport(james, "x"))
                    .isEqualTo("outgoing-routes.json of the export cannot be used: it is damaged, or written by a newer"
                            + " version: its format is 2, and this version knows 1");
            assertThat(james.stored()).isEmpty();
            assertThat(james.json("/outgoing/routes")).isEmpty();
        }
    }

    @Test
    void anExportOfANewerFormatIsRefused() throws Exception {
        export("x");
        try (RunningServices james = new RunningServices(exports)) {
            james.start("outgoing", Map.of());
            Path manifest = exports.resolve("x/manifest.json");
            Files.writeString(manifest, Files.readString(manifest).replaceFirst("\"format\" : 1", "\"format\" : 2"));

            RunningServices.assertProblem(
                    "import",
                    409,
                    "the export 'x' is damaged, or written by a newer version: its format is 2, and this version knows 1",
                    james.post("/outgoing/import?folder=x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/outgoing/export", "/outgoing/import"})
    void onlyAFolderInTheFolderOfExportsHasAName(String path) throws Exception {
        try (RunningServices james = new RunningServices(exports)) {
            for (String name :
                    List.of("..", ".", "../x", "a%2Fb", "%2Fetc", "a%5Cb", ".x.unfinished", "-x", "x".repeat(101))) {
                RunningServices.assertProblem(name, 400, "; allowed: letters", james.post(path + "?folder=" + name));
            }
            RunningServices.assertProblem(path, 400, "'folder' is missing", james.post(path));
            RunningServices.assertProblem(path, 400, "'colour'", james.post(path + "?folder=x&colour=red"));
        }
        try (Stream<Path> made = Files.list(exports)) {
            assertThat(made).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"export, there is an export 'x'", "import, there is no export 'y'"})
    void anExportIsNeverOverwrittenNorInvented(String what, String said) throws Exception {
        export("x");
        try (RunningServices james = new RunningServices(exports)) {
            RunningServices.assertProblem(
                    what,
                    409,
                    said,
                    james.post("/outgoing/" + what + "?folder=" + (what.equals("export") ? "x" : "y")));
        }
    }

    /** There are passwords and mail in it. */
    @Test
    void nobodyElseMayReadIt() throws Exception {
        export("x");
        assertThat(Files.getPosixFilePermissions(exports.resolve("x")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.readString(exports.resolve("x/outgoing-routes.json"))).contains("192.0.2.1");
    }

    @Test
    void whatIsLeftOfAnExportThatWasKilledIsGoneWithTheNextOne() throws Exception {
        Path left = Files.createDirectories(exports.resolve(".x.unfinished/queue-outgoing"));
        Files.writeString(left.resolve("old.1.mail"), "an earlier mail");
        export("x");
        assertThat(exports.resolve(".x.unfinished")).doesNotExist();
        assertThat(exports.resolve("x/queue-outgoing/old.1.mail")).doesNotExist();
        assertThat(exports.resolve("x/queue-outgoing/a.3.mail")).exists();
    }
}
