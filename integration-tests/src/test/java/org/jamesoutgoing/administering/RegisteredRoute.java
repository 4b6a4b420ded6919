/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import org.apache.james.webadmin.WebAdminServer;
import org.jamesoutgoing.testing.JamesServer;
import spark.Service;
import spark.route.HttpMethod;
import spark.routematch.RouteMatch;

/** One method and path of ours, as the running server knows them. */
record RegisteredRoute(String method, String path) {

    /** All below {@code /outgoing}. */
    static List<RegisteredRoute> of(JamesServer james) throws Exception {
        Field field = WebAdminServer.class.getDeclaredField("service");
        field.setAccessible(true);
        Service service = (Service) field.get(james.get(WebAdminServer.class));
        return service.routes().stream()
                .filter(route -> route.getMatchUri().startsWith("/outgoing"))
                .filter(route ->
                        route.getHttpMethod() != HttpMethod.before && route.getHttpMethod() != HttpMethod.after)
                .map(RegisteredRoute::of)
                .toList();
    }

    private static RegisteredRoute of(RouteMatch route) {
        return new RegisteredRoute(route.getHttpMethod().name().toUpperCase(Locale.ROOT), route.getMatchUri());
    }

    /** Its path for one domain, or the template {@code failure}. */
    String pathOf(String domain) {
        return path.replace(":domain", domain).replace(":name", "failure");
    }

    /** Whether a request with this path, without its query, comes here. */
    boolean takes(String requestMethod, String requestPath) {
        return method.equals(requestMethod) && requestPath.matches(path.replaceAll(":[a-z]+", "[^/]+"));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
