/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.jamesoutgoing.queue.FullnessAlarm.Level;
import org.junit.jupiter.api.Test;

class FullnessAlarmTest {

    private final FullnessAlarm alarm = new FullnessAlarm("outgoing");

    private Level after(double fullness) {
        alarm.observe(fullness, QueueUsage.NOTHING, QueueLimits.NONE);
        return alarm.level();
    }

    @Test
    void eachLevelBeginsAtItsShareAndEndsFivePercentBelow() {
        assertThat(after(0.79)).isEqualTo(Level.NORMAL);
        assertThat(after(0.80)).isEqualTo(Level.NEARLY_FULL);
        assertThat(after(0.76)).isEqualTo(Level.NEARLY_FULL);
        assertThat(after(1.0)).isEqualTo(Level.FULL);
        assertThat(after(0.96)).isEqualTo(Level.FULL);
        assertThat(after(0.94)).isEqualTo(Level.NEARLY_FULL);
        assertThat(after(0.74)).isEqualTo(Level.NORMAL);
    }

    @Test
    void aQueueMayFillAndEmptyAtOnce() {
        assertThat(after(1.2)).isEqualTo(Level.FULL);
        assertThat(after(0)).isEqualTo(Level.NORMAL);
    }

    @Test
    void aQueueIsAsFullAsItsMoreScarceLimit() {
        assertThat(new QueueLimits(10, 1000, 0, 0).fullness(new QueueUsage(5, 900)))
                .isEqualTo(0.9);
        assertThat(QueueLimits.NONE.fullness(new QueueUsage(5, 900))).isZero();
        assertThat(new QueueLimits(0, 0, 1, 1).fullness(new QueueUsage(5, 900))).isZero();
    }
}
