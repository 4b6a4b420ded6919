/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteStore;

/** A store that forgets, can be broken, and lets a test be faster than the one who writes. */
final class MemoryRouteStore implements RouteStore {

    private final Map<RouteName, Stored> routes = new HashMap<>();
    private long revision;
    private boolean broken;
    private Runnable before = () -> {};
    private Runnable foreignChange = () -> {};

    synchronized void breakDown() {
        broken = true;
    }

    /** Does something, once, when the next change arrives and before it is made. */
    synchronized void beforeNextChange(Runnable something) {
        before = something;
    }

    /** As if another process had done it. */
    synchronized void change(String name, OptionValues values) {
        routes.put(RouteName.parse(name), new Stored(values, ++revision));
        foreignChange.run();
    }

    @Override
    public synchronized Map<RouteName, Stored> load() {
        requireUsable();
        return Map.copyOf(routes);
    }

    @Override
    public synchronized Stored put(
            RouteName name, OptionValues values, Expectation expectation, Consumer<Map<RouteName, Stored>> check)
            throws ChangedMeanwhileException {
        require(name, expectation);
        Stored stored = new Stored(values, ++revision);
        Map<RouteName, Stored> next = new HashMap<>(routes);
        next.put(name, stored);
        check.accept(next);
        routes.put(name, stored);
        return stored;
    }

    @Override
    public synchronized boolean delete(RouteName name, Expectation expectation, Consumer<Map<RouteName, Stored>> check)
            throws ChangedMeanwhileException {
        require(name, expectation);
        Map<RouteName, Stored> next = new HashMap<>(routes);
        if (next.remove(name) == null) {
            return false;
        }
        check.accept(next);
        routes.remove(name);
        return true;
    }

    private void require(RouteName name, Expectation expectation) throws ChangedMeanwhileException {
        requireUsable();
        Runnable first = before;
        before = () -> {};
        first.run();
        if (!expectation.isMetBy(Optional.ofNullable(routes.get(name)))) {
            throw new ChangedMeanwhileException(name);
        }
    }

    private void requireUsable() {
        if (broken) {
            throw new UnusableException("the route store var/outgoing-routes.json cannot be read", null);
        }
    }

    @Override
    public void onForeignChange(Runnable listener) {
        foreignChange = listener;
    }

    @Override
    public void close() {}
}
