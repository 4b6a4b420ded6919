/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.List;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code GET /outgoing}: the services at a glance, by queue. Thread-safe. */
final class ServicesResource {

    private final OutgoingServices services;

    ServicesResource(OutgoingServices services) {
        this.services = services;
    }

    List<ServiceView> list(Request request, Response response) throws BadRequestException {
        QueryParameters.of(request, List.of());
        return services.services().values().stream().map(ServiceView::of).toList();
    }
}
