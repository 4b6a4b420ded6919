/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Clock;
import java.time.Instant;
import org.apache.james.json.DTOModule;
import org.apache.james.server.task.json.dto.AdditionalInformationDTO;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.server.task.json.dto.TaskDTO;
import org.apache.james.server.task.json.dto.TaskDTOModule;
import org.jamesoutgoing.service.OutgoingServices;

/** {@link DrainTask} as JSON. */
record DrainDto(@JsonProperty("type") String type, @JsonProperty("queue") String queue) implements TaskDTO {

    @Override
    public String getType() {
        return type;
    }

    static TaskDTOModule<DrainTask, DrainDto> module(OutgoingServices services, Clock clock) {
        return DTOModule.forDomainObject(DrainTask.class)
                .convertToDTO(DrainDto.class)
                .toDomainObjectConverter(dto -> new DrainTask(services, dto.queue, clock))
                .toDTOConverter((task, type) -> new DrainDto(type, task.queue()))
                .typeName(DrainTask.TYPE.asString())
                .withFactory(TaskDTOModule::new);
    }

    /** How far the task is. */
    record DetailsDto(
            @JsonProperty("type") String type,
            @JsonProperty("queue") String queue,
            @JsonProperty("drained") long drained,
            @JsonProperty("left") long left,
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

        static AdditionalInformationDTOModule<DrainTask.Details, DetailsDto> module() {
            return DTOModule.forDomainObject(DrainTask.Details.class)
                    .convertToDTO(DetailsDto.class)
                    .toDomainObjectConverter(
                            dto -> new DrainTask.Details(dto.queue, dto.drained, dto.left, dto.timestamp))
                    .toDTOConverter((details, type) -> new DetailsDto(
                            type, details.queue(), details.drained(), details.left(), details.timestamp()))
                    .typeName(DrainTask.TYPE.asString())
                    .withFactory(AdditionalInformationDTOModule::new);
        }
    }
}
