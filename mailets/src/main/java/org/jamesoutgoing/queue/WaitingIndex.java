/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Who waits, in memory: by identity, by destination in the order of priority and of being due, and by deadline. All operations take
 * logarithmic time, {@link #rebuild} aside. Thread-safe: every method holds the lock.
 */
final class WaitingIndex {

    /** So many at the most are moved to another line or order in one call, which holds the lock; the next call goes on. */
    private static final int MOST_MOVED = 10_000;

    /** The moments at which something is to be done about a mail, whatever its due time. */
    record Deadline(Instant expiry, Instant next) {}

    private static final class Entry {
        final ListedMail waiting;
        final Deadline deadline;
        /** When the suspension that keeps it out of its line ends. */
        Instant suspendedUntil = Instant.MIN;

        boolean taken;

        Entry(ListedMail waiting, Deadline deadline) {
            this.waiting = waiting;
            this.deadline = deadline;
        }

        /** A mail past its lifetime is due: one last attempt, then it is given up. A held one is not tried even then. */
        Instant wake() {
            Instant due = waiting.due().isBefore(deadline.expiry()) ? waiting.due() : deadline.expiry();
            Instant wake = waiting.hold().map(Hold::end).orElse(due);
            return suspendedUntil.isAfter(wake) ? suspendedUntil : wake;
        }

        String id() {
            return waiting.recordId().id();
        }
    }

    /** The mails of one destination that are not taken. */
    private static final class Line {
        final String destination;
        final PriorityLine<Entry> entries = new PriorityLine<>(
                entry -> entry.waiting.priority(),
                Comparator.comparing(Entry::wake).thenComparing(Entry::id));
        /** Those past their lifetime that wait for their last attempt, and so are not in the order of deadlines. */
        final Set<Entry> lastAttempts = new HashSet<>();

        /** When the first of them is due, whatever its priority. */
        Instant head = Instant.MAX;

        Line(String destination) {
            this.destination = destination;
        }
    }

    private final Function<ListedMail, Deadline> deadlines;
    private final Map<String, Entry> byId = new HashMap<>();
    private final Map<String, Line> byDestination = new HashMap<>();
    private final NavigableSet<Line> byHead =
            new TreeSet<>(Comparator.comparing((Line line) -> line.head).thenComparing(line -> line.destination));
    private final NavigableSet<Entry> byDeadline = new TreeSet<>(
            Comparator.comparing((Entry entry) -> entry.deadline.next()).thenComparing(Entry::id));

    private final NavigableSet<Entry> overflow = new TreeSet<>(
            Comparator.comparing((Entry entry) -> entry.waiting.acceptedAt()).thenComparing(Entry::id));

    WaitingIndex(Function<ListedMail, Deadline> deadlines) {
        this.deadlines = deadlines;
    }

    /** Adds an entry; it takes the place of an earlier record of the same mail, and is not added over a later one. */
    synchronized void add(ListedMail waiting) {
        Entry old = byId.get(waiting.recordId().id());
        if (old != null) {
            if (old.waiting.recordId().sequence() >= waiting.recordId().sequence()) {
                return;
            }
            forget(old);
        }
        Entry entry = new Entry(waiting, deadlines.apply(waiting));
        byId.put(entry.id(), entry);
        enlist(entry);
    }

    synchronized Optional<ListedMail> find(String id) {
        return Optional.ofNullable(byId.get(id)).map(entry -> entry.waiting);
    }

    /** All that were accepted by then. */
    synchronized List<String> acceptedBy(Instant then) {
        return byId.values().stream()
                .filter(entry -> !entry.waiting.acceptedAt().isAfter(then))
                .map(Entry::id)
                .toList();
    }

    synchronized int size() {
        return byId.size();
    }

    /** How many have nobody to deliver to, only somebody to notify. */
    synchronized long notifications() {
        return byId.values().stream()
                .filter(entry -> entry.waiting.recipients().isEmpty())
                .count();
    }

    synchronized List<ListedMail> takeDue(Instant now, int max, WaitingRoom.Readiness readiness) {
        ArrayDeque<Line> turn = new ArrayDeque<>();
        for (Line line : byHead) {
            if (line.head.isAfter(now)) {
                break;
            }
            turn.add(line);
        }
        List<ListedMail> taken = new ArrayList<>();
        int suspended = 0;
        while (taken.size() < max && suspended < MOST_MOVED && !turn.isEmpty()) {
            Line line = turn.poll();
            if (line.head.isAfter(now)) {
                continue;
            }
            Entry first = line.entries.next(entry -> !entry.wake().isAfter(now)).orElseThrow();
            Instant end = readiness.suspendedUntil(first.waiting).orElse(now);
            if (end.isAfter(now)) {
                suspend(first, end);
                suspended++;
                turn.addFirst(line);
            } else if (readiness.mayTake(first.waiting)) {
                take(first);
                taken.add(first.waiting);
                turn.add(line);
            }
        }
        return taken;
    }

    /** When the first of this line is due that is not taken. */
    synchronized Optional<Instant> firstDue(String destination) {
        return Optional.ofNullable(byDestination.get(destination)).map(line -> line.head);
    }

    /** Takes up to so many of one line, the first ones, due or not. */
    synchronized List<ListedMail> takeLine(String destination, int max) {
        Line line = byDestination.get(destination);
        List<Entry> first =
                line == null ? List.of() : line.entries.stream().limit(max).toList();
        first.forEach(this::take);
        return first.stream().map(entry -> entry.waiting).toList();
    }

    synchronized List<ListedMail> takeOverdue(Instant now, int max, Predicate<ListedMail> canBeTried) {
        List<ListedMail> taken = new ArrayList<>();
        int moved = 0;
        while (taken.size() < max && moved < MOST_MOVED && !byDeadline.isEmpty()) {
            Entry first = byDeadline.first();
            if (first.deadline.next().isAfter(now)) {
                break;
            }
            if (!now.isBefore(first.deadline.expiry()) && canBeTried.test(first.waiting)) {
                moved++;
                byDeadline.remove(first);
                byDestination.get(first.waiting.destination()).lastAttempts.add(first);
            } else {
                take(first);
                taken.add(first.waiting);
            }
        }
        return taken;
    }

    /** Whether anything is due that is not taken. */
    synchronized boolean hasDue(Instant now) {
        return !byHead.isEmpty() && !byHead.first().head.isAfter(now);
    }

    /** Those of this line that wait for their last attempt are asked about again. */
    synchronized void askAgain(String destination) {
        Line line = byDestination.get(destination);
        if (line != null) {
            byDeadline.addAll(line.lastAttempts);
            line.lastAttempts.clear();
        }
    }

    /** It waits out of its line, whose next mail has its turn. */
    private void suspend(Entry entry, Instant end) {
        delist(entry);
        entry.suspendedUntil = end;
        enlist(entry);
    }

    /** Mails that came when the queue was full, the oldest first, at most so many. */
    synchronized List<ListedMail> overflow(int max) {
        return overflow.stream().limit(max).map(entry -> entry.waiting).toList();
    }

    /** A mail of the overflow is an ordinary one from now on. */
    synchronized Optional<ListedMail> admit(RecordId recordId) {
        return change(recordId, ListedMail::released);
    }

    synchronized Optional<ListedMail> take(String id) {
        Entry entry = byId.get(id);
        if (entry == null || entry.taken) {
            return Optional.empty();
        }
        take(entry);
        return Optional.of(entry.waiting);
    }

    /** Changes the due time of an entry that is neither taken nor held then. */
    synchronized Optional<ListedMail> makeDue(RecordId recordId, Instant due) {
        return change(
                        recordId,
                        waiting -> isHeld(waiting, due)
                                ? waiting
                                : waiting.released().dueAt(due))
                .filter(waiting -> waiting.hold().isEmpty());
    }

    private static boolean isHeld(ListedMail waiting, Instant at) {
        return waiting.hold().filter(hold -> hold.isOn(at)).isPresent();
    }

    /** Puts another entry in the place of one that is not taken. */
    private Optional<ListedMail> change(RecordId recordId, UnaryOperator<ListedMail> change) {
        Entry old = byId.get(recordId.id());
        if (old == null || old.taken || !old.waiting.recordId().equals(recordId)) {
            return Optional.empty();
        }
        forget(old);
        ListedMail waiting = change.apply(old.waiting);
        Entry entry = new Entry(waiting, deadlines.apply(waiting));
        byId.put(entry.id(), entry);
        enlist(entry);
        return Optional.of(waiting);
    }

    synchronized void putBack(ListedMail waiting) {
        Entry entry = byId.get(waiting.recordId().id());
        if (entry != null && entry.taken && entry.waiting.recordId().equals(waiting.recordId())) {
            entry.taken = false;
            enlist(entry);
        }
    }

    /** Forgets this record, unless a later one has taken its place. */
    synchronized void remove(RecordId recordId) {
        Entry entry = byId.get(recordId.id());
        if (entry != null && entry.waiting.recordId().equals(recordId)) {
            forget(entry);
        }
    }

    /** Works out deadlines and destinations anew. */
    synchronized void rebuild(Function<ListedMail, ListedMail> redirect) {
        List<Entry> all = new ArrayList<>(byId.values());
        byId.clear();
        byDestination.clear();
        byHead.clear();
        byDeadline.clear();
        overflow.clear();
        for (Entry old : all) {
            ListedMail waiting = redirect.apply(old.waiting);
            Entry entry = new Entry(waiting, deadlines.apply(waiting));
            byId.put(entry.id(), entry);
            entry.taken = old.taken;
            if (!entry.taken) {
                enlist(entry);
            }
        }
    }

    private void take(Entry entry) {
        delist(entry);
        entry.taken = true;
    }

    private void forget(Entry entry) {
        byId.remove(entry.id());
        if (!entry.taken) {
            delist(entry);
        }
    }

    private void enlist(Entry entry) {
        Line line = byDestination.computeIfAbsent(entry.waiting.destination(), Line::new);
        byHead.remove(line);
        line.entries.add(entry);
        line.head = line.entries.first().orElseThrow().wake();
        byHead.add(line);
        byDeadline.add(entry);
        if (entry.waiting.state() == QueueState.OVERFLOW) {
            overflow.add(entry);
        }
    }

    private void delist(Entry entry) {
        byDeadline.remove(entry);
        overflow.remove(entry);
        Line line = byDestination.get(entry.waiting.destination());
        byHead.remove(line);
        line.entries.remove(entry);
        line.lastAttempts.remove(entry);
        if (line.entries.isEmpty()) {
            line.head = Instant.MAX;
            byDestination.remove(line.destination);
        } else {
            line.head = line.entries.first().orElseThrow().wake();
            byHead.add(line);
        }
    }
}
