/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tasks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.james.json.DTOModule;
import org.apache.james.server.task.json.dto.AdditionalInformationDTO;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.server.task.json.dto.TaskDTO;
import org.apache.james.server.task.json.dto.TaskDTOModule;
import org.jamesoutgoing.service.Export;
import org.jamesoutgoing.service.OutgoingServices;

/** {@link ExportTask} as JSON. */
record ExportDto(@JsonProperty("type") String type, @JsonProperty("folder") String folder) implements TaskDTO {

    @Override
    public String getType() {
        return type;
    }

    static TaskDTOModule<ExportTask, ExportDto> module(OutgoingServices services, Clock clock) {
        return DTOModule.forDomainObject(ExportTask.class)
                .convertToDTO(ExportDto.class)
                .toDomainObjectConverter(dto -> new ExportTask(services, dto.folder, clock))
                .toDTOConverter((task, type) -> new ExportDto(type, task.folder()))
                .typeName(ExportTask.TYPE.asString())
                .withFactory(TaskDTOModule::new);
    }

    /** How far the task is. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record DetailsDto(
            @JsonProperty("type") String type,
            @JsonProperty("folder") String folder,
            @JsonProperty("mails") long mails,
            @JsonProperty("unreadable") long unreadable,
            @JsonProperty("queued") long queued,
            @JsonProperty("problem") Optional<String> problem,
            @JsonProperty("timestamp") Instant timestamp)
            implements AdditionalInformationDTO {

        @Override
        public String getType() {
            return type;
        }

        @Override
        public Instant getTimestamp() {
            return timestamp;
        }

        static AdditionalInformationDTOModule<ExportTask.Details, DetailsDto> module() {
            return DTOModule.forDomainObject(ExportTask.Details.class)
                    .convertToDTO(DetailsDto.class)
                    .toDomainObjectConverter(dto -> new ExportTask.Details(
                            dto.folder,
                            new Export.Progress(dto.mails, dto.unreadable, dto.queued),
                            dto.problem,
                            dto.timestamp))
                    .toDTOConverter((details, type) -> new DetailsDto(
                            type,
                            details.folder(),
                            details.progress().mails(),
                            details.progress().unreadable(),
                            details.progress().queued(),
                            details.problem(),
                            details.timestamp()))
                    .typeName(ExportTask.TYPE.asString())
                    .withFactory(AdditionalInformationDTOModule::new);
        }
    }
}
