/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.james.webadmin.Constants;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.apache.james.webadmin.utils.Responses;
import org.eclipse.jetty.http.HttpStatus;
import org.jamesoutgoing.dsn.template.BadTemplateException;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.dsn.template.TemplateSource.Origin;
import org.jamesoutgoing.dsn.template.Templates;
import org.jamesoutgoing.service.TemplateRegistry;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.VersionedValue;
import org.jamesoutgoing.webadmin.EntityTag.Condition;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.HaltException;
import spark.Request;
import spark.Response;

/** {@code /outgoing/templates} and {@code /outgoing/templates/:name}. Thread-safe. */
final class TemplateResource {

    static final String NAME = ":name";
    static final String TEXT = "text/plain";
    static final String UTF_8 = "; charset=utf-8";

    private static final String ETAG = "ETag";
    /** Of a template that is answered as its bare text. */
    private static final String ORIGIN = "Template-Origin";

    private final TemplateRegistry registry;
    private final JsonTransformer json;

    TemplateResource(TemplateRegistry registry, JsonTransformer json) {
        this.registry = registry;
        this.json = json;
    }

    static TemplateName name(Request request) throws BadRequestException {
        String text = request.params(NAME);
        return TemplateName.parse(text)
                .orElseThrow(() -> new BadRequestException("'name' is '" + text.replaceAll("[\\s\\p{Cntrl}]+", " ")
                        + "'; allowed: failure, delay, success or queue-full, then perhaps a language, such as"
                        + " failure.de"));
    }

    List<TemplateView> list(Request request, Response response) {
        Templates templates = registry.wording().templates();
        Map<TemplateName, VersionedValue<String>> stored = registry.stored();
        Map<TemplateName, Map<Origin, String>> problems = templates.problems();
        Set<TemplateName> names = new TreeSet<>(TemplateName.ORDER);
        names.addAll(templates.names());
        names.addAll(problems.keySet());
        return names.stream()
                .map(name -> TemplateView.of(
                                name,
                                templates.find(name),
                                Optional.ofNullable(stored.get(name)),
                                problems.getOrDefault(name, Map.of()))
                        .withoutSource())
                .toList();
    }

    String get(Request request, Response response) throws BadRequestException, JsonProcessingException {
        TemplateName name = name(request);
        String type = Accept.choose(request, List.of(Constants.JSON_CONTENT_TYPE, TEXT))
                .orElseThrow(
                        () -> ErrorResponses.notAcceptable("A template can be had as application/json or text/plain"));
        TemplateView view = view(name);
        if (view.source().isEmpty() && view.problem().isEmpty()) {
            throw notFound(name);
        }
        view.revision().ifPresent(revision -> response.header(ETAG, "\"" + revision + "\""));
        response.header("Vary", "Accept");
        if (type.equals(TEXT)) {
            String source = view.source().orElseThrow(() -> notFound(name));
            response.type(TEXT + UTF_8);
            view.origin().ifPresent(origin -> response.header(ORIGIN, origin));
            return source;
        }
        return json.render(view);
    }

    private TemplateView view(TemplateName name) {
        Templates templates = registry.wording().templates();
        return TemplateView.of(
                name,
                templates.find(name),
                registry.stored(name),
                templates.problems().getOrDefault(name, Map.of()));
    }

    String put(Request request, Response response)
            throws BadRequestException, BadTemplateException, ChangedMeanwhileException {
        TemplateName name = name(request);
        String source = RequestBody.text(request);
        if (source.isBlank()) {
            throw new BadRequestException(
                    "the body is empty; allowed: the text of a template, which begins with a line \"Subject: …\"");
        }
        Optional<VersionedValue<String>> present = registry.stored(name);
        VersionedValue<String> stored = registry.put(name, source, expectation(request, name, present));
        response.header(ETAG, EntityTag.of(stored));
        AuditLog.record(request, "action=template template=" + name + " revision=" + stored.revision());
        if (present.isEmpty()) {
            response.status(HttpStatus.CREATED_201);
            return Constants.EMPTY_BODY;
        }
        return Responses.returnNoContent(response);
    }

    String delete(Request request, Response response) throws BadRequestException, ChangedMeanwhileException {
        TemplateName name = name(request);
        Optional<VersionedValue<String>> present = registry.stored(name);
        if (present.isEmpty() || !registry.delete(name, expectation(request, name, present))) {
            throw ErrorResponses.notFound("There is no template " + name + " made at run time");
        }
        AuditLog.record(
                request,
                "action=delete-template template=" + name + " revision="
                        + present.get().revision());
        return Responses.returnNoContent(response);
    }

    /** What the request wants to find, which it does now. */
    private static Expectation expectation(Request request, TemplateName name, Optional<VersionedValue<String>> present)
            throws BadRequestException, ChangedMeanwhileException {
        Condition condition = EntityTag.condition(request);
        if (!condition.isGiven()) {
            return new Expectation.Any();
        }
        if (!condition.allows(present)) {
            throw new ChangedMeanwhileException("template " + name);
        }
        return present.<Expectation>map(stored -> new Expectation.Revision(stored.revision()))
                .orElseGet(Expectation.Nothing::new);
    }

    private static HaltException notFound(TemplateName name) {
        return ErrorResponses.notFound("There is no template " + name
                + "; a language without one uses that of the language it belongs to, or the English one");
    }
}
