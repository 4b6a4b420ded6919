/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.annotation.PreDestroy;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.server.core.configuration.Configuration;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.LiveStore;
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

    private final LiveStore<String, RuntimeControls, Map<String, VersionedValue<RuntimeControls>>> live;
    private final Clock clock;

    @Inject
    ControlRegistry(FileSystem files, Configuration configuration, Clock clock) {
        this(new JamesFiles(files, configuration)::controlStore, clock);
    }

    public ControlRegistry(VersionedStore<String, RuntimeControls> store, Clock clock) {
        this(() -> store, clock);
    }

    private ControlRegistry(Supplier<VersionedStore<String, RuntimeControls>> store, Clock clock) {
        this.live = new LiveStore<>("limits or suspensions", store, stored -> stored);
        this.clock = clock;
    }

    /** What has been changed for the service of this queue. */
    public RuntimeControls of(String queue) {
        return live.stored(queue).map(VersionedValue::value).orElse(RuntimeControls.NONE);
    }

    /** What has been changed, by queue. */
    Map<String, VersionedValue<RuntimeControls>> stored() {
        return live.stored();
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
        LiveStore.Update<RuntimeControls> done = live.update(queue, present -> Optional.of(
                        change.apply(present.orElse(RuntimeControls.NONE)).tidied(configured, clock.instant()))
                .filter(after -> !after.equals(RuntimeControls.NONE)));
        if (!done.after().equals(done.before())) {
            LOGGER.info(
                    "changed at run time for queue {}: {}", queue, done.after().orElse(RuntimeControls.NONE));
        }
        return done.before().orElse(RuntimeControls.NONE);
    }

    /** As {@link LiveStore#check}. */
    public void check() {
        live.check();
    }

    /** Calls {@code listener} after every change, one change at a time. */
    public void onChange(Runnable listener) {
        live.onChange(all -> listener.run());
    }

    /** Stops looking for what other processes change. */
    @PreDestroy
    public void close() {
        live.close();
    }
}
