/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConcurrencyTest {
    @Test
    void aLaneStartsAtFiveAndMayRiseToTwenty() {
        assertThat(Concurrency.DEFAULT).isEqualTo(new Concurrency(5, 20));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "2, 1", "0, 0"})
    void aLaneStartsWithOneAndNotAboveItsMaximum(int initial, int maximum) {
        assertThatThrownBy(() -> new Concurrency(initial, maximum))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maximum " + maximum);
    }
}
