/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link VersionedStore} holds, as it counts now. The store is opened when it is first needed. A change, our own or
 * another process's, is checked, counts, and is told; what cannot be read or used does not count, and what counted before
 * stays. Thread-safe.
 *
 * <p>Until the store could be read once, each method that needs it reads it, and throws what the opener throws, or
 * {@link UnusableException}. From then on only changes and {@link #check} block on it.
 *
 * @param <K> names
 * @param <V> values, immutable
 * @param <S> what is made of all of them, immutable
 */
public final class LiveStore<K, V, S> implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LiveStore.class);
    /** A change that builds on what is there starts again when another process was faster, but not for ever. */
    private static final int TRIES = 20;

    /** Asked before something else counts than what was there when the store was opened. */
    public interface Check<K, S> {
        /**
         * @param changed the only name that has changed; empty: perhaps several have
         * @throws IllegalArgumentException when this must not count
         */
        void check(S candidate, Optional<K> changed);
    }

    /**
     * What {@link #update} has done.
     *
     * @param after as {@code before} when there was nothing to do
     */
    public record Update<V>(Optional<V> before, Optional<V> after) {}

    private record State<K, V, S>(Map<K, VersionedValue<V>> stored, S made) {}

    private final String what;
    private final Supplier<VersionedStore<K, V>> opener;
    private final Function<Map<K, VersionedValue<V>>, S> maker;
    private final List<Check<K, S>> checks = new CopyOnWriteArrayList<>();
    private final List<Consumer<S>> listeners = new CopyOnWriteArrayList<>();
    /** Held while something changes and is told; nobody who holds it waits for {@link #opening} to be free. */
    private final Object changing = new Object();
    /** Held while the store is opened and first read; who holds it calls nobody else. */
    private final Object opening = new Object();
    /** Null until opened; written under {@link #opening}. */
    private volatile VersionedStore<K, V> store;
    /** Null until read; written under {@link #opening} once, then under {@link #changing}. */
    private volatile State<K, V, S> state;

    /**
     * @param what such as {@code the routes}, for the log
     * @param opener is asked until it has given a store
     * @param maker may refuse what other processes have stored, with {@link IllegalArgumentException}
     */
    public LiveStore(String what, Supplier<VersionedStore<K, V>> opener, Function<Map<K, VersionedValue<V>>, S> maker) {
        this.what = what;
        this.opener = opener;
        this.maker = maker;
    }

    /** What is made of all that counts now. */
    public S current() {
        return read().made();
    }

    /** The same, if the store could be read once. Never blocks. */
    public Optional<S> known() {
        return Optional.ofNullable(state).map(State::made);
    }

    /** All that counts now. */
    public Map<K, VersionedValue<V>> stored() {
        return read().stored();
    }

    public Optional<VersionedValue<V>> stored(K name) {
        return Optional.ofNullable(stored().get(name));
    }

    private State<K, V, S> read() {
        if (state == null) {
            synchronized (opening) {
                if (store == null) {
                    VersionedStore<K, V> opened = opener.get();
                    opened.onForeignChange(this::reloadIfPossible);
                    store = opened;
                }
                if (state == null) {
                    state = made(store.load());
                }
            }
        }
        return state;
    }

    private State<K, V, S> made(Map<K, VersionedValue<V>> stored) {
        Map<K, VersionedValue<V>> fixed = Map.copyOf(stored);
        return new State<>(fixed, maker.apply(fixed));
    }

    /** Asks {@code check} before every change. */
    public void addCheck(Check<K, S> check) {
        checks.add(check);
    }

    /** Calls {@code listener} with what is made of it after every change, one change at a time, in their order. */
    public void onChange(Consumer<S> listener) {
        listeners.add(listener);
    }

    /**
     * Creates or replaces a value; when it returns, it counts.
     *
     * @throws IllegalArgumentException when a check refuses what would count then; nothing has changed
     * @throws UnusableException when it cannot be stored; nothing has changed
     */
    public VersionedValue<V> put(K name, V value, Expectation expectation) throws ChangedMeanwhileException {
        return change(name, check -> store.put(name, value, expectation, check));
    }

    /**
     * Deletes a value; as {@link #put}.
     *
     * @return whether there was one
     */
    public boolean delete(K name, Expectation expectation) throws ChangedMeanwhileException {
        return change(name, check -> store.delete(name, expectation, check));
    }

    /**
     * Makes of a value another one, from none, or to none; as {@link #put}.
     *
     * @param change may be asked several times, when another process is faster
     */
    public Update<V> update(K name, UnaryOperator<Optional<V>> change) throws ChangedMeanwhileException {
        read();
        synchronized (changing) {
            for (int tries = 1; ; tries++) {
                Optional<VersionedValue<V>> present = stored(name);
                Optional<V> before = present.map(VersionedValue::value);
                Optional<V> after = change.apply(before);
                Expectation unchanged = present.<Expectation>map(old -> new Expectation.Revision(old.revision()))
                        .orElseGet(Expectation.Nothing::new);
                try {
                    if (after.isPresent() && !after.equals(before)) {
                        put(name, after.get(), unchanged);
                    } else if (after.isEmpty() && before.isPresent()) {
                        delete(name, unchanged);
                    }
                    return new Update<>(before, after);
                } catch (ChangedMeanwhileException e) {
                    if (tries == TRIES) {
                        throw e;
                    }
                }
            }
        }
    }

    /** A change of the store, which is given what to ask before it is made. */
    private interface Change<K, V, T> {
        T make(Consumer<Map<K, VersionedValue<V>>> check) throws ChangedMeanwhileException;
    }

    private <T> T change(K name, Change<K, V, T> change) throws ChangedMeanwhileException {
        read();
        synchronized (changing) {
            AtomicReference<State<K, V, S>> next = new AtomicReference<>();
            try {
                T result = change.make(all -> next.set(checked(all, differsOnlyIn(name, all))));
                if (next.get() != null) {
                    take(next.get());
                }
                return result;
            } catch (ChangedMeanwhileException e) {
                // By another process, perhaps: whoever tries again must find what is there now.
                reloadIfPossible();
                throw e;
            }
        }
    }

    private State<K, V, S> checked(Map<K, VersionedValue<V>> stored, Optional<K> changed) {
        State<K, V, S> next = made(stored);
        checks.forEach(check -> check.check(next.made(), changed));
        return next;
    }

    /** The name; empty when another process has changed something else meanwhile. */
    private Optional<K> differsOnlyIn(K name, Map<K, VersionedValue<V>> stored) {
        Map<K, VersionedValue<V>> before = state.stored();
        return Stream.concat(stored.keySet().stream(), before.keySet().stream())
                        .filter(any -> !any.equals(name))
                        .allMatch(any -> Objects.equals(stored.get(any), before.get(any)))
                ? Optional.of(name)
                : Optional.empty();
    }

    private void take(State<K, V, S> next) {
        state = next;
        for (Consumer<S> listener : listeners) {
            try {
                listener.accept(next.made());
            } catch (RuntimeException e) {
                LOGGER.error("{} changed, and somebody goes on with what was before", what, e);
            }
        }
    }

    /**
     * Sees whether the store can be read and what is in it used. Changes nothing.
     *
     * @throws UnusableException when it cannot be read
     * @throws IllegalArgumentException when it cannot be used
     */
    public void check() {
        Map<K, VersionedValue<V>> counting = stored();
        Map<K, VersionedValue<V>> there = store.load();
        if (!there.equals(counting)) {
            checked(there, Optional.empty());
        }
    }

    private void reloadIfPossible() {
        try {
            reload();
        } catch (UnusableException | IllegalArgumentException e) {
            LOGGER.error(
                    "{} were changed by another process and cannot be used; those of before stay: {}",
                    what,
                    e.getMessage());
        }
    }

    private void reload() {
        read();
        synchronized (changing) {
            Map<K, VersionedValue<V>> stored = store.load();
            if (!stored.equals(state.stored())) {
                State<K, V, S> next = checked(stored, Optional.empty());
                LOGGER.info("another process changed {}: {} in the store", what, stored.size());
                take(next);
            }
        }
    }

    /** Stops looking for what other processes change. */
    @Override
    public void close() {
        VersionedStore<K, V> opened = store;
        if (opened != null) {
            opened.close();
        }
    }
}
