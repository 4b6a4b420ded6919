/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.LayeredRoutes.Shown;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code /outgoing/routes/:domain/effective}: the complete route of a domain. Thread-safe. */
final class EffectiveRouteResource {

    private final ServiceChoice services;

    EffectiveRouteResource(ServiceChoice services) {
        this.services = services;
    }

    /**
     * A value in the end.
     *
     * @param from the route that gives it, in the file or at run time
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Value(String value, String origin, Optional<String> from) {

        static Value of(Shown shown) {
            return new Value(
                    shown.text(),
                    ValueType.spelling(shown.origin()),
                    shown.from().map(RouteName::text));
        }
    }

    /** @param route the name of the route that the domain has */
    record View(String domain, String queue, String route, Map<String, Value> options) {}

    View get(Request request, Response response) throws BadRequestException {
        RouteName domain = StaticRouteResource.name(request);
        OutgoingMailService service = services.of(Optional.ofNullable(request.queryParams(ServiceChoice.QUEUE)));
        LayeredRoutes routes = service.routes();
        RouteName name = domain.isOneDomain() ? routes.statics().match(domain.text()) : domain;
        if (domain.isWildcard() && routes.statics().get(domain).isEmpty()) {
            throw ErrorResponses.notFound("There is no route of " + domain);
        }
        Map<String, Value> options = new LinkedHashMap<>();
        routes.effective(name).forEach((option, shown) -> options.put(option, Value.of(shown)));
        return new View(domain.text(), service.settings().queueName(), name.text(), options);
    }
}
