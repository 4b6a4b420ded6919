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
import java.util.Map;
import java.util.Optional;
import org.apache.james.json.DTOModule;
import org.apache.james.server.task.json.dto.AdditionalInformationDTO;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.server.task.json.dto.TaskDTO;
import org.apache.james.server.task.json.dto.TaskDTOModule;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.admin.QueueWork;
import org.jamesoutgoing.delivery.QueueAction;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.settings.ValueType;

/** {@link QueueActionTask} as JSON: for James's distributed task manager, and its details for {@code /tasks/{id}}. */
record QueueActionDto(
        @JsonProperty("type") String type,
        @JsonProperty("queue") String queue,
        @JsonProperty("action") String action,
        @JsonProperty("reason") Optional<String> reason,
        @JsonProperty("until") Optional<Instant> until,
        @JsonProperty("filter") Map<String, String> filter)
        implements TaskDTO {

    @Override
    public String getType() {
        return type;
    }

    static TaskDTOModule<QueueActionTask, QueueActionDto> module(OutgoingServices services, Clock clock) {
        return DTOModule.forDomainObject(QueueActionTask.class)
                .convertToDTO(QueueActionDto.class)
                .toDomainObjectConverter(dto -> new QueueActionTask(
                        services,
                        dto.queue,
                        new QueueAction(
                                ValueType.choice(QueueAction.Kind.class).read("action", dto.action),
                                dto.reason,
                                dto.until),
                        MailFilter.of(dto.filter),
                        clock))
                .toDTOConverter((task, type) -> new QueueActionDto(
                        type,
                        task.queue(),
                        task.action().kind().word(),
                        task.action().reason(),
                        task.action().until(),
                        task.filter().texts()))
                .typeName(QueueActionTask.TYPE.asString())
                .withFactory(TaskDTOModule::new);
    }

    /** How far the task is. */
    record DetailsDto(
            @JsonProperty("type") String type,
            @JsonProperty("queue") String queue,
            @JsonProperty("action") String action,
            @JsonProperty("filter") Map<String, String> filter,
            @JsonProperty("meant") long meant,
            @JsonProperty("done") long done,
            @JsonProperty("finished") long finished,
            @JsonProperty("notNow") long notNow,
            @JsonProperty("open") long open,
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

        static AdditionalInformationDTOModule<QueueActionTask.Details, DetailsDto> module() {
            return DTOModule.forDomainObject(QueueActionTask.Details.class)
                    .convertToDTO(DetailsDto.class)
                    .toDomainObjectConverter(dto -> new QueueActionTask.Details(
                            dto.queue,
                            dto.action,
                            dto.filter,
                            new QueueWork.Progress(dto.meant, dto.done, dto.finished, dto.notNow, dto.open),
                            dto.timestamp))
                    .toDTOConverter((details, type) -> new DetailsDto(
                            type,
                            details.queue(),
                            details.action(),
                            details.filter(),
                            details.progress().meant(),
                            details.progress().done(),
                            details.progress().finished(),
                            details.progress().notNow(),
                            details.progress().open(),
                            details.timestamp()))
                    .typeName(QueueActionTask.TYPE.asString())
                    .withFactory(AdditionalInformationDTOModule::new);
        }
    }
}
