/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.inject.Provider;
import org.apache.james.task.Task;
import org.apache.james.task.TaskManager;
import org.apache.james.webadmin.tasks.TaskFromRequest;
import org.eclipse.jetty.http.HttpStatus;
import org.jamesoutgoing.delivery.Intervention.Result;
import org.jamesoutgoing.routing.ValueType;
import org.jamesoutgoing.service.MailFilter;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.QueueAction;
import org.jamesoutgoing.service.QueueWork;
import org.jamesoutgoing.tasks.DrainTask;
import org.jamesoutgoing.tasks.QueueActionTask;
import org.jamesoutgoing.webadmin.Problem.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code POST /outgoing/queue…}: something is done with mails. Thread-safe. */
final class QueueActionResource {

    static final String MAIL = ":mail";

    private static final String ACTION = "action";
    private static final String WHY = "because";
    private static final String UNTIL = "until";
    private static final String FOR = "for";
    private static final String DRY_RUN = "dryRun";
    private static final String ALL = "all";
    private static final Set<String> OWN = Set.of(ACTION, WHY, UNTIL, FOR, DRY_RUN, ALL, ServiceChoice.QUEUE);
    private static final int LONGEST_REASON = 200;
    /** A mail on the wire may stay there for half an hour; nobody waits that long for an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** How many mails are meant. */
    record Count(long mails) {}

    /** What became of it. */
    record Outcome(String mail, String action, String result) {}

    private final ServiceChoice choice;
    private final OutgoingServices services;
    private final Provider<TaskManager> tasks;
    private final Clock clock;

    QueueActionResource(ServiceChoice choice, OutgoingServices services, Provider<TaskManager> tasks, Clock clock) {
        this.choice = choice;
        this.services = services;
        this.tasks = tasks;
        this.clock = clock;
    }

    /** {@code POST /outgoing/queue?action=…&domain=…}: a task, or with {@code dryRun=true} how many mails it would be. */
    Object onMany(Request request, Response response) throws Exception {
        QueueAction action = action(request);
        MailFilter filter = filter(request);
        OutgoingMailService service = choice.of(parameter(request, ServiceChoice.QUEUE));
        if (flag(request, DRY_RUN)) {
            return new Count(QueueWork.count(service, filter, clock));
        }
        if (filter.isAll() && !flag(request, ALL)) {
            throw new BadRequestException("there is no filter, so every mail is meant; allowed: a filter ("
                    + String.join(", ", MailFilter.NAMES) + "), or all=true");
        }
        String queue = service.settings().queueName();
        AuditLog.record(
                request,
                "action=" + action.kind().word() + " queue=" + queue + " filter=" + filter.texts()
                        + action.reason().map(why -> " because=" + why).orElse(""));
        return submit(new QueueActionTask(services, queue, action, filter, clock), request, response);
    }

    /** {@code POST /outgoing/queue/{mail}?action=…}. 202: it is on the wire, and will be seen to when it comes back. */
    Outcome onOne(Request request, Response response) throws Exception {
        QueueAction action = action(request);
        allowOnly(request, OWN);
        OutgoingMailService service = choice.of(parameter(request, ServiceChoice.QUEUE));
        String id = request.params(MAIL);
        AuditLog.record(
                request,
                "action=" + action.kind().word() + " queue="
                        + service.settings().queueName() + " mail=" + id
                        + action.reason().map(why -> " because=" + why).orElse(""));
        CompletableFuture<Result> result = service.act(id, action);
        try {
            return switch (result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                case DONE -> new Outcome(id, action.kind().word(), "done");
                case FINISHED -> new Outcome(id, action.kind().word(), "finished");
                case GONE -> throw Problem.notFound("There is no mail '" + id + "'");
                case NOT_NOW -> throw Problem.wrongState("The mail is held, or not held, or somebody else acts on it:"
                        + " its state does not allow " + action.kind().word());
            };
        } catch (TimeoutException e) {
            response.status(HttpStatus.ACCEPTED_202);
            return new Outcome(id, action.kind().word(), "open");
        }
    }

    /** {@code POST /outgoing/drain}. */
    Object drain(Request request, Response response) throws Exception {
        allowOnly(request, Set.of(ServiceChoice.QUEUE));
        String queue =
                choice.of(parameter(request, ServiceChoice.QUEUE)).settings().queueName();
        AuditLog.record(request, "action=drain queue=" + queue);
        return submit(new DrainTask(services, queue, clock), request, response);
    }

    /** As James answers: 201, the task's id, and where it is looked at. */
    private Object submit(Task task, Request request, Response response) throws Exception {
        TaskFromRequest submission = any -> task;
        return submission.asRoute(tasks.get()).handle(request, response);
    }

    private QueueAction action(Request request) throws BadRequestException {
        String name = parameter(request, ACTION)
                .orElseThrow(() ->
                        new BadRequestException("'action' is missing; allowed: retry, delete, fail, hold, release"));
        Optional<String> reason = parameter(request, WHY);
        if (reason.filter(text -> text.length() > LONGEST_REASON || text.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            throw new BadRequestException("'because' is too long or no line of text; allowed: one line of "
                    + LONGEST_REASON + " characters at most");
        }
        return new QueueAction(QueueAction.Kind.of(name), reason, until(request));
    }

    private Optional<Instant> until(Request request) throws BadRequestException {
        Optional<String> until = parameter(request, UNTIL);
        Optional<String> duration = parameter(request, FOR);
        if (duration.isPresent()) {
            Duration wait = ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(365))
                    .read(FOR, duration.get());
            return Optional.of(clock.instant().plus(wait));
        }
        if (until.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(until.get()));
        } catch (DateTimeParseException e) {
            throw new BadRequestException("'until' is '" + until.get().replaceAll("[\\s\\p{Cntrl}]+", " ")
                    + "'; allowed: a time such as 2026-12-31T06:00:00Z");
        }
    }

    private static MailFilter filter(Request request) {
        Map<String, String> texts = new HashMap<>();
        for (String name : request.queryParams()) {
            if (!OWN.contains(name)) {
                texts.put(name, request.queryParams(name));
            }
        }
        return MailFilter.of(texts);
    }

    private static void allowOnly(Request request, Set<String> names) throws BadRequestException {
        Set<String> unknown = new HashSet<>(request.queryParams());
        unknown.removeAll(names);
        if (!unknown.isEmpty()) {
            throw new BadRequestException("'" + unknown.iterator().next().replaceAll("[\\s\\p{Cntrl}]+", " ")
                    + "' is no parameter of this request; allowed: " + String.join(", ", names));
        }
    }

    private static Optional<String> parameter(Request request, String name) {
        return Optional.ofNullable(request.queryParams(name)).map(String::trim).filter(text -> !text.isEmpty());
    }

    private static boolean flag(Request request, String name) {
        return parameter(request, name)
                .map(text -> ValueType.flag().read(name, text))
                .orElse(false);
    }
}
