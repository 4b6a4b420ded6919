/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps values in memory; can be in trouble; {@link #tell} says that another process has changed them. */
public final class MemoryStore<K, V> implements VersionedStore<K, V> {

    /** Thrown by everything that reads or writes, unless null. */
    public UnusableException trouble;

    public boolean closed;

    private final String one;
    private final Map<K, VersionedValue<V>> values = new HashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private long revision;

    /** @param one such as {@code route} */
    public MemoryStore(String one) {
        this.one = one;
    }

    @Override
    public Map<K, VersionedValue<V>> load() {
        if (trouble != null) {
            throw trouble;
        }
        return Map.copyOf(values);
    }

    @Override
    public VersionedValue<V> put(K name, V value, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException {
        Map<K, VersionedValue<V>> next = expect(name, expectation);
        VersionedValue<V> stored = new VersionedValue<>(value, ++revision);
        next.put(name, stored);
        check.accept(next);
        values.put(name, stored);
        return stored;
    }

    @Override
    public boolean delete(K name, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException {
        Map<K, VersionedValue<V>> next = expect(name, expectation);
        if (next.remove(name) == null) {
            return false;
        }
        check.accept(next);
        values.remove(name);
        return true;
    }

    private Map<K, VersionedValue<V>> expect(K name, Expectation expectation) throws ChangedMeanwhileException {
        Map<K, VersionedValue<V>> now = new HashMap<>(load());
        if (!expectation.isMetBy(Optional.ofNullable(now.get(name)))) {
            throw new ChangedMeanwhileException(one + " " + name);
        }
        return now;
    }

    @Override
    public void onForeignChange(Runnable listener) {
        listeners.add(listener);
    }

    public void tell() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public void close() {
        closed = true;
    }
}
