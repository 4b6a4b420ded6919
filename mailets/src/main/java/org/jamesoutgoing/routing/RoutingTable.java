/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which route a domain has. Today every domain has the default route; it can be replaced while the service runs, and
 * the change counts for the next attempt of mail that already waits. Thread-safe.
 */
public final class RoutingTable {

    private volatile Route defaultRoute;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public RoutingTable(Route defaultRoute) {
        this.defaultRoute = defaultRoute;
    }

    /** The route of a domain, in any spelling of it. */
    public Route routeOf(String domain) {
        return defaultRoute;
    }

    /**
     * What recipients of this domain share a mail with: recipients with the same destination stay in one mail, others
     * are split. Known without DNS.
     */
    public Destination destinationOf(String domain) {
        Route route = routeOf(domain);
        if (route.mode() instanceof RouteMode.Relay relay) {
            return Destination.relay(route, relay);
        }
        return Destination.domain(route, domain);
    }

    /** Replaces the default route and tells those who asked to know. */
    public void replaceDefault(Route route) {
        defaultRoute = route;
        listeners.forEach(Runnable::run);
    }

    /** Calls {@code listener} after every change, on the thread that made it. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
