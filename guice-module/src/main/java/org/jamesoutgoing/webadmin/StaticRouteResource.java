/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.james.util.streams.Limit;
import org.apache.james.webadmin.Constants;
import org.apache.james.webadmin.utils.ParametersExtractor;
import org.apache.james.webadmin.utils.Responses;
import org.eclipse.jetty.http.HttpStatus;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOption;
import org.jamesoutgoing.routing.RouteOptions;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.service.RouteRegistry;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.VersionedValue;
import org.jamesoutgoing.webadmin.EntityTag.Condition;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.HaltException;
import spark.Request;
import spark.Response;

/** {@code /outgoing/routes} and {@code /outgoing/routes/:domain}. Thread-safe. */
final class StaticRouteResource {

    static final String DOMAIN = ":domain";

    private static final String ETAG = "ETag";
    private static final String ORIGIN = "origin";
    /** A change that builds on what is there starts again when somebody else was faster, but not for ever. */
    private static final int TRIES = 20;

    private static final String PASSWORD = RouteOptions.PASSWORD.name();
    /** Who gets the password. */
    private static final List<RouteOption<?>> WHERE_TO = List.of(RouteOptions.RELAY_HOSTS, RouteOptions.DNS_SERVERS);

    private final RouteRegistry registry;

    StaticRouteResource(RouteRegistry registry) {
        this.registry = registry;
    }

    /** What a request makes of the route that is there. */
    private interface Change {
        OptionValues apply(Optional<VersionedValue<OptionValues>> present);
    }

    /** Looks at what is there, and changes it if nobody else does meanwhile. */
    private interface Attempt<T> {
        T make() throws ChangedMeanwhileException;
    }

    static RouteName name(Request request) {
        return RouteName.parse(request.params(DOMAIN));
    }

    List<RouteView> list(Request request, Response response) throws BadRequestException {
        Limit limit = ParametersExtractor.extractLimit(request);
        int offset = ParametersExtractor.extractOffset(request).getOffset();
        Optional<Origin> origin = origin(request.queryParams(ORIGIN));
        return limit.applyOnStream(registry.current().all().stream()
                        .filter(route -> origin.isEmpty() || route.origin() == origin.get())
                        .sorted(Comparator.comparing(route -> route.name().text()))
                        .skip(offset))
                .map(this::view)
                .toList();
    }

    private static Optional<Origin> origin(String text) throws BadRequestException {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        for (Origin origin : List.of(Origin.FILE, Origin.RUNTIME)) {
            if (ValueType.spelling(origin).equals(text)) {
                return Optional.of(origin);
            }
        }
        throw new BadRequestException("'origin' is '" + text + "'; allowed: file, runtime");
    }

    RouteView get(Request request, Response response) {
        RouteName name = name(request);
        StaticRoute route = registry.current().get(name).orElseThrow(() -> notFound(name));
        RouteView view = view(route);
        view.revision().ifPresent(revision -> response.header(ETAG, "\"" + revision + "\""));
        return view;
    }

    private RouteView view(StaticRoute route) {
        return RouteView.of(route, route.origin() == Origin.RUNTIME ? registry.stored(route.name()) : Optional.empty());
    }

