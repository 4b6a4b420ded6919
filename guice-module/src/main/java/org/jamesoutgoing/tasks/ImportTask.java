/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tasks;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails;
import org.apache.james.task.TaskType;
import org.jamesoutgoing.service.Exports.ExportException;
import org.jamesoutgoing.service.Import;
import org.jamesoutgoing.service.OutgoingServices;

/** Brings in what an {@link ExportTask} has written. */
public final class ImportTask implements Task {

    public static final TaskType TYPE = TaskType.of("outgoing-import");

    /** @param problem why it has not come to its end, one line */
    public record Details(String folder, Import.Progress progress, Optional<String> problem, Instant timestamp)
            implements TaskExecutionDetails.AdditionalInformation {}

    private final OutgoingServices services;
    private final String folder;
    private final Clock clock;
    private volatile Import begun;
    private volatile Optional<String> problem = Optional.empty();

    public ImportTask(OutgoingServices services, String folder, Clock clock) {
        this.services = services;
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public Result run() throws InterruptedException {
        begun = services.importing();
        try {
            begun.run(folder);
            return begun.progress().unreadable() == 0 ? Result.COMPLETED : Result.PARTIAL;
        } catch (ExportException e) {
            LOGGER.error("{}", e.getMessage(), e);
            problem = Optional.of(e.getMessage());
            return Result.PARTIAL;
        }
    }

    @Override
    public TaskType type() {
        return TYPE;
    }

    @Override
    public Optional<TaskExecutionDetails.AdditionalInformation> details() {
        Import now = begun;
        Import.Progress progress = now == null ? new Import.Progress(0, 0, 0, List.of()) : now.progress();
        return Optional.of(new Details(folder, progress, problem, clock.instant()));
    }

    String folder() {
        return folder;
    }
}
