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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
import org.jamesoutgoing.store.LiveStore;
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

    private final Supplier<Optional<Path>> folder;
    private final LiveStore<RouteName, OptionValues, StaticRoutes> live;
    private final List<Consumer<OptionValues>> rules = new CopyOnWriteArrayList<>();
    /** Read before the store is opened. */
    private volatile List<StaticRoute> file = List.of();

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
        this.folder = folder;
        this.live = new LiveStore<>(
                "the routes",
                () -> {
                    this.file = List.copyOf(file.get());
                    return store.get();
                },
                this::merged);
    }

    private StaticRoutes merged(Map<RouteName, VersionedValue<OptionValues>> stored) {
        return StaticRoutes.of(
                file,
                stored.entrySet().stream()
                        .map(entry -> new StaticRoute(
                                entry.getKey(), Origin.RUNTIME, entry.getValue().value()))
                        .toList());
    }

    /** The folder below which the files are that routes of the run-time store may name, unless somebody says otherwise. */
    Optional<Path> readableFolder() {
        return folder.get();
    }

    /** The static routes of now. */
    public StaticRoutes current() {
        return live.current();
    }

    /** The route of the run-time store, if there is one. */
    public Optional<VersionedValue<OptionValues>> stored(RouteName name) {
        return live.stored(name);
    }

    /** All routes of the run-time store. */
    public Map<RouteName, VersionedValue<OptionValues>> stored() {
        return live.stored();
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
        VersionedValue<OptionValues> stored = live.put(name, values, expectation);
        LOGGER.info("route {} is now {}", name, values);
        return stored;
    }

    /**
     * Deletes a route of the run-time store: its domain falls back to the file's route, or the default route.
     *
     * @return whether there was one
     * @throws org.jamesoutgoing.routing.BadRouteException as {@link #put}
     * @throws UnusableException as {@link #put}
     */
    public boolean delete(RouteName name, Expectation expectation) throws ChangedMeanwhileException {
        boolean was = live.delete(name, expectation);
        if (was) {
            LOGGER.info("route {} is deleted", name);
        }
        return was;
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
        live.addCheck((candidate, changed) -> check.check(candidate, changed.orElse(RouteName.DEFAULT)));
    }

    /** As {@link LiveStore#onChange}. */
    public void onChange(Consumer<StaticRoutes> listener) {
        live.onChange(listener);
    }

    /** As {@link LiveStore#check}. */
    public void check() {
        live.check();
    }

    /** Stops looking for what other processes change. */
    @PreDestroy
    public void close() {
        live.close();
    }
}
