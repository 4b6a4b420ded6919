/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonPatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connection refused|connection refused",
                "mx1.b.example: connection refused|mx#.b.example: connection refused",
                "450 4.2.0 <bob@b.example>: Greylisted for 287 seconds|450 4.2.0 <address>: Greylisted for # seconds",
                "421-4.7.0 [192.0.2.1] Try again later, id=4bXyZ12.a|421-4.7.0 [#] Try again later, #",
                "451 4.7.1 bob@b.example: try later.|451 4.7.1 address: try later.",
                "mx.b.example[2001:db8::1]: timed out after 30 s.|mx.b.example[#]: timed out after # s.",
                "cost is $5|cost is #",
                "a $ and a \\ stay|a $ and a \\ stay",
            })
    void whatChangesFromMailToMailIsLeftOut(String reason, String pattern) {
        assertThat(ReasonPattern.of(reason)).isEqualTo(pattern);
    }

    @Test
    void aLongReasonIsCut() {
        assertThat(ReasonPattern.of("x".repeat(10_000))).isEqualTo("x".repeat(160) + "…");
    }
}
