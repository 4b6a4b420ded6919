/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a host may keep us waiting that others want the place of. */
class FirstAnswersTest {

    private final FirstAnswers answers = new FirstAnswers();

    private void came(int times, Duration took) {
        for (int i = 0; i < times; i++) {
            answers.came(took);
        }
    }

    @Test
    void halfASecondWhileNothingIsKnownAndWhereHostsAreFast() {
        assertThat(answers.patience()).isEqualTo(FirstAnswers.LEAST);
        came(100, Duration.ofMillis(20));
        assertThat(answers.patience()).isEqualTo(FirstAnswers.LEAST);
    }

    @Test
    void twiceWhatIsUsual() {
        came(100, Duration.ofMillis(900));
        assertThat(answers.patience()).isBetween(Duration.ofMillis(1700), Duration.ofMillis(1800));
        came(1, Duration.ofMillis(20));
        assertThat(answers.patience()).as("one is not the rule").isGreaterThan(Duration.ofMillis(1500));
    }

    @Test
    void halfAMinuteAtTheMost() {
        came(100, Duration.ofMinutes(5));
        assertThat(answers.patience()).isEqualTo(FirstAnswers.MOST);
    }
}
