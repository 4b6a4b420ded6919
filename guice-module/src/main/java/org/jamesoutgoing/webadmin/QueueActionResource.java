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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.james.task.Task;
import org.apache.james.task.TaskManager;
import org.apache.james.webadmin.tasks.TaskFromRequest;
import org.eclipse.jetty.http.HttpStatus;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.admin.QueueWork;
import org.jamesoutgoing.delivery.QueueAction;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.tasks.DrainTask;
import org.jamesoutgoing.tasks.QueueActionTask;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.HaltException;
import spark.Request;
import spark.Response;

/** {@code POST} and {@code DELETE /outgoing/queue…}: something is done with mails. Thread-safe. */
final class QueueActionResource {

    static final String MAIL = ":mail";

    private static final String ACTION = "action";
    private static final String WHY = "because";
    private static final String DRY_RUN = "dryRun";
    private static final String ALL = "all";
    private static final List<String> WHAT =
            List.of(ACTION, WHY, ReasonAndEnd.FOR, ReasonAndEnd.UNTIL, ServiceChoice.QUEUE);
    private static final List<String> WHAT_AND_WHICH = Stream.of(WHAT, MailFilter.NAMES, List.of(DRY_RUN, ALL))
            .flatMap(List::stream)
            .toList();

    /** They take mail away, for good. */
    private static final Set<QueueAction.Kind> DELETING = Set.of(QueueAction.Kind.DELETE, QueueAction.Kind.FAIL);

    private static final ValueType<QueueAction.Kind> ACTIONS = ValueType.choice(QueueAction.Kind.class);
    private static final Duration LONGEST_HOLD = Duration.ofDays(365);

    /** A mail on the wire may stay there for half an hour; nobody waits that long for an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * How many mails are meant.
     *
     * @param unread so many more wait that are not read since the start; nobody knows yet what they are
     */
    record Count(long mails, long unread) {}

    /** What became of it. */
    record ActionResult(String mail, String action, String result) {}

    private record Target(OutgoingMailService service, String id) {}

    private final ServiceChoice choice;
    private final OutgoingServices services;
    private final Supplier<TaskManager> tasks;
    private final Clock clock;
    private final boolean gradedPasswords;

    /** @param gradedPasswords whether James lets some in with other methods than {@code DELETE} only, see {@link GradedPasswords} */
    QueueActionResource(
            ServiceChoice choice,
            OutgoingServices services,
            Supplier<TaskManager> tasks,
            Clock clock,
            boolean gradedPasswords) {
        this.choice = choice;
        this.services = services;
        this.tasks = tasks;
        this.clock = clock;
        this.gradedPasswords = gradedPasswords;
    }

    /** Whether a {@code GET} asks for {@link #dryRun}, not for the list. */
    static boolean isDryRun(Request request) {
        return request.queryParams(DRY_RUN) != null;
    }

    /** {@code GET /outgoing/queue?dryRun=true&action=…&domain=…}: how many mails it would be. */
    Count dryRun(Request request, Response response) throws BadRequestException {
        QueryParameters query = QueryParameters.of(request, WHAT_AND_WHICH);
        refuseEmpty(request);
        action(request, query);
        if (!query.read(DRY_RUN, ValueType.flag()).orElse(false)) {
            throw new BadRequestException("'dryRun' is 'false', and a GET does nothing; allowed: true, or a POST");
        }
        return count(query);
    }

    private Count count(QueryParameters query) throws BadRequestException {
        MailFilter filter = query.filter();
        refuseAllWithFilter(query, filter);
        OutgoingMailService service = choice.of(query.text(ServiceChoice.QUEUE));
        long unread = service.ledger().unread();
        return new Count(QueueWork.count(service.view(), filter, clock), unread);
    }

    private static boolean refuseAllWithFilter(QueryParameters query, MailFilter filter) throws BadRequestException {
        boolean all = query.read(ALL, ValueType.flag()).orElse(false);
        if (all && !filter.isAll()) {
            throw new BadRequestException("all=true goes with no filter; allowed: one of both");
        }
        return all;
    }

    /** {@code POST} or {@code DELETE /outgoing/queue?action=…&domain=…}: a task, or with {@code dryRun=true} how many mails it would be. */
    Object onMany(Request request, Response response) throws Exception {
        QueryParameters query = QueryParameters.of(request, WHAT_AND_WHICH);
        refuseEmpty(request);
        QueueAction action = action(request, query);
        if (query.read(DRY_RUN, ValueType.flag()).orElse(false)) {
            return count(query);
        }
        requireMethod(request, action);
        MailFilter filter = query.filter();
        boolean all = refuseAllWithFilter(query, filter);
        OutgoingMailService service = choice.of(query.text(ServiceChoice.QUEUE));
        if (filter.isAll() && !all) {
            throw new BadRequestException("there is no filter, so every mail is meant; allowed: a filter ("
                    + String.join(", ", MailFilter.NAMES) + "), or all=true");
        }
        String queue = service.settings().queueName();
        requireDelivering(service);
        AuditLog.record(request, audit(action, queue) + " filter=" + filter.texts() + why(action));
        return submit(new QueueActionTask(services, queue, action, filter, clock), request, response);
    }

