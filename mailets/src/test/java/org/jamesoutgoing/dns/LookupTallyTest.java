/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LookupTallyTest {

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private final InstantSource time = () -> now;
    private final LookupTally tally = new LookupTally(time.withZone(ZoneOffset.UTC));

    private void fail(String... names) {
        for (String name : names) {
            tally.failed(name, name + ": timed out");
        }
    }

    @Test
    void withoutLookupsNothingFails() {
        assertThat(tally.failing()).isEmpty();
    }

    @Test
    void threeNamesWithoutAnswerAreTroubleOfDnsItself() {
        fail("a.example", "b.example", "c.example");

        assertThat(tally.failing()).contains(new LookupTally.Failing(3, 3, "c.example: timed out"));
    }

    @Test
    void twoDomainsAreTheirOwnAffairHoweverOftenTheyAreAsked() {
        fail("a.example", "B.example", "A.example", "b.example", "a.EXAMPLE");

        assertThat(tally.failing()).isEmpty();
    }

    @Test
    void halfOfTheLookupsMayFail() {
        fail("a.example", "b.example", "c.example");
        tally.answered("d.example");
        tally.answered("e.example");
        assertThat(tally.failing()).isPresent();

        tally.answered("f.example");

        assertThat(tally.failing()).isEmpty();
    }

    @Test
    void afterFiveMinutesAFailureIsForgotten() {
        fail("a.example");
        now = now.plus(Duration.ofMinutes(1));
        fail("b.example", "c.example");
        now = now.plus(Duration.ofMinutes(4));
        assertThat(tally.failing()).isPresent();

        now = now.plusMillis(1);

        assertThat(tally.failing()).isEmpty();
    }

    @Test
    void notMoreThanAHundredAreRemembered() {
        for (int i = 0; i < 1000; i++) {
            fail(i + ".example");
        }
        assertThat(tally.failing().orElseThrow().lookups()).isEqualTo(100);

        for (int i = 0; i < 50; i++) {
            tally.answered("well.example");
        }

        assertThat(tally.failing()).isEmpty();
    }
}
