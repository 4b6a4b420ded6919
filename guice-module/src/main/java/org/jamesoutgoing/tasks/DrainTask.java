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
import javax.mail.MessagingException;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails;
import org.apache.james.task.TaskType;
import org.jamesoutgoing.queue.Drain;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;

/** Gives everything that waits back to the outgoing queue as RemoteDelivery knows it. */
public final class DrainTask implements Task {

    public static final TaskType TYPE = TaskType.of("outgoing-drain");

    /**
     * @param drained mails that were moved so far
     * @param left records that are in the waiting room still; see {@link Drain#left}
     */
    public record Details(String queue, long drained, long left, Instant timestamp)
            implements TaskExecutionDetails.AdditionalInformation {}

    private final OutgoingServices services;
    private final String queue;
    private final Clock clock;
    private volatile Drain drain;

    public DrainTask(OutgoingServices services, String queue, Clock clock) {
        this.services = services;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public Result run() {
        OutgoingMailService service = services.services().get(queue);
        if (service == null) {
            LOGGER.warn("there is no outgoing-mail service of queue {} on this server", queue);
            return Result.PARTIAL;
        }
        try {
            service.drain(begun -> drain = begun);
            if (drain.left() == 0) {
                return Result.COMPLETED;
            }
            LOGGER.warn("queue {} is drained but for {} records of the waiting room", queue, drain.left());
            return Result.PARTIAL;
        } catch (MessagingException e) {
            LOGGER.error("the rest of queue {} stays in the waiting room: {}", queue, e.getMessage());
            return Result.PARTIAL;
        }
    }

    @Override
    public TaskType type() {
        return TYPE;
    }

    @Override
    public Optional<TaskExecutionDetails.AdditionalInformation> details() {
        Drain begun = drain;
        return Optional.of(
                begun == null
                        ? new Details(queue, 0, 0, clock.instant())
                        : new Details(queue, begun.drained(), begun.left(), clock.instant()));
    }

    String queue() {
        return queue;
    }
}
