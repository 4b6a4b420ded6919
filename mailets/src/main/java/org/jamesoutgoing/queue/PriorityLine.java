/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Who waits in one line: the higher priority comes first, within a priority whoever is first in a given order. One in
 * {@link #EVERY} that leave is the first of all whatever its priority, so that nobody waits for ever behind what keeps coming.
 * All operations take logarithmic time in the line's length, and linear time in the number of different priorities, of which
 * there are nineteen at most. Not thread-safe.
 *
 * @param <T> must not change its priority, or its place in the order, while it is in line
 */
public final class PriorityLine<T> {

    static final int EVERY = 10;

    private final ToIntFunction<T> priority;
    private final Comparator<T> order;
    private final NavigableMap<Integer, NavigableSet<T>> byPriority = new TreeMap<>(Comparator.reverseOrder());
    /** How many have left since it was empty. */
    private int left;

    /** @param order consistent with equals */
    public PriorityLine(ToIntFunction<T> priority, Comparator<T> order) {
        this.priority = priority;
        this.order = order;
    }

    public void add(T one) {
        byPriority
                .computeIfAbsent(priority.applyAsInt(one), any -> new TreeSet<>(order))
                .add(one);
    }

    /** Whether it was here. */
    public boolean remove(T one) {
        NavigableSet<T> same = byPriority.get(priority.applyAsInt(one));
        if (same == null || !same.remove(one)) {
            return false;
        }
        left++;
        if (same.isEmpty()) {
            byPriority.remove(priority.applyAsInt(one));
        }
        if (byPriority.isEmpty()) {
            left = 0;
        }
        return true;
    }

    /** Whose turn it is; stays in line. Of each priority only the first is looked at. */
    public Optional<T> next(Predicate<T> ready) {
        Stream<T> candidates = heads().filter(ready);
        return (left + 1) % EVERY == 0 ? candidates.min(order) : candidates.findFirst();
    }

    /** The first whatever its priority. */
    public Optional<T> first() {
        return heads().min(order);
    }

    private Stream<T> heads() {
        return byPriority.values().stream().map(NavigableSet::first);
    }

    /** All, the higher priority first. */
    public Stream<T> stream() {
        return byPriority.values().stream().flatMap(NavigableSet::stream);
    }

    public boolean isEmpty() {
        return byPriority.isEmpty();
    }

    /** Counts. */
    public int size() {
        return byPriority.values().stream().mapToInt(NavigableSet::size).sum();
    }
}
