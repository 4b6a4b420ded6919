/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.delivery.AttemptReport;
import org.jamesoutgoing.delivery.MovableClock;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.junit.jupiter.api.Test;

class AttemptRatesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final MovableClock clock = new MovableClock();
    private final AttemptRates rates = new AttemptRates(clock);

    @Test
    void attemptsAndWhatCameOfTheirRecipientsAreCounted() throws Exception {
        rates.count(report(true, Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.FAILED));
        rates.count(report(true, Outcome.DEFERRED));

        AttemptRates.Counts counts = rates.last(MINUTE);

        assertThat(counts.attempts()).isEqualTo(2);
        assertThat(counts.of(Outcome.ACCEPTED)).isEqualTo(2);
        assertThat(counts.of(Outcome.DEFERRED)).isEqualTo(1);
        assertThat(counts.of(Outcome.FAILED)).isEqualTo(1);
    }

    @Test
    void whatWasNotTriedIsNoAttempt() throws Exception {
        rates.count(report(false, Outcome.DEFERRED));

        assertThat(rates.last(MINUTE).attempts()).isZero();
        assertThat(rates.last(MINUTE).of(Outcome.DEFERRED)).isZero();
    }

    @Test
    void eachTimeHasItsOwnCounts() throws Exception {
        rates.count(report(true, Outcome.ACCEPTED));
        clock.advance(Duration.ofMinutes(2));
        rates.count(report(true, Outcome.ACCEPTED));
        clock.advance(Duration.ofMinutes(6));
        rates.count(report(true, Outcome.ACCEPTED));

        assertThat(rates.last(MINUTE).attempts()).isEqualTo(1);
        assertThat(rates.last(Duration.ofMinutes(5)).attempts()).isEqualTo(1);
        assertThat(rates.last(Duration.ofMinutes(7)).attempts()).isEqualTo(2);
        assertThat(rates.last(Duration.ofMinutes(15)).attempts()).isEqualTo(3);
    }

    @Test
    void aSecondThatIsAMinuteOldCountsNoLonger() throws Exception {
        rates.count(report(true, Outcome.ACCEPTED));

        clock.advance(Duration.ofSeconds(59));
        assertThat(rates.last(MINUTE).attempts()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(rates.last(MINUTE).attempts()).isZero();
    }

    @Test
    void whatIsOlderThanItsMemoryIsForgotten() throws Exception {
        rates.count(report(true, Outcome.ACCEPTED));
        clock.advance(AttemptRates.MEMORY);
        rates.count(report(true, Outcome.ACCEPTED));

        assertThat(rates.last(Duration.ofDays(1)).attempts()).isEqualTo(1);
    }

    @Test
    void aClockThatIsPutBackCountsNothingTwice() throws Exception {
        rates.count(report(true, Outcome.ACCEPTED));
        clock.advance(Duration.ofHours(-1));
        rates.count(report(true, Outcome.ACCEPTED));

        assertThat(rates.last(AttemptRates.MEMORY).attempts()).isEqualTo(1);
    }

    private AttemptReport report(boolean attempted, Outcome... outcomes) throws Exception {
        MailAddress recipient = new MailAddress("bob@b.example");
        return AttemptReport.withoutHost(
                clock.instant(),
                "mx.b.example",
                attempted,
                Duration.ZERO,
                Arrays.stream(outcomes)
                        .map(outcome -> RecipientReport.local(recipient, outcome, "2.0.0", "said so", clock.instant()))
                        .toList());
    }
}
