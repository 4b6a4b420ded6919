/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MaybeSender;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.Test;

class WaitingIndexTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private Duration lifetime = Duration.ofDays(5);
    private Duration tellAfter = Duration.ofHours(4);
    private final WaitingIndex index = new WaitingIndex(waiting -> {
        Instant expiry = waiting.acceptedAt().plus(lifetime);
        Instant tell = waiting.acceptedAt().plus(tellAfter);
        return new WaitingIndex.Deadline(expiry, waiting.delayTold().isPresent() ? expiry : tell);
    });

    @Test
    void nothingIsTakenBeforeItIsDue() {
        index.add(waiting("a", 1, "one", 10));
        assertThat(due(9)).isEmpty();
        assertThat(due(10)).containsExactly("a");
    }

    @Test
    void ofOneDestinationTheEarliestDueComesFirst() {
        index.add(waiting("a", 1, "one", 30));
        index.add(waiting("b", 1, "one", 10));
        index.add(waiting("c", 1, "one", 20));
        assertThat(due(60)).containsExactly("b", "c", "a");
    }

    @Test
    void noDestinationGetsASecondBeforeEveryOtherGotItsFirst() {
        for (int i = 0; i < 100; i++) {
            index.add(waiting("big" + (100 + i), 1, "big", 1));
        }
        index.add(waiting("small1", 1, "small", 50));
        index.add(waiting("small2", 1, "small", 51));
        index.add(waiting("tiny", 1, "tiny", 55));
        assertThat(ids(index.takeDue(at(60), 6, any -> true)))
                .containsExactly("big100", "small1", "tiny", "big101", "small2", "big102");
    }

    @Test
    void ofOneDestinationWhatIsOfAHigherPriorityComesFirstOnceItIsDue() {
        index.add(waiting("low", 1, "one", 1));
        index.add(of(9, waiting("high2", 1, "one", 20)));
        index.add(of(9, waiting("high1", 1, "one", 10)));
        index.add(of(9, waiting("later", 1, "one", 90)));
        index.add(waiting("other", 1, "two", 30));
        assertThat(ids(index.takeDue(at(60), 2, any -> true))).containsExactly("high1", "other");
        assertThat(index.firstDue("one")).as("whatever its priority").contains(at(1));
        assertThat(due(60)).containsExactly("high2", "low");
        assertThat(due(90)).containsExactly("later");
    }

    private static ListedMail of(int priority, ListedMail waiting) {
        return Changed.of(waiting, "priority", priority);
    }

    @Test
    void noMoreAreTakenThanAskedFor() {
        index.add(waiting("a", 1, "one", 1));
        index.add(waiting("b", 1, "two", 1));
        assertThat(index.takeDue(at(60), 0, any -> true)).isEmpty();
        assertThat(index.takeDue(at(60), 1, any -> true)).hasSize(1);
        assertThat(index.takeDue(at(60), 5, any -> true)).hasSize(1);
    }

    @Test
    void aDestinationThatMayNotBeTakenDoesNotHoldUpTheOthers() {
        index.add(waiting("a", 1, "blocked", 1));
        index.add(waiting("b", 1, "blocked", 2));
        index.add(waiting("c", 1, "open", 3));
        assertThat(ids(index.takeDue(
                        at(60), 10, waiting -> waiting.destination().equals("open"))))
                .containsExactly("c");
        assertThat(due(60)).containsExactly("a", "b");
    }

    @Test
    void onlyWhatIsDueIsAskedAboutAndWhatIsAllowedIsTaken() {
        index.add(waiting("a", 1, "one", 1));
        index.add(waiting("b", 1, "one", 2));
        index.add(waiting("c", 1, "one", 90));
        List<String> asked = new ArrayList<>();
        List<ListedMail> taken = index.takeDue(at(60), 10, waiting -> {
            asked.add(waiting.recordId().id());
            return true;
        });
        assertThat(asked).containsExactly("a", "b");
        assertThat(ids(taken)).containsExactly("a", "b");
    }

    @Test
    void aTakenMailIsNotTakenAgain() {
        index.add(waiting("a", 1, "one", 1));
        due(60);
        assertThat(due(60)).isEmpty();
        assertThat(index.takeOverdue(NOON.plus(Duration.ofDays(30)), 10, any -> false))
                .isEmpty();
        assertThat(index.size()).isOne();
        assertThat(index.find("a")).isPresent();
    }

    @Test
    void aMailThatIsPutBackWaitsAsBefore() {
        ListedMail a = waiting("a", 1, "one", 10);
        index.add(a);
        due(60);
        index.putBack(a);
        assertThat(due(9)).isEmpty();
        assertThat(due(60)).containsExactly("a");
    }

    @Test
    void whatWasNotTakenCannotBePutBack() {
        ListedMail a = waiting("a", 1, "one", 10);
        index.putBack(a);
        index.add(a);
        index.putBack(a);
        assertThat(index.size()).isOne();
        assertThat(due(60)).containsExactly("a");
        assertThat(due(60)).isEmpty();
    }

    @Test
    void aLaterRecordTakesThePlaceOfAnEarlierOne() {
        index.add(waiting("a", 1, "one", 10));
        index.add(waiting("a", 2, "two", 20));
        assertThat(index.size()).isOne();
        assertThat(due(15)).isEmpty();
        assertThat(index.takeDue(at(60), 10, any -> true)).containsExactly(waiting("a", 2, "two", 20));
    }

    @Test
    void alsoOfAnEarlierOneThatIsTaken() {
        ListedMail earlier = waiting("a", 1, "one", 10);
        index.add(earlier);
        due(60);
        index.add(waiting("a", 2, "one", 20));
        index.putBack(earlier);
        index.remove(earlier.recordId());
        assertThat(index.size()).isOne();
        assertThat(index.takeDue(at(60), 10, any -> true)).containsExactly(waiting("a", 2, "one", 20));
    }

    @Test
    void anEarlierRecordNeverTakesThePlaceOfALaterOne() {
        index.add(waiting("a", 2, "one", 20));
        index.add(waiting("a", 1, "one", 10));
        assertThat(index.find("a")).contains(waiting("a", 2, "one", 20));
        assertThat(due(15)).isEmpty();
    }

    @Test
    void onlyTheRecordItselfIsRemoved() {
        index.add(waiting("a", 2, "one", 20));
        index.remove(new RecordId("a", 1));
        index.remove(new RecordId("a", 3));
        index.remove(new RecordId("b", 2));
        assertThat(index.size()).isOne();
        index.remove(new RecordId("a", 2));
        assertThat(index.size()).isZero();
        assertThat(index.find("a")).isEmpty();
        assertThat(due(60)).isEmpty();
    }

    @Test
    void aMailPastItsLifetimeIsDueWhateverItsDueTime() {
        lifetime = Duration.ofMinutes(30);
        index.add(waiting("a", 1, "one", 1000));
        assertThat(due(29)).isEmpty();
        assertThat(due(30)).containsExactly("a");
    }

    @Test
    void aMailIsOverdueWhenItsSenderIsToBeTold() {
        index.add(waiting("a", 1, "one", 1000));
        assertThat(index.takeOverdue(at(239), 10, any -> false)).isEmpty();
        assertThat(ids(index.takeOverdue(at(240), 10, any -> false))).containsExactly("a");
        assertThat(index.takeOverdue(at(240), 10, any -> false)).isEmpty();
    }

    @Test
    void theLongestOverdueComeFirst() {
        index.add(acceptedAt("a", NOON.plusSeconds(2)));
        index.add(acceptedAt("b", NOON.plusSeconds(1)));
        index.add(acceptedAt("c", NOON.plusSeconds(3)));
        assertThat(ids(index.takeOverdue(at(1000), 2, any -> false))).containsExactly("b", "a");
        assertThat(ids(index.takeOverdue(at(1000), 2, any -> false))).containsExactly("c");
    }

    @Test
    void newRoutesChangeDeadlinesAndDestinations() {
        index.add(waiting("a", 1, "one", 1000));
        index.add(waiting("b", 1, "two", 1));
        lifetime = Duration.ofMinutes(30);
        index.rebuild(waiting -> redirected(waiting, "relay"));
        assertThat(index.takeDue(at(60), 10, any -> true))
                .containsExactly(waiting("b", 1, "relay", 1), waiting("a", 1, "relay", 1000));
    }

    @Test
    void whatIsTakenStaysTakenOverAChangeOfRoutes() {
        ListedMail a = waiting("a", 1, "one", 1);
        index.add(a);
        due(60);
        index.rebuild(waiting -> redirected(waiting, "relay"));
        assertThat(due(60)).isEmpty();
        index.putBack(a);
        assertThat(index.takeDue(at(60), 10, any -> true)).containsExactly(waiting("a", 1, "relay", 1));
    }

    private List<String> due(int minute) {
        return ids(index.takeDue(at(minute), 1000, any -> true));
    }

    private static Instant at(int minute) {
        return NOON.plus(Duration.ofMinutes(minute));
    }

    private static List<String> ids(List<ListedMail> taken) {
        return taken.stream().map(waiting -> waiting.recordId().id()).toList();
    }

    /** One that is held until then, and suspended when that is over. */
    @Test
    void aSuspendedMailWhoseHoldIsOverIsOutOfItsLineToo() {
        index.add(held("held", at(5)));
        index.add(waiting("due", 1, "one", 10));
        index.add(waiting("other", 1, "two", 10));
        WaitingRoom.Readiness suspended = new WaitingRoom.Readiness() {
            @Override
            public boolean mayTake(ListedMail waiting) {
                return true;
            }

            @Override
            public Optional<Instant> suspendedUntil(ListedMail waiting) {
                return waiting.recordId().id().equals("held") ? Optional.of(at(100)) : Optional.empty();
            }
        };
        assertThat(ids(index.takeDue(at(60), 10, suspended))).containsExactlyInAnyOrder("due", "other");
        assertThat(ids(index.takeDue(at(100), 10, suspended))).containsExactly("held");
    }

    private static ListedMail held(String id, Instant until) {
        return new ListedMail(
                new RecordId(id, 1),
                "Mail",
                "one",
                at(5),
                NOON,
                Optional.empty(),
                MaybeSender.nullSender(),
                List.of(),
                -1,
                5,
                "",
                Optional.of(new Hold(Hold.Kind.HELD, "held", NOON, Optional.of(until))),
                QueueState.HELD);
    }

    private static ListedMail waiting(String id, int sequence, String destination, int dueMinute) {
        return waiting(new RecordId(id, sequence), destination, at(dueMinute), NOON);
    }

    private static ListedMail acceptedAt(String id, Instant acceptedAt) {
        return waiting(new RecordId(id, 1), "one", at(10_000), acceptedAt);
    }

    private static ListedMail waiting(RecordId recordId, String destination, Instant due, Instant acceptedAt) {
        return new ListedMail(
                recordId,
                "Mail",
                destination,
                due,
                acceptedAt,
                Optional.empty(),
                MaybeSender.nullSender(),
                List.of(),
                -1,
                5,
                "",
                Optional.empty(),
                QueueState.DEFERRED);
    }

    private static ListedMail redirected(ListedMail waiting, String destination) {
        return waiting(waiting.recordId(), destination, waiting.due(), waiting.acceptedAt());
    }
}