    String put(Request request, Response response) throws BadRequestException, ChangedMeanwhileException {
        RouteName name = name(request);
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Optional<String>> field :
                RequestBody.read(request).entrySet()) {
            texts.put(
                    field.getKey(),
                    field.getValue()
                            .orElseThrow(() -> new BadRequestException("'" + field.getKey()
                                    + "' is null; allowed: leave it out here, or null in a PATCH")));
        }
        boolean created = registry.stored(name).isEmpty();
        VersionedValue<OptionValues> stored = store(
                name,
                EntityTag.condition(request),
                keepsSecret(texts),
                present -> values(texts, secrets(present), texts.keySet()));
        response.header(ETAG, EntityTag.of(stored));
        audit(request, name, stored);
        if (created) {
            response.status(HttpStatus.CREATED_201);
            return Constants.EMPTY_BODY;
        }
        return Responses.returnNoContent(response);
    }

    String patch(Request request, Response response) throws BadRequestException, ChangedMeanwhileException {
        RouteName name = name(request);
        Map<String, Optional<String>> changes = RequestBody.read(request);
        VersionedValue<OptionValues> stored = store(name, EntityTag.condition(request), true, present -> {
            Map<String, String> texts = new LinkedHashMap<>(
                    present.orElseThrow(() -> notFound(name)).value().texts());
            changes.forEach((option, text) -> texts.put(option, text.orElse(null)));
            texts.keySet().forEach(RouteOptions::require);
            texts.values().removeIf(text -> text == null);
            return values(texts, secrets(present), changes.keySet());
        });
        response.header(ETAG, EntityTag.of(stored));
        audit(request, name, stored);
        return Responses.returnNoContent(response);
    }

    private static void audit(Request request, RouteName name, VersionedValue<OptionValues> stored) {
        AuditLog.record(
                request,
                "action=route route=" + name + " revision=" + stored.revision() + " options="
                        + stored.value().shown());
    }

    String delete(Request request, Response response) throws BadRequestException, ChangedMeanwhileException {
        RouteName name = name(request);
        Condition condition = EntityTag.condition(request);
        return untilUndisturbed(() -> {
            VersionedValue<OptionValues> present = registry.stored(name).orElseThrow(() -> notFound(name));
            require(name, condition, Optional.of(present));
            Expectation expected =
                    condition.isGiven() ? new Expectation.Revision(present.revision()) : new Expectation.Any();
            if (!registry.delete(name, expected)) {
                throw notFound(name);
            }
            AuditLog.record(request, "action=delete-route route=" + name + " revision=" + present.revision());
            return Responses.returnNoContent(response);
        });
    }

    /** @param builds whether {@code change} makes use of the route that is there */
    private VersionedValue<OptionValues> store(RouteName name, Condition condition, boolean builds, Change change)
            throws ChangedMeanwhileException {
        return untilUndisturbed(() -> {
            Optional<VersionedValue<OptionValues>> present = registry.stored(name);
            require(name, condition, present);
            Expectation expected = !condition.isGiven() && !builds
                    ? new Expectation.Any()
                    : present.<Expectation>map(stored -> new Expectation.Revision(stored.revision()))
                            .orElseGet(Expectation.Nothing::new);
            return registry.put(name, change.apply(present), expected);
        });
    }

    private static <T> T untilUndisturbed(Attempt<T> attempt) throws ChangedMeanwhileException {
        for (int tries = 0; ; tries++) {
            try {
                return attempt.make();
            } catch (ChangedMeanwhileException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void require(RouteName name, Condition condition, Optional<VersionedValue<OptionValues>> present)
            throws ChangedMeanwhileException {
        if (!condition.allows(present)) {
            throw new ChangedMeanwhileException("route " + name);
        }
    }

    /** @param given the options that the request names */
    private static OptionValues values(Map<String, String> texts, OptionValues present, Set<String> given) {
        texts.forEach((name, text) -> {
            RouteOption<?> option = RouteOptions.require(name);
            if (text.isBlank()) {
                throw OptionException.wrong(name, text, option.type().allowed());
            }
        });
        Map<String, String> complete = new LinkedHashMap<>(texts);
        complete.replaceAll((name, text) -> isKept(name, text) ? kept(name, present) : text);
        requireOwnPassword(
                complete, present, given.contains(PASSWORD) && !isKept(PASSWORD, texts.getOrDefault(PASSWORD, "")));
        return OptionValues.of(complete);
    }

    /** Whoever names other hosts must know the password that is sent to them. */
    private static void requireOwnPassword(Map<String, String> complete, OptionValues present, boolean isGiven) {
        boolean elsewhere = WHERE_TO.stream()
                .anyMatch(option -> !Objects.equals(
                        complete.get(option.name()), present.text(option).orElse(null)));
        if (!isGiven && complete.containsKey(PASSWORD) && elsewhere) {
            throw OptionException.wrong(
                    PASSWORD,
                    OptionValues.HIDDEN,
                    "the password itself where relayHosts or dnsServers change: one that is kept would be sent there");
        }
    }

    /** What a client may show is what it may send back. */
    private static boolean isKept(String name, String text) {
        return text.trim().equals(OptionValues.HIDDEN)
                && RouteOptions.named(name).filter(RouteOption::secret).isPresent();
    }

    private static boolean keepsSecret(Map<String, String> texts) {
        return texts.entrySet().stream().anyMatch(entry -> isKept(entry.getKey(), entry.getValue()));
    }

    private static String kept(String name, OptionValues present) {
        return RouteOptions.named(name)
                .flatMap(present::text)
                .orElseThrow(() -> OptionException.wrong(
                        name, OptionValues.HIDDEN, "a password; *** keeps the one that is there, and there is none"));
    }

    private static OptionValues secrets(Optional<VersionedValue<OptionValues>> present) {
        return present.map(VersionedValue::value).orElseGet(OptionValues::none);
    }

    private HaltException notFound(RouteName name) {
        return ErrorResponses.notFound(
                registry.current().get(name).isPresent()
                        ? "The route of " + name + " stands in outgoing-routes.xml, and is changed there;"
                                + " a PUT makes a run-time route that counts in its place"
                        : "There is no route of " + name);
    }
}
