/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // Some questions are only there to take up room.
class QueryLimitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final QueryLimit<String> limit = new QueryLimit<>(2, Duration.ofSeconds(10), "refused", nanos::get);
    private final List<CompletableFuture<String>> started = new ArrayList<>();

    @Test
    void noMoreThanTheLimitIsUnderWayAndTheOthersFollowInTurn() {
        CompletableFuture<String> first = pass();
        pass();
        CompletableFuture<String> third = pass();
        assertThat(started).hasSize(2);
        started.get(0).complete("one");
        assertThat(first).isCompletedWithValue("one");
        assertThat(started).hasSize(3);
        started.get(2).complete("three");
        assertThat(third).isCompletedWithValue("three");
    }

    @Test
    void aPlaceIsFreeAgainAfterAFailureToo() {
        CompletableFuture<String> first = pass();
        pass();
        started.get(0).completeExceptionally(new IllegalStateException());
        assertThat(first).isCompletedExceptionally();
        pass();
        assertThat(started).hasSize(3);
    }

    @Test
    void whatWaitedTooLongIsRefusedAndTheNextTakesItsPlace() {
        pass();
        pass();
        CompletableFuture<String> old = pass();
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        pass();
        started.get(0).complete("one");
        assertThat(old).isCompletedWithValue("refused");
        assertThat(started).hasSize(3);
    }

    @Test
    void aLongLineOfInstantAnswersDoesNotOverflowTheStack() {
        QueryLimit<String> narrow = new QueryLimit<>(1, Duration.ofSeconds(10), "refused", nanos::get);
        CompletableFuture<String> slow = new CompletableFuture<>();
        narrow.pass(() -> slow);
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            waiting.add(narrow.pass(() -> CompletableFuture.completedFuture("instant")));
        }
        slow.complete("slow");
        assertThat(waiting.stream().filter(answer -> !answer.isDone()).count()).isZero();
    }

    private CompletableFuture<String> pass() {
        return limit.pass(() -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            started.add(answer);
            return answer;
        });
    }
}
