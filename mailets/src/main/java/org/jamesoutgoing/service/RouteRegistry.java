/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.annotation.PreDestroy;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.server.core.configuration.Configuration;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedStore;
import org.jamesoutgoing.store.VersionedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The static routes of this James, which all its services share: those of {@code outgoing-routes.xml}, and those of the
 * run-time store, which count where both have one of the same name. Thread-safe.
 *
 * <p>File and store are opened when they are first needed, so every method that needs them throws
 * {@link UnusableException}, or {@link org.jamesoutgoing.routing.RouteFile.BadFileException}, while they cannot
 * be.
 */
@Singleton
public final class RouteRegistry {

    private static final Logger LOGGER = LoggerFactory.getLogger(RouteRegistry.class);

    /** Refuses routes that would not go together with the settings of a service. */
    public interface Check {
        /**
         * @param changed the name of the route that changed; with {@link RouteName#DEFAULT}, all may be affected
         * @throws org.jamesoutgoing.routing.BadRouteException when they do not
         */
        void check(StaticRoutes candidate, RouteName changed);
    }

    /** File and store, opened. */
    private record Sources(VersionedStore<RouteName, OptionValues> store, List<StaticRoute> file) {}

    /** What counts now. */
    private record State(Map<RouteName, VersionedValue<OptionValues>> stored, StaticRoutes merged) {}

    private final Supplier<VersionedStore<RouteName, OptionValues>> storeOpener;
    private final Supplier<List<StaticRoute>> fileReader;
    private final Supplier<Optional<Path>> folder;
    private final List<Consumer<OptionValues>> rules = new CopyOnWriteArrayList<>();
    private final List<Check> checks = new CopyOnWriteArrayList<>();
    private final List<Consumer<StaticRoutes>> listeners = new CopyOnWriteArrayList<>();
    /** Held while something changes and is told; nobody who holds it waits for {@link #opening} to be free. */
    private final Object changing = new Object();
    /** Held while file and store are opened; who holds it calls nobody else. */
    private final Object opening = new Object();
    /** Null until opened; written under {@link #opening}. */
    private volatile Sources sources;
    /** Null until opened; written under {@link #opening} once, then under {@link #changing}. */
    private volatile State state;

    @Inject
    RouteRegistry(FileSystem files, Configuration configuration) {
        this(
                new JamesFiles(files, configuration)::routeStore,
                new JamesFiles(files, configuration)::file,
                new JamesFiles(files, configuration)::secrets);
    }

    /** Over a store and the routes of a file. */
    public RouteRegistry(VersionedStore<RouteName, OptionValues> store, List<StaticRoute> file) {
        this(() -> store, () -> file);
    }

    RouteRegistry(Supplier<VersionedStore<RouteName, OptionValues>> store, Supplier<List<StaticRoute>> file) {
        this(store, file, Optional::empty);
    }

    private RouteRegistry(
            Supplier<VersionedStore<RouteName, OptionValues>> store,
            Supplier<List<StaticRoute>> file,
            Supplier<Optional<Path>> folder) {
        this.storeOpener = store;
        this.fileReader = file;
        this.folder = folder;
    }

    /** The folder below which the files are that routes of the run-time store may name, unless somebody says otherwise. */
    Optional<Path> readableFolder() {
        return folder.get();
    }

    /** The static routes of now. */
    public StaticRoutes current() {
        open();
        return state.merged();
    }

    /** The route of the run-time store, if there is one. */
    public Optional<VersionedValue<OptionValues>> stored(RouteName name) {
        return Optional.ofNullable(stored().get(name));
    }

    /** All routes of the run-time store. */
    public Map<RouteName, VersionedValue<OptionValues>> stored() {
        open();
        return state.stored();
    }

    private Sources open() {
        if (sources != null) {
            return sources;
        }
        synchronized (opening) {
            if (sources == null) {
                List<StaticRoute> file = List.copyOf(fileReader.get());
                VersionedStore<RouteName, OptionValues> store = storeOpener.get();
                state = state(file, store.load());
                sources = new Sources(store, file);
                store.onForeignChange(this::reload);
            }
            return sources;
        }
    }

    /**
     * Creates or replaces a route of the run-time store; when it returns, it counts.
     *
     * @throws org.jamesoutgoing.settings.OptionException when the route may not set one of the options
     * @throws org.jamesoutgoing.routing.BadRouteException when the options, with what they inherit, cannot be used together
     * @throws UnusableException when it cannot be stored; nothing has changed
     */
    public VersionedValue<OptionValues> put(RouteName name, OptionValues values, Expectation expectation)
            throws ChangedMeanwhileException {
        new StaticRoute(name, Origin.RUNTIME, values);
        // First: of what a route may not have read, it must not even be told whether it is there.
        rules.forEach(rule -> rule.accept(values));
        values.checkSecrets();
        Sources opened = open();
        return change(next -> {
            VersionedValue<OptionValues> stored =
                    opened.store().put(name, values, expectation, all -> next.set(checked(opened, all, name)));
            LOGGER.info("route {} is now {}", name, values);
            return stored;
        });
    }

