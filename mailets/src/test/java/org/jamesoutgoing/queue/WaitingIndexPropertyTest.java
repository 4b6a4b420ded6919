/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.james.core.MaybeSender;

/** Whatever is done to it, the index answers as a plain list would that is searched from end to end each time. */
class WaitingIndexPropertyTest {

    private static final int DESTINATIONS = 4;

    private static Instant second(long seconds) {
        return Instant.ofEpochSecond(seconds);
    }

    /** The specification. */
    private static final class Model {
        private static final class Entry {
            ListedMail waiting;
            WaitingIndex.Deadline deadline;
            boolean taken;

            Instant wake() {
                return waiting.due().isBefore(deadline.expiry()) ? waiting.due() : deadline.expiry();
            }

            String id() {
                return waiting.recordId().id();
            }
        }

        private final List<Entry> entries = new ArrayList<>();
        /** What the routes say: how long a mail may stay, in seconds. */
        int lifetime = 50;

        WaitingIndex.Deadline deadline(ListedMail waiting) {
            Instant expiry = waiting.acceptedAt().plusSeconds(lifetime);
            Instant tell = waiting.acceptedAt().plusSeconds(20);
            return new WaitingIndex.Deadline(
                    expiry, waiting.delayTold().isPresent() || expiry.isBefore(tell) ? expiry : tell);
        }

        Optional<Entry> find(String id) {
            return entries.stream().filter(entry -> entry.id().equals(id)).findFirst();
        }

        void add(ListedMail waiting) {
            Optional<Entry> old = find(waiting.recordId().id());
            if (old.isPresent()
                    && old.get().waiting.recordId().sequence()
                            >= waiting.recordId().sequence()) {
                return;
            }
            old.ifPresent(entries::remove);
            Entry entry = new Entry();
            entry.waiting = waiting;
            entry.deadline = deadline(waiting);
            entries.add(entry);
        }

        List<ListedMail> takeDue(Instant now, int max, Predicate<ListedMail> mayTake) {
            TreeMap<String, List<Entry>> lines = new TreeMap<>();
            entries.stream()
                    .filter(entry -> !entry.taken && !entry.wake().isAfter(now) && mayTake.test(entry.waiting))
                    .sorted(Comparator.comparing(Entry::wake).thenComparing(Entry::id))
                    .forEach(entry -> lines.computeIfAbsent(entry.waiting.destination(), any -> new ArrayList<>())
                            .add(entry));
            List<List<Entry>> inTurn = lines.values().stream()
                    .sorted(Comparator.comparing(line -> line.get(0).wake()))
                    .toList();
            List<ListedMail> taken = new ArrayList<>();
            for (int round = 0; round < entries.size(); round++) {
                for (List<Entry> line : inTurn) {
                    if (round < line.size() && taken.size() < max) {
                        line.get(round).taken = true;
                        taken.add(line.get(round).waiting);
                    }
                }
            }
            return taken;
        }

        List<ListedMail> takeOverdue(Instant now, int max) {
            List<Entry> overdue = entries.stream()
                    .filter(entry -> !entry.taken && !entry.deadline.next().isAfter(now))
                    .sorted(Comparator.comparing((Entry entry) -> entry.deadline.next())
                            .thenComparing(Entry::id))
                    .limit(max)
                    .toList();
            overdue.forEach(entry -> entry.taken = true);
            return overdue.stream().map(entry -> entry.waiting).toList();
        }

        void putBack(RecordId recordId) {
            find(recordId.id())
                    .filter(entry -> entry.waiting.recordId().equals(recordId))
                    .ifPresent(entry -> entry.taken = false);
        }

        void remove(RecordId recordId) {
            entries.removeIf(entry -> entry.waiting.recordId().equals(recordId));
        }

        void rebuild() {
            entries.forEach(entry -> {
                entry.waiting = redirected(entry.waiting, lifetime);
                entry.deadline = deadline(entry.waiting);
            });
        }
    }

