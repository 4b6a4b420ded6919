/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The higher priority first, within a priority in order, and nobody waits for ever. */
class PriorityLineTest {

    private record Waiting(int priority, int number) {}

    private final PriorityLine<Waiting> line =
            new PriorityLine<>(Waiting::priority, Comparator.comparingInt(Waiting::number));

    private Waiting take() {
        Waiting next = line.next(any -> true).orElseThrow();
        assertThat(line.remove(next)).isTrue();
        return next;
    }

    private List<Integer> takeAll() {
        List<Integer> numbers = new ArrayList<>();
        while (!line.isEmpty()) {
            numbers.add(take().number());
        }
        return numbers;
    }

    @Test
    void theHigherPriorityComesFirstAndWithinAPriorityTheOrderCounts() {
        line.add(new Waiting(0, 1));
        line.add(new Waiting(-9, 2));
        line.add(new Waiting(9, 4));
        line.add(new Waiting(9, 3));
        line.add(new Waiting(0, 5));
        assertThat(line.size()).isEqualTo(5);
        assertThat(line.first()).contains(new Waiting(0, 1));
        assertThat(line.stream().map(Waiting::number)).containsExactly(3, 4, 1, 5, 2);
        assertThat(takeAll()).containsExactly(3, 4, 1, 5, 2);
        assertThat(line.next(any -> true)).isEmpty();
        assertThat(line.first()).isEmpty();
    }

    @Test
    void aPriorityWhoseFirstIsNotReadyIsPassedOver() {
        line.add(new Waiting(9, 3));
        line.add(new Waiting(0, 1));
        assertThat(line.next(one -> one.number() < 3)).contains(new Waiting(0, 1));
        assertThat(line.next(one -> one.number() < 1)).isEmpty();
    }

    @Test
    void oneInTenIsTheFirstOfAllHoweverManyOfAHigherPriorityCome() {
        Waiting low = new Waiting(0, 0);
        line.add(low);
        line.add(new Waiting(9, 1));
        for (int number = 2; number <= PriorityLine.EVERY; number++) {
            line.add(new Waiting(9, number));
            assertThat(take()).isEqualTo(new Waiting(9, number - 1));
        }
        assertThat(take()).isEqualTo(low);
    }

    @Test
    void itCountsAnewWhenItHasBeenEmpty() {
        for (int number = 1; number < PriorityLine.EVERY; number++) {
            line.add(new Waiting(0, number));
            take();
        }
        line.add(new Waiting(0, 100));
        line.add(new Waiting(9, 101));
        assertThat(take().number()).isEqualTo(101);
    }

    @Test
    void whoIsNotInLineCannotLeaveIt() {
        line.add(new Waiting(0, 1));
        assertThat(line.remove(new Waiting(0, 2))).isFalse();
        assertThat(line.remove(new Waiting(1, 1))).isFalse();
        assertThat(line.size()).isOne();
    }
}
