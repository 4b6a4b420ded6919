/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jamesoutgoing.routing.StoreFormat.BadContentException;
import org.jamesoutgoing.routing.StoreFormat.Content;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes in a JSON file (see {@link StoreFormat}), together with the passwords in them. Every change reads the file, writes
 * another one, and puts that in its place, under a lock that other processes heed ({@code <file>.lock}). A file that is
 * damaged is left alone, whatever is asked.
 */
public final class JsonRouteStore implements RouteStore {

    private static final Logger LOGGER = LoggerFactory.getLogger(JsonRouteStore.class);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final StoreFile file;
    private final Function<Runnable, AutoCloseable> again;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Whether a file was there once: then it is not normal that there is none. */
    private final AtomicBoolean found = new AtomicBoolean();
    /** What the listeners know of; null: nobody has read the file. Guarded by this. */
    private StoreFile.Look known;
    /** The highest revision this process has seen; guarded by this. */
    private long highest;
    /** Guarded by this. */
    private AutoCloseable watch = () -> {};

    /** Over the file at this path, which is made with the first route; looks for changes once a second. */
    public static JsonRouteStore at(Path file) {
        return new JsonRouteStore(file, JsonRouteStore::everySecond);
    }

    /**
     * @param again runs what it is given again and again, until what it returns is closed; called with the first listener
     */
    JsonRouteStore(Path file, Function<Runnable, AutoCloseable> again) {
        this.file = new StoreFile(file);
        this.again = again;
    }

    private static AutoCloseable everySecond(Runnable look) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread daemon = new Thread(work, "outgoing-route-store");
            daemon.setDaemon(true);
            return daemon;
        });
        thread.scheduleWithFixedDelay(look, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        return thread::shutdownNow;
    }

    @Override
    public Map<RouteName, Stored> load() {
        synchronized (this) {
            if (known == null) {
                // Before reading: what changes meanwhile is then seen as a change.
                known = file.look(StoreFormat.HEAD);
            }
        }
        return content().routes();
    }

    private Content content() {
        Optional<byte[]> octets;
        try {
            octets = file.read();
        } catch (IOException e) {
            throw unusable("cannot be read: " + e, e);
        }
        if (octets.isEmpty()) {
            if (found.get()) {
                throw unusable("was there and is gone", null);
            }
            return Content.NONE;
        }
        found.set(true);
        try {
            return StoreFormat.read(octets.get());
        } catch (BadContentException e) {
            throw unusable("cannot be used: " + e.getMessage(), e);
        }
    }

    private UnusableException unusable(String problem, Throwable cause) {
        return new UnusableException(
                "the route store " + file.path() + " " + problem
                        + "; put a good copy in its place, or start James without it to have no run-time routes",
                cause);
    }

    @Override
    public Stored put(
            RouteName name, OptionValues values, Expectation expectation, Consumer<Map<RouteName, Stored>> check)
            throws ChangedMeanwhileException {
        return locked(() -> {
            StoreFile.Look before = file.look(StoreFormat.HEAD);
            Content content = content();
            require(name, content, expectation);
            long revision = next(content);
            Stored stored = new Stored(values, revision);
            Map<RouteName, Stored> routes = new HashMap<>(content.routes());
            routes.put(name, stored);
            replace(before, new Content(revision, routes), check);
            return stored;
        });
    }

    @Override
    public boolean delete(RouteName name, Expectation expectation, Consumer<Map<RouteName, Stored>> check)
            throws ChangedMeanwhileException {
        return locked(() -> {
            StoreFile.Look before = file.look(StoreFormat.HEAD);
            Content content = content();
            require(name, content, expectation);
            Map<RouteName, Stored> routes = new HashMap<>(content.routes());
            if (routes.remove(name) == null) {
                return false;
            }
            replace(before, new Content(next(content), routes), check);
            return true;
        });
    }

    private interface Change<T> {
        T make() throws IOException, ChangedMeanwhileException;
    }

    private <T> T locked(Change<T> change) throws ChangedMeanwhileException {
        try (StoreLock held = file.lock(LOCK_PATIENCE)) {
            return change.make();
        } catch (IOException e) {
            throw unusable("cannot be written: " + e, e);
        }
    }

    private static void require(RouteName name, Content content, Expectation expectation)
            throws ChangedMeanwhileException {
        if (!expectation.isMetBy(Optional.ofNullable(content.routes().get(name)))) {
            throw new ChangedMeanwhileException(name);
        }
    }

    /** Also higher than what this process has seen of a file that has been replaced by an older one. */
    private synchronized long next(Content content) {
        highest = Math.max(highest, content.revision()) + 1;
        return highest;
    }

    private void replace(StoreFile.Look before, Content content, Consumer<Map<RouteName, Stored>> check)
            throws IOException {
        check.accept(content.routes());
        file.replace(StoreFormat.write(content));
        found.set(true);
        synchronized (this) {
            // Unless there was somebody else's change among it, which the listeners must still be told of.
            if (before.equals(known)) {
                known = file.look(StoreFormat.HEAD);
            }
        }
    }

    @Override
    public synchronized void onForeignChange(Runnable listener) {
        if (listeners.isEmpty()) {
            watch = again.apply(this::look);
        }
        listeners.add(listener);
    }

    private void look() {
        synchronized (this) {
            StoreFile.Look now = file.look(StoreFormat.HEAD);
            boolean news = known != null && !known.equals(now);
            known = now;
            if (!news) {
                return;
            }
        }
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOGGER.error("what another process has changed in {} does not count", file.path(), e);
            }
        }
    }

    @Override
    public synchronized void close() {
        try {
            watch.close();
        } catch (Exception e) {
            LOGGER.debug("looking for changes of {} goes on", file.path(), e);
        }
    }
}