    /**
     * Deletes a route of the run-time store: its domain falls back to the file's route, or the default route.
     *
     * @return whether there was one
     * @throws org.jamesoutgoing.routing.BadRouteException as {@link #put}
     * @throws UnusableException as {@link #put}
     */
    public boolean delete(RouteName name, Expectation expectation) throws ChangedMeanwhileException {
        Sources opened = open();
        return change(next -> {
            boolean was = opened.store().delete(name, expectation, all -> next.set(checked(opened, all, name)));
            if (was) {
                LOGGER.info("route {} is deleted", name);
            }
            return was;
        });
    }

    /** Changes the store; what is left in {@code next}, if anything, counts from then on. */
    private interface Change<T> {
        T in(AtomicReference<State> next) throws ChangedMeanwhileException;
    }

    private <T> T change(Change<T> change) throws ChangedMeanwhileException {
        synchronized (changing) {
            AtomicReference<State> next = new AtomicReference<>();
            try {
                T result = change.in(next);
                Optional.ofNullable(next.get()).ifPresent(this::take);
                return result;
            } catch (ChangedMeanwhileException e) {
                // By another process, perhaps: whoever tries again must find what is there now.
                reload();
                throw e;
            }
        }
    }

    /**
     * Sees whether the store can be read and what is in it used; while not, the routes of before count. Blocks on the store.
     *
     * @throws UnusableException when it cannot be read
     * @throws IllegalArgumentException when it cannot be used
     */
    public void check() {
        Sources opened = open();
        Map<RouteName, VersionedValue<OptionValues>> stored = opened.store().load();
        if (!stored.equals(state.stored())) {
            checked(opened, stored, RouteName.DEFAULT);
        }
    }

    /**
     * Asks {@code rule} what a route may say, before it is stored, whatever it goes together with.
     *
     * @param rule throws {@link org.jamesoutgoing.settings.OptionException}
     */
    void addRule(Consumer<OptionValues> rule) {
        rules.add(rule);
    }

    /** Asks {@code check} before every change. */
    public void addCheck(Check check) {
        checks.add(check);
    }

    /** Calls {@code listener} with the new routes after every change, one change at a time, in their order. */
    public void onChange(Consumer<StaticRoutes> listener) {
        listeners.add(listener);
    }

    /** Stops looking for what other processes change. */
    @PreDestroy
    public void close() {
        Sources opened = sources;
        if (opened != null) {
            opened.store().close();
        }
    }

    private void reload() {
        Sources opened = sources;
        synchronized (changing) {
            try {
                Map<RouteName, VersionedValue<OptionValues>> stored =
                        opened.store().load();
                if (!stored.equals(state.stored())) {
                    State next = checked(opened, stored, RouteName.DEFAULT);
                    LOGGER.info("another process changed the routes: {} in the store", stored.size());
                    take(next);
                }
            } catch (UnusableException | IllegalArgumentException e) {
                LOGGER.error(
                        "the routes were changed by another process and cannot be used; those of before stay: {}",
                        e.getMessage());
            }
        }
    }

    /** What would count with these in the store. */
    private State checked(Sources opened, Map<RouteName, VersionedValue<OptionValues>> stored, RouteName changed) {
        State next = state(opened.file(), stored);
        RouteName affected = differsOnlyIn(changed, stored) ? changed : RouteName.DEFAULT;
        checks.forEach(check -> check.check(next.merged(), affected));
        return next;
    }

    /** False when another process has changed something else meanwhile. */
    private boolean differsOnlyIn(RouteName name, Map<RouteName, VersionedValue<OptionValues>> stored) {
        Map<RouteName, VersionedValue<OptionValues>> before = state.stored();
        return Stream.concat(stored.keySet().stream(), before.keySet().stream())
                .filter(any -> !any.equals(name))
                .allMatch(any -> Objects.equals(stored.get(any), before.get(any)));
    }

    private void take(State next) {
        state = next;
        for (Consumer<StaticRoutes> listener : listeners) {
            try {
                listener.accept(next.merged());
            } catch (RuntimeException e) {
                LOGGER.error("the routes changed, and somebody goes on with the old ones", e);
            }
        }
    }

    private static State state(List<StaticRoute> file, Map<RouteName, VersionedValue<OptionValues>> stored) {
        return new State(
                Map.copyOf(stored),
                StaticRoutes.of(
                        file,
                        stored.entrySet().stream()
                                .map(entry -> new StaticRoute(
                                        entry.getKey(),
                                        Origin.RUNTIME,
                                        entry.getValue().value()))
                                .toList()));
    }
}
