/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import javax.inject.Inject;
import org.apache.james.webadmin.Routes;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.RouteRegistry;
import spark.Service;

/**
 * Everything below {@code /outgoing}, behind James's own authentication.
 *
 * <pre>{@code
 * # webadmin.properties
 * extensions.routes=org.jamesoutgoing.webadmin.OutgoingRoutes
 * }</pre>
 *
 * <p>Needs the module of this JAR in {@code extensions.properties}, so that it talks of the same services as the mailets.
 */
public final class OutgoingRoutes implements Routes {

    static final String BASE = "/outgoing";
    private static final String ROUTES = BASE + "/routes";
    private static final String ROUTE = ROUTES + "/" + StaticRouteResource.DOMAIN;

    private final StaticRouteResource routes;
    private final EffectiveRouteResource effective;
    private final TraceResource trace;
    private final DnsTestResource dnsTest;
    private final JsonTransformer json;

    @Inject
    OutgoingRoutes(RouteRegistry registry, OutgoingServices services, JsonTransformer json) {
        ServiceChoice choice = new ServiceChoice(services);
        this.routes = new StaticRouteResource(registry);
        this.effective = new EffectiveRouteResource(choice);
        this.trace = new TraceResource(choice);
        this.dnsTest = new DnsTestResource(choice, services);
        this.json = json;
    }

    @Override
    public String getBasePath() {
        return BASE;
    }

    @Override
    public void define(Service service) {
        service.get(ROUTES, Problem.told(routes::list), json);
        service.get(ROUTE, Problem.told(routes::get), json);
        service.put(ROUTE, Problem.told(routes::put));
        service.patch(ROUTE, Problem.told(routes::patch));
        service.delete(ROUTE, Problem.told(routes::delete));
        service.get(ROUTE + "/effective", Problem.told(effective::get), json);
        service.post(ROUTES + "/trace", Problem.told(trace::post), json);
        service.post(BASE + "/dns/test", Problem.told(dnsTest::post), json);
    }
}
