/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.server.task.json.JsonTaskAdditionalInformationSerializer;
import org.apache.james.server.task.json.JsonTaskSerializer;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails.AdditionalInformation;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.admin.QueueWork;
import org.jamesoutgoing.delivery.QueueAction;
import org.jamesoutgoing.service.Export;
import org.jamesoutgoing.service.Import;
import org.junit.jupiter.api.Test;

/** James's distributed task manager writes tasks as JSON, runs them elsewhere, and reads how far they are. */
class OutgoingTasksTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.123Z");

    private final OutgoingTasks tasks = new OutgoingTasks(null, Clock.systemUTC());
    private final JsonTaskSerializer serializer = new JsonTaskSerializer(tasks.taskDTOModules());

    @SuppressWarnings("unchecked")
    private final JsonTaskAdditionalInformationSerializer details = JsonTaskAdditionalInformationSerializer.of(
            tasks.taskAdditionalInformationDTOModules().toArray(AdditionalInformationDTOModule[]::new));

    private Task again(Task task) throws Exception {
        Task read = serializer.deserialize(serializer.serialize(task));
        assertThat(read.type()).isEqualTo(task.type());
        return read;
    }

    private AdditionalInformation again(AdditionalInformation information) throws Exception {
        return details.deserialize(details.serialize(information));
    }

    private static QueueActionTask task(QueueAction action, Map<String, String> filter) {
        return new QueueActionTask(null, "outgoing", action, MailFilter.of(filter), Clock.systemUTC());
    }

    @Test
    void anActionOnManyMailsIsReadAsItWasWritten() throws Exception {
        QueueActionTask task = task(
                new QueueAction(QueueAction.Kind.HOLD, Optional.of("\"asked\" for: über"), Optional.of(NOW)),
                Map.of(
                        "domain", "*.b.example",
                        "sender", "<>",
                        "recipient", "bob@b.example",
                        "olderThan", "2h",
                        "state", "deferred,held",
                        "reason", "450 4.2.1"));

        QueueActionTask read = (QueueActionTask) again(task);

        assertThat(read.queue()).isEqualTo("outgoing");
        assertThat(read.action()).isEqualTo(task.action());
        assertThat(read.filter()).isEqualTo(task.filter());
    }

    @Test
    void whatIsNotGivenStaysSo() throws Exception {
        QueueActionTask task =
                task(new QueueAction(QueueAction.Kind.DELETE, Optional.empty(), Optional.empty()), Map.of());

        QueueActionTask read = (QueueActionTask) again(task);

        assertThat(read.action()).isEqualTo(task.action());
        assertThat(read.filter()).isEqualTo(MailFilter.ALL);
    }

    @Test
    void aDrainIsReadAsItWasWritten() throws Exception {
        assertThat(((DrainTask) again(new DrainTask(null, "outgoing", Clock.systemUTC()))).queue())
                .isEqualTo("outgoing");
    }

    @Test
    void anExportAndAnImportAreReadAsTheyWereWritten() throws Exception {
        assertThat(((ExportTask) again(new ExportTask(null, "x", Clock.systemUTC()))).folder())
                .isEqualTo("x");
        assertThat(((ImportTask) again(new ImportTask(null, "x", Clock.systemUTC()))).folder())
                .isEqualTo("x");
    }

    @Test
    void howFarATaskIsIsReadAsItWasWritten() throws Exception {
        AdditionalInformation action = new QueueActionTask.Details(
                "outgoing", "hold", Map.of("sender", "<>"), new QueueWork.Progress(9, 4, 3, 2, 0), NOW);
        AdditionalInformation drain = new DrainTask.Details("outgoing", 7, 2, NOW);

        AdditionalInformation exported =
                new ExportTask.Details("x", new Export.Progress(3, 2, 1), Optional.empty(), NOW);
        AdditionalInformation imported = new ImportTask.Details(
                "x", new Import.Progress(3, 2, 1, List.of("route a.example")), Optional.of("the disk is full"), NOW);

        assertThat(again(exported)).isEqualTo(exported);
        assertThat(again(imported)).isEqualTo(imported);
        assertThat(again(action)).isEqualTo(action);
        assertThat(again(drain)).isEqualTo(drain);
    }
}
