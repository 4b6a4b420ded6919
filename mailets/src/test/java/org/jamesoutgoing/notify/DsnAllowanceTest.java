/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamesoutgoing.delivery.MovableClock;
import org.jamesoutgoing.settings.OptionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DsnAllowanceTest {

    private static final String SENDER = "sender@here.example";

    private final MovableClock clock = new MovableClock();
    private final DsnAllowance allowance =
            new DsnAllowance(Optional.of(new DsnLimit(10, Duration.ofMinutes(10))), clock);

    private long taken(int tries) {
        return IntStream.range(0, tries).filter(any -> allowance.take(SENDER)).count();
    }

    @Test
    void soManyAtOnceAndThenOneAfterTheOther() {
        assertThat(taken(100)).isEqualTo(10);
        Instant next = clock.instant().plus(Duration.ofMinutes(1));
        assertThat(allowance.next(SENDER)).isEqualTo(next);
        clock.advance(Duration.ofSeconds(59));
        assertThat(allowance.allows(SENDER)).isFalse();
        assertThat(allowance.next(SENDER)).isEqualTo(next);
        clock.advance(Duration.ofSeconds(1));
        assertThat(taken(100)).isEqualTo(1);
    }

    @Test
    void theMomentToldIsOneAtWhichItIsAllowed() {
        DsnAllowance odd = new DsnAllowance(Optional.of(new DsnLimit(7, Duration.ofSeconds(3))), clock);
        for (int i = 0; i < 1000; i++) {
            if (!odd.take(SENDER)) {
                clock.advance(Duration.between(clock.instant(), odd.next(SENDER)));
                assertThat(odd.allows(SENDER)).isTrue();
            }
        }
    }

    @Test
    void aPauseFillsItUpButNotBeyond() {
        taken(10);
        clock.advance(Duration.ofDays(1));
        assertThat(taken(100)).isEqualTo(10);
    }

    @Test
    void sendersDoNotShareAndCaseIsNoDifference() {
        taken(10);
        assertThat(allowance.allows("other@here.example")).isTrue();
        assertThat(allowance.allows("Sender@HERE.example")).isFalse();
    }

    @Test
    void afterTroubleNothingIsAllowedForAWhile() {
        allowance.pause(SENDER, Duration.ofMinutes(1));
        assertThat(allowance.take(SENDER)).isFalse();
        assertThat(allowance.next(SENDER)).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
        clock.advance(Duration.ofMinutes(1));
        assertThat(allowance.take(SENDER)).isTrue();
    }

    @Test
    void withoutALimitAllIsAllowed() {
        DsnAllowance none = new DsnAllowance(Optional.empty(), clock);
        assertThat(IntStream.range(0, 10_000).allMatch(any -> none.take(SENDER)))
                .isTrue();
        assertThat(none.next(SENDER)).isEqualTo(clock.instant());
    }

    @Test
    void theLimitIsWrittenAsCountAndPeriod() {
        assertThat(DsnLimit.TYPE.read("dsnLimit", "100/1h")).contains(DsnLimit.DEFAULT);
        assertThat(DsnLimit.TYPE.read("dsnLimit", "5 / 30 s")).contains(new DsnLimit(5, Duration.ofSeconds(30)));
        assertThat(DsnLimit.TYPE.read("dsnLimit", "None")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"100", "0/1h", "100/0s", "100/1", "/1h", "-1/1h", "1000001/1h", "1/31d", "1h/100", "100/1h/2"})
    void anythingElseIsRefusedAndToldWhatIsAllowed(String text) {
        assertThatThrownBy(() -> DsnLimit.TYPE.read("dsnLimit", text))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("dsnLimit")
                .hasMessageContaining("100/1h");
    }
}
