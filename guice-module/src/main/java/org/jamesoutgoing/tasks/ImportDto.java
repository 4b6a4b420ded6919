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
import java.util.List;
import java.util.Optional;
import org.apache.james.json.DTOModule;
import org.apache.james.server.task.json.dto.AdditionalInformationDTO;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.server.task.json.dto.TaskDTO;
import org.apache.james.server.task.json.dto.TaskDTOModule;
import org.jamesoutgoing.service.Import;
import org.jamesoutgoing.service.OutgoingServices;

/** {@link ImportTask} as JSON. */
record ImportDto(@JsonProperty("type") String type, @JsonProperty("folder") String folder) implements TaskDTO {

    @Override
    public String getType() {
        return type;
    }

    static TaskDTOModule<ImportTask, ImportDto> module(OutgoingServices services, Clock clock) {
        return DTOModule.forDomainObject(ImportTask.class)
                .convertToDTO(ImportDto.class)
                .toDomainObjectConverter(dto -> new ImportTask(services, dto.folder, clock))
                .toDTOConverter((task, type) -> new ImportDto(type, task.folder()))
                .typeName(ImportTask.TYPE.asString())
                .withFactory(TaskDTOModule::new);
    }

    /** How far the task is. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record DetailsDto(
            @JsonProperty("type") String type,
            @JsonProperty("folder") String folder,
            @JsonProperty("imported") long imported,
            @JsonProperty("present") long present,
            @JsonProperty("unreadable") long unreadable,
            @JsonProperty("kept") List<String> kept,
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

        static AdditionalInformationDTOModule<ImportTask.Details, DetailsDto> module() {
            return DTOModule.forDomainObject(ImportTask.Details.class)
                    .convertToDTO(DetailsDto.class)
                    .toDomainObjectConverter(dto -> new ImportTask.Details(
                            dto.folder,
                            new Import.Progress(dto.imported, dto.present, dto.unreadable, dto.kept),
                            dto.problem,
                            dto.timestamp))
                    .toDTOConverter((details, type) -> new DetailsDto(
                            type,
                            details.folder(),
                            details.progress().imported(),
                            details.progress().present(),
                            details.progress().unreadable(),
                            details.progress().kept(),
                            details.problem(),
                            details.timestamp()))
                    .typeName(ImportTask.TYPE.asString())
                    .withFactory(AdditionalInformationDTOModule::new);
        }
    }
}
