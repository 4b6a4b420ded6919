/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.james.webadmin.Constants;
import org.apache.james.webadmin.utils.Responses;
import org.eclipse.jetty.http.HttpStatus;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.delivery.Suspensions;
import org.jamesoutgoing.service.ControlRegistry;
import org.jamesoutgoing.service.Controls;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.RuntimeControls;
import org.jamesoutgoing.service.Suspendable;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;
import spark.Route;

/** {@code /outgoing/suspensions}: what is not delivered although it could be. Thread-safe. */
final class SuspensionResource {

    static final String DOMAIN = ":domain";
    static final String HOST = ":host";

    private static final String REASON = "reason";
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private final ServiceChoice choice;
    private final ControlRegistry registry;
    private final Clock clock;

    SuspensionResource(ServiceChoice choice, ControlRegistry registry, Clock clock) {
        this.choice = choice;
        this.registry = registry;
        this.clock = clock;
    }

    /** What a path is about. */
    interface Target {
        /** @throws org.jamesoutgoing.settings.OptionException when it can be nothing such */
        Suspendable of(Request request);
    }

    static Suspendable service(Request request) {
        return new Suspendable.Service();
    }

    static Suspendable domain(Request request) {
        return Suspendable.Domain.TYPE.read("domain", request.params(DOMAIN));
    }

    static Suspendable host(Request request) {
        return Suspendable.Host.TYPE.read("host", request.params(HOST));
    }

    /**
     * All that is suspended now, but for what routes suspend.
     *
     * @param domains by their names, as A-labels
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record View(String queue, Optional<HoldView> service, Map<String, HoldView> domains, Map<String, HoldView> hosts) {}

    View list(Request request, Response response) throws BadRequestException {
        OutgoingMailService service = chosen(request);
        Instant now = clock.instant();
        Suspensions suspensions = service.controls().suspensions();
        return new View(
                service.settings().queueName(),
                suspensions.ofService(now).map(HoldView::of),
                views(suspensions.domains(), now),
                views(suspensions.hosts(), now));
    }

    private static Map<String, HoldView> views(Map<String, Suspension> all, Instant now) {
        Map<String, HoldView> views = new TreeMap<>();
        all.forEach((name, suspension) -> {
            if (suspension.isOn(now)) {
                views.put(name, HoldView.of(suspension));
            }
        });
        return views;
    }

    /** Suspends it, or gives its suspension another reason and end. */
    Route put(Target target) {
        return (request, response) -> put(target.of(request), request, response);
    }

    private String put(Suspendable what, Request request, Response response)
            throws BadRequestException, ChangedMeanwhileException {
        OutgoingMailService service = chosen(request);
        Instant now = clock.instant();
        Suspension suspension = suspension(request, now);
        Controls configured = service.settings().controls();
        RuntimeControls before = registry.change(
                service.settings().queueName(), configured, present -> present.suspended(what, suspension));
        AuditLog.record(
                request,
                audit("suspend", service, what)
                        + suspension.until().map(end -> " until=" + end).orElse("")
                        + " because=" + suspension.reason());
        if (isSuspended(what, before, configured, now)) {
            return Responses.returnNoContent(response);
        }
        response.status(HttpStatus.CREATED_201);
        return Constants.EMPTY_BODY;
    }

    /**
     * The body says why and until when: {@code {"reason": "…", "until": "…"}}, {@code "for"} in place of {@code "until"}, or
     * nothing.
     */
    private static Suspension suspension(Request request, Instant now) throws BadRequestException {
        byte[] body = request.bodyAsBytes();
        Map<String, String> fields = body == null || body.length == 0
                ? Map.of()
                : RequestBody.read(request, List.of(), List.of(REASON, ReasonAndEnd.UNTIL, ReasonAndEnd.FOR));
        Optional<Instant> end = ReasonAndEnd.end(
                Optional.ofNullable(fields.get(ReasonAndEnd.UNTIL)),
                Optional.ofNullable(fields.get(ReasonAndEnd.FOR)),
                now,
                LONGEST);
        String reason = Optional.ofNullable(fields.get(REASON))
                .map(text -> ReasonAndEnd.REASON.read(REASON, text.trim()))
                .filter(text -> !text.isEmpty())
                .orElse("suspended by webadmin");
        return new Suspension(reason, now, end);
    }

    /** Resumes it. */
    Route delete(Target target) {
        return (request, response) -> delete(target.of(request), request, response);
    }

    private String delete(Suspendable what, Request request, Response response)
            throws BadRequestException, ChangedMeanwhileException {
        OutgoingMailService service = chosen(request);
        Controls configured = service.settings().controls();
        RuntimeControls before =
                registry.change(service.settings().queueName(), configured, present -> present.resumed(what));
        if (!isSuspended(what, before, configured, clock.instant())) {
            throw ErrorResponses.notFound("Not suspended: the " + what);
        }
        AuditLog.record(request, audit("resume", service, what));
        return Responses.returnNoContent(response);
    }

    private static boolean isSuspended(Suspendable what, RuntimeControls controls, Controls configured, Instant now) {
        return what.in(controls.over(configured).suspensions(), now).isPresent();
    }

    private static String audit(String action, OutgoingMailService service, Suspendable what) {
        return "action=" + action + " queue=" + service.settings().queueName() + " what="
                + what.toString().replace(' ', ':');
    }

    private OutgoingMailService chosen(Request request) throws BadRequestException {
        return choice.of(
                QueryParameters.of(request, List.of(ServiceChoice.QUEUE)).text(ServiceChoice.QUEUE));
    }
}
