/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.james.webadmin.utils.Responses;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.service.ControlRegistry;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.QueueLimit;
import org.jamesoutgoing.service.RuntimeControls;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code /outgoing/limits}: how large a queue may grow. Thread-safe. */
final class LimitsResource {

    private final ServiceChoice choice;
    private final ControlRegistry registry;

    LimitsResource(ServiceChoice choice, ControlRegistry registry) {
        this.choice = choice;
        this.registry = registry;
    }

    /**
     * The limits of a service; 0 is none.
     *
     * @param limits those that count
     * @param file what {@code mailetcontainer.xml} says
     * @param runtime what was set here, and counts instead
     */
    record View(String queue, Map<String, Long> limits, Map<String, Long> file, Map<String, Long> runtime) {}

    View get(Request request, Response response) throws BadRequestException {
        OutgoingMailService service = service(request);
        String queue = service.settings().queueName();
        Map<QueueLimit, Long> runtime = registry.of(queue).limits();
        return new View(
                queue,
                all(service.controls().limits()),
                all(service.settings().controls().limits()),
                inOrder(List.copyOf(runtime.keySet()), runtime::get));
    }

    private static Map<String, Long> all(QueueLimits limits) {
        return inOrder(List.of(QueueLimit.values()), limit -> limit.in(limits));
    }

    private static Map<String, Long> inOrder(List<QueueLimit> which, ToLongFunction<QueueLimit> value) {
        Map<String, Long> view = new LinkedHashMap<>();
        which.stream().sorted().forEach(limit -> view.put(limit.word(), value.applyAsLong(limit)));
        return view;
    }

    /** Sets those that are named; {@code null}: as in the file. */
    String patch(Request request, Response response) throws BadRequestException, ChangedMeanwhileException {
        OutgoingMailService service = service(request);
        Map<QueueLimit, Optional<Long>> changes = new LinkedHashMap<>();
        RequestBody.read(request).forEach((name, text) -> {
            QueueLimit limit = QueueLimit.of(name)
                    .orElseThrow(() -> OptionException.unknown(name, "limit of the queue", QueueLimit.words()));
            changes.put(limit, text.map(limit::read));
        });
        String what = changes.entrySet().stream()
                .map(change -> change.getKey().word() + "="
                        + change.getValue().map(String::valueOf).orElse("file"))
                .collect(Collectors.joining(" "));
        return change(request, response, service, what, present -> present.withLimits(changes));
    }

    /** As in the file, all of them. */
    String delete(Request request, Response response) throws BadRequestException, ChangedMeanwhileException {
        return change(request, response, service(request), "all=file", RuntimeControls::withoutLimits);
    }

    private String change(
            Request request,
            Response response,
            OutgoingMailService service,
            String what,
            UnaryOperator<RuntimeControls> change)
            throws ChangedMeanwhileException {
        String queue = service.settings().queueName();
        registry.change(queue, service.settings().controls(), change);
        AuditLog.record(request, "action=limit queue=" + queue + " " + what);
        return Responses.returnNoContent(response);
    }

    private OutgoingMailService service(Request request) throws BadRequestException {
        return choice.of(
                QueryParameters.of(request, List.of(ServiceChoice.QUEUE)).text(ServiceChoice.QUEUE));
    }
}
