/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.io.IOException;
import java.nio.file.Files;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.jamesoutgoing.store.StoreFormat.Content;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values in a JSON file (see {@link StoreFormat}) of mode 0600. Every change reads the file, writes
 * another one, and puts that in its place, under a lock that other processes heed ({@code <file>.lock}). A file that is
 * damaged is left alone, whatever is asked.
 */
public final class JsonStore<K, V> implements VersionedStore<K, V> {

    private static final Logger LOGGER = LoggerFactory.getLogger(JsonStore.class);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final StoreFile file;
    private final Codec<K, V> codec;
    private final Codec.Words words;
    private final StoreFormat<K, V> format;
    private final Function<Runnable, AutoCloseable> again;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Whether a file was there once: then it is not normal that there is none. */
    private volatile boolean found;
    /** What the listeners know of; null: nobody has read the file. Guarded by this. */
    private String known;
    /** The highest revision this process has seen; guarded by this. */
    private long highest;
    /** Guarded by this. */
    private AutoCloseable watch = () -> {};

    /** Over the file at this path, which is made with the first value; looks for changes once a second. */
    public static <K, V> JsonStore<K, V> at(Path file, Codec<K, V> codec) {
        String thread = "outgoing-" + codec.words().one() + "-store";
        return new JsonStore<>(file, codec, look -> everySecond(look, thread));
    }

    /** Writes these to a file of their own, which is there as a whole or not at all. Its directory has to be there. */
    public static <K, V> void write(Path file, Codec<K, V> codec, Map<K, VersionedValue<V>> values) throws IOException {
        long last = values.values().stream()
                .mapToLong(VersionedValue::revision)
                .max()
                .orElse(1);
        new StoreFile(file).replace(new StoreFormat<>(codec).write(new Content<>(last, values)));
    }

    /**
     * What {@link #write} has written, or a store holds.
     *
     * @throws IllegalArgumentException when it is damaged, or of a newer format; its message is part of a line
     */
    public static <K, V> Map<K, VersionedValue<V>> read(Path file, Codec<K, V> codec) throws IOException {
        return new StoreFormat<>(codec).read(Files.readAllBytes(file)).values();
    }

    /**
     * @param again runs what it is given again and again, until what it returns is closed; called with the first listener
     */
    JsonStore(Path file, Codec<K, V> codec, Function<Runnable, AutoCloseable> again) {
        this.file = new StoreFile(file);
        this.codec = codec;
        this.words = codec.words();
        this.format = new StoreFormat<>(codec);
        this.again = again;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A look lets nothing out.
    private static AutoCloseable everySecond(Runnable look, String name) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread daemon = new Thread(work, name);
            daemon.setDaemon(true);
            return daemon;
        });
        thread.scheduleWithFixedDelay(look, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        return thread::shutdownNow;
    }

    @Override
    public Map<K, VersionedValue<V>> load() {
        synchronized (this) {
            if (known == null) {
                // Before reading: what changes meanwhile is then seen as a change.
                known = look();
            }
        }
        return content().values();
    }

    private String look() {
        return file.look(StoreFormat.HEAD);
    }

    private Content<K, V> content() {
        Optional<byte[]> octets;
        try {
            octets = file.read();
        } catch (IOException e) {
            throw unusable("cannot be read: " + e, e);
        }
        if (octets.isEmpty()) {
            if (found) {
                throw unusable("was there and is gone", null);
            }
            return new Content<>(0, Map.of());
        }
        found = true;
        try {
            return format.read(octets.get());
        } catch (IllegalArgumentException e) {
            throw unusable("cannot be used: " + e.getMessage(), e);
        }
    }

    private UnusableException unusable(String problem, Throwable cause) {
        return new UnusableException(
                "the " + words.one() + " store " + file.path() + " " + problem
                        + "; put a good copy in its place, or start James without it to have no run-time "
                        + words.many(),
                cause);
    }

    @Override
    public VersionedValue<V> put(K name, V value, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException {
        return change(name, Optional.of(value), expectation, check).orElseThrow();
    }

    @Override
    public boolean delete(K name, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException {
        return change(name, Optional.empty(), expectation, check).isPresent();
    }

    /**
     * @param value empty: none any more
     * @return what is stored now or, if it is deleted, was; empty: there was nothing to delete
     */
    private Optional<VersionedValue<V>> change(
            K name, Optional<V> value, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException {
        try (StoreFile.Lock held = file.lock(LOCK_PATIENCE)) {
            String before = look();
            Content<K, V> content = content();
            Optional<VersionedValue<V>> present =
                    Optional.ofNullable(content.values().get(name));
            if (!expectation.isMetBy(present)) {
                throw new ChangedMeanwhileException(words.one() + " " + codec.nameToText(name));
            }
            if (value.isEmpty() && present.isEmpty()) {
                return present;
            }
            Map<K, VersionedValue<V>> values = new HashMap<>(content.values());
            long revision = next(content);
            values.remove(name);
            value.ifPresent(next -> values.put(name, new VersionedValue<>(next, revision)));
            check.accept(Map.copyOf(values));
            replace(before, format.write(new Content<>(revision, values)));
            return value.isEmpty() ? present : Optional.of(values.get(name));
        } catch (IOException e) {
            throw unusable("cannot be written: " + e, e);
        }
    }

    /** Also higher than what this process has seen of a file that has been replaced by an older one. */
    private synchronized long next(Content<K, V> content) {
        highest = Math.max(highest, content.revision()) + 1;
        return highest;
    }

    private void replace(String before, byte[] octets) throws IOException {
        file.replace(octets);
        found = true;
        synchronized (this) {
            // Unless there was somebody else's change among it, which the listeners must still be told of.
            if (before.equals(known)) {
                known = look();
            }
        }
    }

    @Override
    public synchronized void onForeignChange(Runnable listener) {
        if (listeners.isEmpty()) {
            watch = again.apply(this::tell);
        }
        listeners.add(listener);
    }

    private void tell() {
        synchronized (this) {
            String now = look();
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
