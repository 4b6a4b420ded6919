/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeMap;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMatcherConfig;
import org.jamesoutgoing.mailets.OutgoingQueueIsFull.Filling;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.queue.QueueUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When mail may go another way because the queue is full. */
class OutgoingQueueIsFullTest {

    private final TreeMap<String, Filling> queues = new TreeMap<>();

    private static Filling filling(long mails, long octets) {
        return new Filling(new QueueUsage(mails, octets), new QueueLimits(10, 1000, 0, 0));
    }

    private boolean matches(String condition) throws Exception {
        OutgoingQueueIsFull matcher = new OutgoingQueueIsFull(() -> queues);
        matcher.init(FakeMatcherConfig.builder()
                .matcherName("OutgoingQueueIsFull")
                .condition(condition)
                .build());
        FakeMail mail = FakeMail.builder()
                .name("mail")
                .size(100)
                .recipients("a@one.test", "b@two.test")
                .build();
        int matched = matcher.match(mail).size();
        assertThat(matched).as("all or none").isIn(0, 2);
        return matched == 2;
    }

    @ParameterizedTest
    @CsvSource({"9, 0, false", "10, 0, true", "0, 900, false", "0, 901, true"})
    void withoutConditionItIsFullWhenTheMailHasNoRoom(long mails, long octets, boolean full) throws Exception {
        queues.put("outgoing", filling(mails, octets));
        assertThat(matches("")).isEqualTo(full);
        assertThat(matches(null)).isEqualTo(full);
    }

    @ParameterizedTest
    @CsvSource({"8, 0, false", "9, 0, true", "10, 0, true", "0, 899, false", "0, 900, true"})
    void aPercentageIsOfTheFullerLimit(long mails, long octets, boolean full) throws Exception {
        queues.put("outgoing", filling(mails, octets));
        assertThat(matches("90%")).isEqualTo(full);
    }

    @Test
    void withoutLimitsOrServiceNothingIsFull() throws Exception {
        assertThat(matches("")).isFalse();
        queues.put("outgoing", new Filling(new QueueUsage(1 << 20, 1L << 40), QueueLimits.NONE));
        assertThat(matches("")).isFalse();
        assertThat(matches("1%")).isFalse();
    }

    @Test
    void limitsOfADomainOrASenderDoNotCount() throws Exception {
        queues.put("outgoing", new Filling(new QueueUsage(50, 5000), new QueueLimits(0, 0, 1, 1)));
        assertThat(matches("")).isFalse();
        assertThat(matches("1%")).isFalse();
    }

    @Test
    void theQueueIsTheOneNamedOrTheOnlyOneOrTheOneNamedOutgoing() throws Exception {
        queues.put("partners", filling(10, 0));
        assertThat(matches("")).isTrue();
        queues.put("outgoing", filling(0, 0));
        assertThat(matches("")).isFalse();
        assertThat(matches("queue=partners")).isTrue();
        assertThat(matches("100%, queue=partners")).isTrue();
        assertThat(matches("1% ,queue=outgoing")).isFalse();
        assertThat(matches("queue=elsewhere")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"90", "0%", "101%", "-1%", "queue=", "queue=a b", "90% queue=a", "full", "queue=a, 90%"})
    void aConditionThatIsNoneStopsTheStart(String condition) {
        assertThatThrownBy(() -> matches(condition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "OutgoingQueueIsFull: the condition is '" + condition
                                + "'; allowed: nothing, a percentage from 1% to 100%, queue=NAME, or both separated by a comma");
    }
}