    /** One thing done to both, and their answers compared. */
    @FunctionalInterface
    private interface Step {
        void on(WaitingIndex index, Model model);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void theIndexAnswersAsAPlainListWould(@ForAll("steps") List<Step> steps) {
        Model model = new Model();
        WaitingIndex index = new WaitingIndex(model::deadline);
        for (Step step : steps) {
            step.on(index, model);
            assertThat(index.size()).isEqualTo(model.entries.size());
        }
        model.entries.forEach(entry -> assertThat(index.find(entry.id())).contains(entry.waiting));
        // Whoever is left can still be taken, once.
        assertThat(index.takeDue(second(1_000_000), 1000, any -> true))
                .isEqualTo(model.takeDue(second(1_000_000), 1000, any -> true));
        assertThat(index.takeOverdue(second(1_000_000), 1000, any -> false)).isEmpty();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> add = Combinators.combine(
                        recordIds(), seconds(), seconds(), destinations(), Arbitraries.of(true, false))
                .as((recordId, due, accepted, destination, told) -> {
                    ListedMail waiting = waiting(recordId, "d" + destination, second(due), second(accepted), told);
                    return describe("add " + waiting, (index, model) -> {
                        index.add(waiting);
                        model.add(waiting);
                    });
                });
        Arbitrary<Step> takeDue = Combinators.combine(seconds(), few(), destinations())
                .as((now, max, blocked) ->
                        describe("takeDue at " + now + " max " + max + " but d" + blocked, (index, model) -> {
                            Predicate<ListedMail> mayTake =
                                    waiting -> !waiting.destination().equals("d" + blocked);
                            assertThat(index.takeDue(second(now), max, mayTake::test))
                                    .isEqualTo(model.takeDue(second(now), max, mayTake));
                        }));
        Arbitrary<Step> takeOverdue = Combinators.combine(seconds(), few())
                .as((now, max) -> describe("takeOverdue at " + now + " max " + max, (index, model) -> assertThat(
                                index.takeOverdue(second(now), max, any -> false))
                        .isEqualTo(model.takeOverdue(second(now), max))));
        Arbitrary<Step> putBack = recordIds()
                .map(recordId -> describe("putBack " + recordId, (index, model) -> {
                    index.putBack(waiting(recordId, "any", second(0), second(0), false));
                    model.putBack(recordId);
                }));
        Arbitrary<Step> remove = recordIds()
                .map(recordId -> describe("remove " + recordId, (index, model) -> {
                    index.remove(recordId);
                    model.remove(recordId);
                }));
        Arbitrary<Step> rebuild = seconds()
                .map(lifetime -> describe("rebuild " + lifetime, (index, model) -> {
                    model.lifetime = lifetime;
                    index.rebuild(waiting -> redirected(waiting, lifetime));
                    model.rebuild();
                }));
        return Arbitraries.frequencyOf(
                        Tuple.of(8, add),
                        Tuple.of(4, takeDue),
                        Tuple.of(2, takeOverdue),
                        Tuple.of(4, putBack),
                        Tuple.of(2, remove),
                        Tuple.of(1, rebuild))
                .list()
                .ofMaxSize(60);
    }

    private static Step describe(String description, Step step) {
        return new Step() {
            @Override
            public void on(WaitingIndex index, Model model) {
                step.on(index, model);
            }

            @Override
            public String toString() {
                return description;
            }
        };
    }

    private static Arbitrary<RecordId> recordIds() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(1, 3))
                .as((id, sequence) -> new RecordId("m" + id, sequence));
    }

    private static Arbitrary<Integer> seconds() {
        return Arbitraries.integers().between(0, 100);
    }

    private static Arbitrary<Integer> few() {
        return Arbitraries.integers().between(0, 6);
    }

    private static Arbitrary<Integer> destinations() {
        return Arbitraries.integers().between(0, DESTINATIONS - 1);
    }

    private static ListedMail waiting(
            RecordId recordId, String destination, Instant due, Instant acceptedAt, boolean delayTold) {
        return new ListedMail(
                recordId,
                "Mail",
                destination,
                due,
                acceptedAt,
                delayTold ? Optional.of(acceptedAt) : Optional.empty(),
                MaybeSender.nullSender(),
                List.of(),
                -1,
                5,
                "",
                Optional.empty(),
                QueueState.DEFERRED);
    }

    /** Moves every mail to another destination, some to the same. */
    private static ListedMail redirected(ListedMail waiting, int by) {
        int destination = (Integer.parseInt(waiting.destination().substring(1)) * by + by) % DESTINATIONS;
        return waiting(
                waiting.recordId(),
                "d" + destination,
                waiting.due(),
                waiting.acceptedAt(),
                waiting.delayTold().isPresent());
    }
}
