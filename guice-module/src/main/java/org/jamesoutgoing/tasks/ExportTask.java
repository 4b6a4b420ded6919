/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tasks;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails;
import org.apache.james.task.TaskType;
import org.jamesoutgoing.service.Export;
import org.jamesoutgoing.service.Exports.ExportException;
import org.jamesoutgoing.service.OutgoingServices;

/** Writes all that waits, and what was changed at run time, into a folder. */
public final class ExportTask implements Task {

    public static final TaskType TYPE = TaskType.of("outgoing-export");

    /** @param problem why there is no export, one line */
    public record Details(String folder, Export.Progress progress, Optional<String> problem, Instant timestamp)
            implements TaskExecutionDetails.AdditionalInformation {}

    private final OutgoingServices services;
    private final String folder;
    private final Clock clock;
    private volatile Export export;
    private volatile Optional<String> problem = Optional.empty();

    public ExportTask(OutgoingServices services, String folder, Clock clock) {
        this.services = services;
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public Result run() throws InterruptedException {
        export = services.export();
        try {
            export.run(folder);
            return export.progress().unreadable() == 0 ? Result.COMPLETED : Result.PARTIAL;
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
        Export begun = export;
        Export.Progress progress = begun == null ? new Export.Progress(0, 0, 0) : begun.progress();
        return Optional.of(new Details(folder, progress, problem, clock.instant()));
    }

    String folder() {
        return folder;
    }
}
