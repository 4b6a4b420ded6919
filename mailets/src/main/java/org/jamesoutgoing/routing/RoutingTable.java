/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which route a domain has now. The routes can be replaced while the service runs, and the change counts for the next
 * attempt of mail that already waits. Thread-safe.
 */
public final class RoutingTable {

    private static final int KEYS_KEPT = 10_000;

    private volatile Routes routes;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** One for relay routes that deliver in the same way; never given to another one later. */
    private final Map<Route, Long> relayKeys = new ConcurrentHashMap<>();

    private final AtomicLong lastKey = new AtomicLong();

    public RoutingTable(Routes routes) {
        this.routes = routes;
    }

    /** The route of a domain, in any spelling of it. */
    public Route routeOf(String domain) {
        return routes.of(domain);
    }

    /**
     * What recipients of this domain share a mail with: recipients with the same destination stay in one mail, others
     * are split. Known without DNS.
     */
    public Destination destinationOf(String domain) {
        Route route = routeOf(domain);
        if (route.mode() instanceof RouteMode.Relay relay) {
            return Destination.relay(
                    route, relay, relayKeys.computeIfAbsent(route.anonymous(), any -> lastKey.incrementAndGet()));
        }
        return Destination.domain(route, domain);
    }

    /** Replaces the routes and tells those who asked to know. */
    public void replace(Routes others) {
        routes = others;
        if (relayKeys.size() > KEYS_KEPT) {
            relayKeys.clear();
        }
        listeners.forEach(Runnable::run);
    }

    /** Calls {@code listener} after every change, on the thread that made it. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
