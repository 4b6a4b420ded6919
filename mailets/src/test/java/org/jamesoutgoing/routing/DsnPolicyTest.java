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
import java.time.Instant;
import java.util.Optional;
import org.jamesoutgoing.routing.DsnPolicy.Who;
import org.jamesoutgoing.settings.OptionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DsnPolicyTest {
    private static final Instant ACCEPTED = Instant.parse("2026-03-01T08:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "on | ON | false",
                "Off | OFF | false",
                "LOCAL | LOCAL | false",
                "authenticated | AUTHENTICATED | false",
                "on, postmaster | ON | true",
                "local,Postmaster | LOCAL | true",
                "authenticated ,postmaster | AUTHENTICATED | true",
                "off, postmaster | OFF | true",
                "postmaster | OFF | true",
            })
    void itSaysWhichSendersAndWhetherThePostmasterIsTold(String text, Who who, boolean copy) {
        assertThat(RouteOptions.FAILURE_DSN.read(text)).isEqualTo(new DsnPolicy(who, copy));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "none",
                "on,",
                ", postmaster",
                "postmaster, local",
                "local, authenticated",
                "on postmaster",
                "on, postmaster, postmaster",
            })
    void anythingElseIsRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> RouteOptions.QUEUE_FULL_DSN.read(text))
                .isInstanceOf(OptionException.class)
                .hasMessage("'queueFullDsn' is '" + text + "'; allowed: on, off, local, authenticated;"
                        + " each of them followed by ', postmaster'; or postmaster");
    }

    @Test
    void delaysAreRepeatedOnceAMinuteAtMost() {
        assertThat(RouteOptions.DELAY_DSN_REPEAT.read("0s")).isZero();
        assertThat(RouteOptions.DELAY_DSN_REPEAT.read("1m")).isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> RouteOptions.DELAY_DSN_REPEAT.read("59s"))
                .hasMessage("'delayDsnRepeat' is '59s'; allowed: 0s, or a time with its unit from 60s to 365d,"
                        + " such as 30s, 5m, 2h or 5d");
    }

    @Test
    void aDelayIsToldOnce() {
        assertThat(next(DsnPolicy.EVERY_SENDER, 4, 0, null)).contains(at(4));
        assertThat(next(DsnPolicy.EVERY_SENDER, 4, 0, at(4))).isEmpty();
        assertThat(next(DsnPolicy.EVERY_SENDER, 0, 0, null)).isEmpty();
        assertThat(next(DsnPolicy.EVERY_SENDER, 0, 2, null)).isEmpty();
    }

    @Test
    void orTimeAfterTimeCountedFromTheLast() {
        assertThat(next(DsnPolicy.EVERY_SENDER, 4, 2, null)).contains(at(4));
        assertThat(next(DsnPolicy.EVERY_SENDER, 4, 2, at(5))).contains(at(7));
        assertThat(next(DsnPolicy.EVERY_SENDER, 4, 2, ACCEPTED)).contains(at(6));
    }

    @Test
    void aDelayThatNobodyIsToldOfIsStillToBeTold() {
        assertThat(next(new DsnPolicy(Who.OFF, false), 4, 2, null)).isEmpty();
        assertThat(next(new DsnPolicy(Who.OFF, true), 4, 2, null)).contains(at(4));
    }

    private static Instant at(int hour) {
        return ACCEPTED.plus(Duration.ofHours(hour));
    }

    private static Optional<Instant> next(DsnPolicy delay, int after, int repeat, Instant last) {
        DsnPolicy other = DsnPolicy.EVERY_SENDER;
        DsnPolicies policies =
                new DsnPolicies(other, delay, other, other, Duration.ofHours(after), Duration.ofHours(repeat));
        return policies.nextDelay(ACCEPTED, Optional.ofNullable(last));
    }
}
