/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReservationsTest {

    private final AtomicLong now = new AtomicLong();
    private final Reservations reservations = new Reservations(now::get);

    @Test
    void roomThatNobodyTakesIsFreeAfterHalfAnHour() {
        reservations.add("a", "sender", "there.example", 100);
        now.addAndGet(Duration.ofMinutes(20).toNanos());
        reservations.add("b", "sender", "there.example", 100);
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(reservations.inAll()).isEqualTo(new QueueUsage(1, 100));
        assertThat(reservations.toDomain("there.example")).isOne();
        assertThat(reservations.ofSender("sender")).isOne();
        now.addAndGet(Duration.ofMinutes(20).toNanos());
        assertThat(reservations.inAll()).isEqualTo(QueueUsage.NOTHING);
        assertThat(reservations.toDomain("there.example")).isZero();
    }

    @Test
    void whatIsTakenIsNoLongerReserved() {
        reservations.add("a", "sender", "one.example", 10);
        reservations.add("a", "sender", "two.example", 20);
        reservations.take("a", Set.of("one.example", "three.example"));
        assertThat(reservations.inAll()).isEqualTo(new QueueUsage(1, 20));
        reservations.free("a");
        reservations.free("a");
        assertThat(reservations.inAll()).isEqualTo(QueueUsage.NOTHING);
    }
}
