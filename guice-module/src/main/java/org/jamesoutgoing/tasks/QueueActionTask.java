/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tasks;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails;
import org.apache.james.task.TaskType;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.admin.QueueWork;
import org.jamesoutgoing.delivery.QueueAction;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;

/** Does one thing with all mails of a service that a filter means. */
public final class QueueActionTask implements Task {

    public static final TaskType TYPE = TaskType.of("outgoing-queue-action");

    /**
     * What is known of it.
     *
     * @param filter as {@link MailFilter#texts()}
     */
    public record Details(
            String queue, String action, Map<String, String> filter, QueueWork.Progress progress, Instant timestamp)
            implements TaskExecutionDetails.AdditionalInformation {}

    private final OutgoingServices services;
    private final String queue;
    private final QueueAction action;
    private final MailFilter filter;
    private final Clock clock;
    private volatile QueueWork work;

    public QueueActionTask(
            OutgoingServices services, String queue, QueueAction action, MailFilter filter, Clock clock) {
        this.services = services;
        this.queue = queue;
        this.action = action;
        this.filter = filter;
        this.clock = clock;
    }

    @Override
    public Result run() throws InterruptedException {
        OutgoingMailService service = services.services().get(queue);
        if (service == null) {
            LOGGER.warn("there is no outgoing-mail service of queue {} on this server", queue);
            return Result.PARTIAL;
        }
        work = service.work(action, filter);
        work.run();
        QueueWork.Progress progress = work.progress();
        return progress.notNow() == 0 ? Result.COMPLETED : Result.PARTIAL;
    }

    @Override
    public TaskType type() {
        return TYPE;
    }

    @Override
    public Optional<TaskExecutionDetails.AdditionalInformation> details() {
        QueueWork begun = work;
        QueueWork.Progress progress = begun == null ? new QueueWork.Progress(0, 0, 0, 0, 0) : begun.progress();
        return Optional.of(new Details(queue, action.kind().word(), filter.texts(), progress, clock.instant()));
    }

    String queue() {
        return queue;
    }

    QueueAction action() {
        return action;
    }

    MailFilter filter() {
        return filter;
    }
}
