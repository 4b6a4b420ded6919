/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jamesoutgoing.admin.QueueSummary.Reason;
import org.junit.jupiter.api.Test;

class ReasonTallyTest {

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

    @Property
    void anyTextIsAReason(@ForAll String text) {
        assertThatCode(() -> new ReasonTally().add(text)).doesNotThrowAnyException();
    }
}
