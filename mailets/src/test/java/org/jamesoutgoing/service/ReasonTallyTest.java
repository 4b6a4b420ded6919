/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jamesoutgoing.service.QueueSummary.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonTallyTest {

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
    void whatChangesFromMailToMailIsLeftOut(String reason, String kind) {
        assertThat(ReasonTally.kind(reason)).isEqualTo(kind);
    }

    @Test
    void theMostFrequentComeFirst() {
        ReasonTally tally = new ReasonTally();
        tally.add("connection refused");
        tally.add("Greylisted for 10 seconds");
        tally.add("Greylisted for 20 seconds");
        tally.add("timed out");

        assertThat(tally.top(2))
                .containsExactly(new Reason("Greylisted for # seconds", 2), new Reason("connection refused", 1));
    }

    @Test
    void moreReasonsThanThereIsRoomForAreOne() {
        ReasonTally tally = new ReasonTally();
        for (int i = 0; i < ReasonTally.MAX_REASONS + 50; i++) {
            // Letters, since numbers would be left out.
            tally.add(Integer.toString(i, 36).replaceAll("\\d", "x") + " " + "y".repeat(i % 7)
                    + Integer.toBinaryString(i).replace('0', 'a').replace('1', 'b'));
        }

        assertThat(tally.top(1)).containsExactly(new Reason(ReasonTally.OTHERS, 50));
        assertThat(tally.top(Integer.MAX_VALUE)).hasSize(ReasonTally.MAX_REASONS + 1);
    }

    @Test
    void aLongReasonIsCut() {
        assertThat(ReasonTally.kind("x".repeat(10_000))).isEqualTo("x".repeat(160) + "…");
    }

    @Property
    void anyTextIsAReason(@ForAll String text) {
        assertThatCode(() -> new ReasonTally().add(text)).doesNotThrowAnyException();
    }
}
