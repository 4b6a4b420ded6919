/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tasks;

import com.google.inject.Inject;
import java.time.Clock;
import java.util.Set;
import org.apache.james.server.task.json.TaskExtensionModule;
import org.apache.james.server.task.json.dto.AdditionalInformationDTO;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.server.task.json.dto.TaskDTO;
import org.apache.james.server.task.json.dto.TaskDTOModule;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.service.OutgoingServices;

/**
 * Our tasks, for James's task manager.
 *
 * <pre>{@code
 * # extensions.properties
 * guice.extension.task=org.jamesoutgoing.tasks.OutgoingTasks
 * }</pre>
 *
 * <p>Without this line the tasks still run; {@code /tasks/{id}} then shows no additional information about them.
 */
public final class OutgoingTasks implements TaskExtensionModule {

    private final OutgoingServices services;
    private final Clock clock;

    @Inject
    public OutgoingTasks(RunningJames james) {
        this(james.get(OutgoingServices.class), james.get(Clock.class));
    }

    OutgoingTasks(OutgoingServices services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    @Override
    public Set<TaskDTOModule<? extends Task, ? extends TaskDTO>> taskDTOModules() {
        return Set.of(
                QueueActionDto.module(services, clock),
                DrainDto.module(services, clock),
                ExportDto.module(services, clock),
                ImportDto.module(services, clock));
    }

    @Override
    public Set<
                    AdditionalInformationDTOModule<
                            ? extends TaskExecutionDetails.AdditionalInformation, ? extends AdditionalInformationDTO>>
            taskAdditionalInformationDTOModules() {
        return Set.of(
                QueueActionDto.DetailsDto.module(),
                DrainDto.DetailsDto.module(),
                ExportDto.DetailsDto.module(),
                ImportDto.DetailsDto.module());
    }
}
