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
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedStore;
import org.jamesoutgoing.store.VersionedValue;

/** A store that forgets, can be broken, and lets a test be faster than the one who writes. */
final class MemoryStore<K, V> implements VersionedStore<K, V> {

    private final String one;
    private final Map<K, VersionedValue<V>> values = new HashMap<>();
    private long revision;
    private boolean broken;
    private Runnable before = () -> {};
    private Runnable foreignChange = () -> {};

    /** @param one such as {@code route} */
    MemoryStore(String one) {
        this.one = one;
    }

    synchronized void breakDown() {
        broken = true;
    }

    /** Does something, once, when the next change arrives and before it is made. */
    synchronized void beforeNextChange(Runnable something) {
        before = something;
    }

    /** As if another process had done it. */
    synchronized void change(K name, V value) {
        values.put(name, new VersionedValue<>(value, ++revision));
        foreignChange.run();
    }

    @Override
    public synchronized Map<K, VersionedValue<V>> load() {
        requireUsable();
        return Map.copyOf(values);
    }

    @Override
    public synchronized VersionedValue<V> put(
            K name, V value, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException {
        require(name, expectation);
        VersionedValue<V> stored = new VersionedValue<>(value, ++revision);
        Map<K, VersionedValue<V>> next = new HashMap<>(values);
        next.put(name, stored);
        check.accept(next);
        values.put(name, stored);
        return stored;
    }

    @Override
    public synchronized boolean delete(K name, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException {
        require(name, expectation);
        Map<K, VersionedValue<V>> next = new HashMap<>(values);
        if (next.remove(name) == null) {
            return false;
        }
        check.accept(next);
        values.remove(name);
        return true;
    }

    private void require(K name, Expectation expectation) throws ChangedMeanwhileException {
        requireUsable();
        Runnable first = before;
        before = () -> {};
        first.run();
        if (!expectation.isMetBy(Optional.ofNullable(values.get(name)))) {
            throw new ChangedMeanwhileException(one + " " + name);
        }
    }

    private void requireUsable() {
        if (broken) {
            throw new UnusableException("the " + one + " store var/outgoing-" + one + "s.json cannot be read", null);
        }
    }

    @Override
    public void onForeignChange(Runnable listener) {
        foreignChange = listener;
    }

    @Override
    public void close() {}
}
