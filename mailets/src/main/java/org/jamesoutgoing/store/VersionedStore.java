/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.util.Map;
import java.util.function.Consumer;

/**
 * Values by name, made at run time. Thread-safe, and safe against other processes that use the same store. All methods may
 * block.
 *
 * @param <K> names, by {@code equals}
 * @param <V> values, immutable
 */
public interface VersionedStore<K, V> extends AutoCloseable {

    /**
     * All that is in it.
     *
     * @throws UnusableException when the store cannot be read, or holds what cannot be such a value
     */
    Map<K, VersionedValue<V>> load();

    /**
     * Creates or replaces a value. When it returns, the change is safe.
     *
     * @param check is given all there would be then, while no other process can change it; what it throws ends the change,
     *     and nothing has changed
     * @throws UnusableException when the store cannot be read or written; nothing has changed
     */
    VersionedValue<V> put(K name, V value, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException;

    /** {@link #put(Object, Object, Expectation, Consumer)} that nobody has to check. */
    default VersionedValue<V> put(K name, V value, Expectation expectation) throws ChangedMeanwhileException {
        return put(name, value, expectation, all -> {});
    }

    /**
     * Deletes a value.
     *
     * @param check as with {@link #put}; not asked where there is nothing to delete
     * @return whether there was one
     * @throws UnusableException as {@link #put}
     */
    boolean delete(K name, Expectation expectation, Consumer<Map<K, VersionedValue<V>>> check)
            throws ChangedMeanwhileException;

    /** {@link #delete(Object, Expectation, Consumer)} that nobody has to check. */
    default boolean delete(K name, Expectation expectation) throws ChangedMeanwhileException {
        return delete(name, expectation, all -> {});
    }

    /**
     * Calls {@code listener} soon after another process has changed the store, on a thread of the store; now and then also
     * when what changed is known to the listener already.
     */
    void onForeignChange(Runnable listener);

    @Override
    void close();
}