    /** {@code POST} or {@code DELETE /outgoing/queue/{mail}?action=…}. 202: it is on the wire, and will be seen to when it comes back. */
    ActionResult onOne(Request request, Response response) throws Exception {
        QueryParameters query = QueryParameters.of(request, WHAT);
        QueueAction action = action(request, query);
        requireMethod(request, action);
        Target target = target(query, request.params(MAIL));
        OutgoingMailService service = target.service();
        requireDelivering(service);
        String word = action.kind().word();
        AuditLog.record(request, audit(action, service.settings().queueName()) + " mail=" + target.id() + why(action));
        try {
            return switch (service.act(target.id(), action).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                case DONE -> new ActionResult(target.id(), word, "done");
                case FINISHED -> new ActionResult(target.id(), word, "finished");
                case GONE -> throw gone(target.id());
                case NOT_NOW -> throw ErrorResponses.wrongState(
                        "The state of mail " + target.id() + " does not allow " + word
                                + ": a held mail is released, not retried, and only such a one; or it cannot be read; or"
                                + " something else was wanted of it this moment");
            };
        } catch (TimeoutException e) {
            response.status(HttpStatus.ACCEPTED_202);
            return new ActionResult(target.id(), word, "open");
        }
    }

    /** {@code POST /outgoing/drain}. */
    Object drain(Request request, Response response) throws Exception {
        QueryParameters query = QueryParameters.of(request, List.of(ServiceChoice.QUEUE));
        String queue = choice.of(query.text(ServiceChoice.QUEUE)).settings().queueName();
        AuditLog.record(request, "action=drain queue=" + queue);
        return submit(new DrainTask(services, queue, clock), request, response);
    }

    /** As James answers: 201, the task's id, and where it is looked at. */
    private Object submit(Task task, Request request, Response response) throws Exception {
        TaskFromRequest submission = any -> task;
        return submission.asRoute(tasks.get()).handle(request, response);
    }

    private Target target(QueryParameters query, String idOrName) throws BadRequestException {
        List<Target> found = new ArrayList<>();
        for (OutgoingMailService service : choice.all(query.text(ServiceChoice.QUEUE))) {
            for (ListedMail mail : service.view().find(idOrName)) {
                found.add(new Target(service, mail.id()));
            }
        }
        if (found.isEmpty()) {
            throw gone(idOrName);
        }
        if (found.size() > 1) {
            throw new BadRequestException("several mails have this name; allowed: the id of one, such as "
                    + found.get(0).id());
        }
        return found.get(0);
    }

    private static HaltException gone(String idOrName) {
        return ErrorResponses.notFound("There is no mail " + AuditLog.oneLine(idOrName)
                + " here: it is delivered, given up or deleted, or never was");
    }

    private static void requireDelivering(OutgoingMailService service) {
        if (!service.isDelivering()) {
            throw ErrorResponses.wrongState("The service of queue "
                    + service.settings().queueName() + " is drained: it does nothing until James is started again");
        }
    }

    /** {@code domain=$DOMAIN}, with a variable that a script has not set, must not mean every domain. */
    private static void refuseEmpty(Request request) throws BadRequestException {
        for (String name : request.queryParams()) {
            if (request.queryParams(name).isBlank()) {
                throw new BadRequestException("'" + name + "' is empty; allowed: a value, or to leave it out");
            }
        }
    }

    private static boolean isDelete(Request request) {
        return request.requestMethod().equals("DELETE");
    }

    /** James grades passwords by the method alone: who may not delete must not find another way to do it. */
    private void requireMethod(Request request, QueueAction action) throws BadRequestException {
        boolean deletes = DELETING.contains(action.kind());
        String word = action.kind().word();
        if (isDelete(request) && !deletes) {
            throw new BadRequestException(
                    "'action' is '" + word + "', which deletes nothing; allowed with DELETE: delete, fail");
        }
        if (!isDelete(request) && deletes && gradedPasswords) {
            throw ErrorResponses.forbidden("webadmin.properties has graded passwords (" + GradedPasswords.NAMES
                    + "), which do not look at 'action'; allowed: the same with DELETE, not POST");
        }
    }

    private QueueAction action(Request request, QueryParameters query) throws BadRequestException {
        QueueAction.Kind kind = query.read(ACTION, ACTIONS)
                .or(() -> isDelete(request) ? Optional.of(QueueAction.Kind.DELETE) : Optional.empty())
                .orElseThrow(() ->
                        new BadRequestException("'action' is missing; allowed: retry, delete, fail, hold, release"));
        Optional<Instant> end = ReasonAndEnd.end(
                query.text(ReasonAndEnd.UNTIL), query.text(ReasonAndEnd.FOR), clock.instant(), LONGEST_HOLD);
        if (kind != QueueAction.Kind.HOLD && end.isPresent()) {
            throw new BadRequestException("only hold ends by itself; allowed with it: 'for' or 'until'");
        }
        return new QueueAction(kind, query.read(WHY, ReasonAndEnd.REASON), end);
    }

    private static String audit(QueueAction action, String queue) {
        return "action=" + action.kind().word() + " queue=" + queue;
    }

    private static String why(QueueAction action) {
        return action.until().map(end -> " until=" + end).orElse("")
                + action.reason().map(text -> " because=" + text).orElse("");
    }
}
