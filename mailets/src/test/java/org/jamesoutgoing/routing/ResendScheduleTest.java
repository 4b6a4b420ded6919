/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResendScheduleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void theDefaultStartsWithAMinuteAndEndsWithEveryFourHours() {
        List<Duration> delays = IntStream.rangeClosed(1, 9)
                .mapToObj(ResendSchedule.DEFAULT::delayAfter)
                .toList();
        assertThat(delays)
                .containsExactly(
                        MINUTE,
                        MINUTE.multipliedBy(5),
                        MINUTE.multipliedBy(15),
                        MINUTE.multipliedBy(30),
                        HOUR,
                        HOUR.multipliedBy(2),
                        HOUR.multipliedBy(4),
                        HOUR.multipliedBy(4),
                        HOUR.multipliedBy(4));
        assertThat(ResendSchedule.DEFAULT.jitter()).isEqualTo(0.1);
        assertThat(ResendSchedule.DEFAULT.maxAttempts()).isEmpty();
    }

    @Test
    void theLastDelayRepeatsForEver() {
        ResendSchedule schedule = schedule(0, MINUTE, HOUR);
        assertThat(schedule.delayAfter(2)).isEqualTo(HOUR);
        assertThat(schedule.delayAfter(3)).isEqualTo(HOUR);
        assertThat(schedule.delayAfter(Integer.MAX_VALUE)).isEqualTo(HOUR);
    }

    @Test
    void aMailThatWasNotAttemptedYetWaitsTheFirstDelay() {
        assertThat(schedule(0, MINUTE, HOUR).delayAfter(0)).isEqualTo(MINUTE);
    }

    @Property
    void jitterKeepsWithinItsShareOfTheDelay(
            @ForAll @LongRange(min = 1, max = 86_400_000L * 365) long millis,
            @ForAll @DoubleRange(max = 0.5) double jitter,
            @ForAll @IntRange(max = 5) int attempts,
            @ForAll long seed) {
        ResendSchedule schedule = schedule(jitter, Duration.ofMillis(millis));
        long delay = schedule.delayAfter(attempts, new Random(seed)).toMillis();
        assertThat(delay).isBetween(Math.max(1, (long) Math.floor(millis * (1 - jitter))), (long)
                Math.ceil(millis * (1 + jitter)));
    }

    @Test
    void jitterGoesBothWaysAndUsesItsWholeShare() {
        Random random = new Random(1);
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            seconds.add(schedule(0.1, Duration.ofSeconds(1000))
                    .delayAfter(1, random)
                    .toSeconds());
        }
        assertThat(seconds).anyMatch(s -> s < 910).anyMatch(s -> s > 1090);
        assertThat(seconds.stream().mapToLong(s -> s).average().orElseThrow()).isBetween(990.0, 1010.0);
    }

    @Test
    void withoutJitterTheDelayIsExact() {
        assertThat(schedule(0, HOUR).delayAfter(1, new Random(1))).isEqualTo(HOUR);
    }

    @Test
    void onlyTheQueueLifetimeCountsWhereNoNumberOfAttemptsIsGiven() {
        assertThat(ResendSchedule.DEFAULT.exhaustedAfter(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void aMailIsGivenUpAfterTheGivenNumberOfAttempts() {
        ResendSchedule schedule = new ResendSchedule(List.of(HOUR), 0, OptionalInt.of(3));
        assertThat(schedule.exhaustedAfter(2)).isFalse();
        assertThat(schedule.exhaustedAfter(3)).isTrue();
        assertThat(schedule.exhaustedAfter(4)).isTrue();
    }

    @Test
    void aScheduleWithoutDelayOrWithAnEmptyOneIsRefused() {
        assertThatThrownBy(() -> schedule(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedule(0, HOUR, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedule(0, HOUR.negated())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 0.51, 1})
    void jitterIsAtMostHalfOfTheDelay(double jitter) {
        assertThatThrownBy(() -> schedule(jitter, HOUR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("jitter must be between 0 and 0.5");
    }

    private static ResendSchedule schedule(double jitter, Duration... delays) {
        return new ResendSchedule(List.of(delays), jitter, OptionalInt.empty());
    }
}
