/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.annotation.PreDestroy;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.server.core.configuration.Configuration;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedStore;
import org.jamesoutgoing.store.VersionedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits and suspensions that were made at run time, for each outgoing queue; they are kept over restarts. Thread-safe.
 *
 * <p>The store is opened when it is first needed, so every method throws {@link UnusableException} while it cannot be read.
 */
@Singleton
public final class ControlRegistry {

    private static final Logger LOGGER = LoggerFactory.getLogger(ControlRegistry.class);
    /** A change that builds on what is there starts again when another process was faster, but not for ever. */
    private static final int TRIES = 20;

    private final Supplier<VersionedStore<String, RuntimeControls>> storeOpener;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Held while something changes and is told; nobody who holds it waits for {@link #opening} to be free. */
    private final Object changing = new Object();
    /** Held while the store is opened; who holds it calls nobody else. */
    private final Object opening = new Object();
    /** Null until opened; written under {@link #opening}. */
    private volatile VersionedStore<String, RuntimeControls> store;
    /** What counts now; written under {@link #opening} once, then under {@link #changing}. */
    private volatile Map<String, VersionedValue<RuntimeControls>> stored = Map.of();

    @Inject
    ControlRegistry(FileSystem files, Configuration configuration, Clock clock) {
        this(new JamesFiles(files, configuration)::controlStore, clock);
    }

    public ControlRegistry(VersionedStore<String, RuntimeControls> store, Clock clock) {
        this(() -> store, clock);
    }

    private ControlRegistry(Supplier<VersionedStore<String, RuntimeControls>> store, Clock clock) {
        this.storeOpener = store;
        this.clock = clock;
    }

    /** What has been changed for the service of this queue. */
    public RuntimeControls of(String queue) {
        open();
        return find(queue).map(VersionedValue::value).orElse(RuntimeControls.NONE);
    }

    private Optional<VersionedValue<RuntimeControls>> find(String queue) {
        return Optional.ofNullable(stored.get(queue));
    }

    private VersionedStore<String, RuntimeControls> open() {
        if (store != null) {
            return store;
        }
        synchronized (opening) {
            if (store == null) {
                VersionedStore<String, RuntimeControls> opened = storeOpener.get();
                stored = opened.load();
                store = opened;
                opened.onForeignChange(this::reload);
            }
            return store;
        }
    }

    /**
     * Changes what has been changed for the service of this queue; when it returns, that counts. What has ended meanwhile is
     * forgotten.
     *
     * @param configured what {@code mailetcontainer.xml} says of that service
     * @param change may be asked several times, when another process is faster
     * @return what was there before
     * @throws UnusableException when it cannot be stored; nothing has changed
     */
    public RuntimeControls change(String queue, Controls configured, UnaryOperator<RuntimeControls> change)
            throws ChangedMeanwhileException {
        VersionedStore<String, RuntimeControls> opened = open();
        synchronized (changing) {
            for (int tries = 1; ; tries++) {
                Optional<VersionedValue<RuntimeControls>> present = find(queue);
                RuntimeControls before = present.map(VersionedValue::value).orElse(RuntimeControls.NONE);
                RuntimeControls after = change.apply(before).tidied(configured, clock.instant());
                try {
                    write(opened, queue, present, after);
                    return before;
                } catch (ChangedMeanwhileException e) {
                    reload();
                    if (tries == TRIES) {
                        throw e;
                    }
                }
            }
        }
    }

    private void write(
            VersionedStore<String, RuntimeControls> opened,
            String queue,
            Optional<VersionedValue<RuntimeControls>> present,
            RuntimeControls after)
            throws ChangedMeanwhileException {
        if (after.equals(present.map(VersionedValue::value).orElse(RuntimeControls.NONE))) {
            return;
        }
        Expectation expected = present.<Expectation>map(old -> new Expectation.Revision(old.revision()))
                .orElseGet(Expectation.Nothing::new);
        Map<String, VersionedValue<RuntimeControls>> next = new HashMap<>();
        if (after.equals(RuntimeControls.NONE)) {
            opened.delete(queue, expected, next::putAll);
        } else {
            opened.put(queue, after, expected, next::putAll);
        }
        LOGGER.info("changed at run time for queue {}: {}", queue, after);
        take(next);
    }

    /**
     * Sees whether the store can be read; while not, what was changed before counts. Blocks on the store.
     *
     * @throws UnusableException when it cannot
     */
    public void check() {
        open().load();
    }

    /** Calls {@code listener} after every change, one change at a time. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Stops looking for what other processes change. */
    @PreDestroy
    public void close() {
        VersionedStore<String, RuntimeControls> opened = store;
        if (opened != null) {
            opened.close();
        }
    }

    private void reload() {
        synchronized (changing) {
            try {
                Map<String, VersionedValue<RuntimeControls>> now = store.load();
                if (!now.equals(stored)) {
                    LOGGER.info("another process changed limits or suspensions");
                    take(now);
                }
            } catch (UnusableException e) {
                LOGGER.error(
                        "limits or suspensions were changed by another process and cannot be used; those of before stay: {}",
                        e.getMessage());
            }
        }
    }

    private void take(Map<String, VersionedValue<RuntimeControls>> next) {
        stored = Map.copyOf(next);
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOGGER.error("limits or suspensions changed, and somebody goes on with the old ones", e);
            }
        }
    }
}
