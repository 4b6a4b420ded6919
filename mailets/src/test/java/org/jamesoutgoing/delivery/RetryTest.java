/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.Test;

/** RFC 5321 §4.5.4.1: mail that cannot be delivered now is tried again, with growing delays, for days. */
class RetryTest {

    private static final String THERE = "there@one.example";
    private final World world = new World();
    private final List<Instant> attempts = new ArrayList<>();

    private void deferAlways(String reply) {
        world.peers.answer((host, recipient) -> {
            attempts.add(world.clock.instant());
            return reply;
        });
    }

    @Test
    void everyAttemptOfFiveDaysIsWithinItsScheduleAndJitter() throws Exception {
        deferAlways("450 4.2.1 later");
        followsTheSchedule();
    }

    @Test
    void aHostThatRefusesConnectionsIsTriedOnTheSameSchedule() throws Exception {
        deferAlways("connect");
        followsTheSchedule();
    }

    private void followsTheSchedule() throws Exception {
        Instant start = world.clock.instant();
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", THERE));
            process.settleDown();
            while (world.disk.size() > 0) {
                Duration delay = world.route.resend().delayAfter(attempts.size());
                int before = attempts.size();
                Duration step = delay.dividedBy(50);
                while (attempts.size() == before && world.disk.size() > 0) {
                    world.clock.advance(step);
                    process.settleDown();
                }
                if (world.disk.size() > 0) {
                    double ratio = (double) Duration.between(attempts.get(before - 1), attempts.get(before))
                                    .toMillis()
                            / delay.toMillis();
                    assertThat(ratio).as("delay after attempt %d", before).isBetween(0.89, 1.15);
                }
            }
        }
        Duration lived = Duration.between(start, world.clock.instant());
        assertThat(lived).isBetween(Duration.ofDays(5), Duration.ofDays(5).plusHours(1));
        // 1m 5m 15m 30m 1h 2h, then every four hours.
        assertThat(attempts).hasSizeBetween(30, 40);
        assertThat(world.spool.toldAbout(THERE)).isTrue();
        // One delay DSN after four hours, one failure DSN after five days.
        assertThat(world.spool.dsns()).isEqualTo(2);
        assertThat(world.spool.handed().get(0).text()).contains("Action: delayed");
        assertThat(world.spool.handed().get(1).text())
                .contains("Action: failed")
                .contains("Status: 5.4.7");
    }

    @Test
    void theSenderIsToldOfADelayOnTimeThoughTheNextAttemptIsLater() throws Exception {
        deferAlways("450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", THERE));
            process.settleDown();
            // Attempts at about 1m, 6m, 21m, 51m, 1h51, 3h51, 7h51.
            for (int minute = 0; minute < 4 * 60 + 2; minute++) {
                world.clock.advance(Duration.ofMinutes(1));
                process.settleDown();
            }
            assertThat(world.spool.dsns()).isEqualTo(1);
            // What the host said when it was asked last, not that nobody has asked it now.
            assertThat(world.spool.handed().get(0).text())
                    .contains("Action: delayed", "Status: 4.2.1", "Diagnostic-Code: smtp; 450 4.2.1 later");
            int before = attempts.size();
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
            assertThat(attempts).as("telling is not an attempt").hasSize(before);
        }
    }

    @Test
    void aShorterLifetimeActsOnMailThatWaits() throws Exception {
        deferAlways("450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", THERE));
            process.settleDown();
            world.clock.advance(Duration.ofSeconds(30));
            process.settleDown();
            assertThat(world.disk.size()).isEqualTo(1);
            process.routes.replace(any -> Changed.of(world.route, "queueLifetime", Duration.ofSeconds(20)));
            process.settleDown();
            assertThat(world.disk.size()).isZero();
            assertThat(world.spool.toldAbout(THERE)).isTrue();
        }
    }

    @Test
    void mailFromTheNullSenderIsGivenUpAfterADayAndNobodyIsTold() throws Exception {
        // RFC 5321 §6.1
        deferAlways("450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "", THERE));
            process.settleDown();
            for (int hour = 0; hour < 25; hour++) {
                world.clock.advance(Duration.ofHours(1));
                process.settleDown();
            }
        }
        assertThat(world.disk.size()).isZero();
        assertThat(world.spool.handed()).isEmpty();
    }

    @Test
    void mailThatWaitsLongDoesNotHoldUpMailThatWaitsShortly() throws Exception {
        deferAlways("450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("old", "sender@here.example", "old@one.example"));
            process.settleDown();
            for (int minute = 0; minute < 240; minute++) {
                world.clock.advance(Duration.ofMinutes(1));
                process.settleDown();
            }
            world.peers.answer((host, recipient) -> world.peers.asked().stream()
                                    .filter(asked -> asked.endsWith("new@one.example"))
                                    .count()
                            == 1
                    ? "450 4.2.1 later"
                    : "250 2.0.0 OK");
            process.admission.admit(World.mail("new", "sender@here.example", "new@one.example"));
            process.settleDown();
            world.clock.advance(Duration.ofSeconds(70));
            process.settleDown();
            assertThat(world.peers.copies("new@one.example")).isEqualTo(1);
            assertThat(world.peers.copies("old@one.example")).isZero();
        }
    }

    @Test
    void whatWaitsIsTriedOnTimeAfterARestart() throws Exception {
        deferAlways("450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", THERE));
            process.settleDown();
        }
        world.peers.answer((host, recipient) -> "250 2.0.0 OK");
        try (World.Life process = world.process()) {
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isZero();
            world.clock.advance(Duration.ofSeconds(70));
            World.soon().until(() -> {
                process.settleDown();
                return world.peers.copies(THERE) == 1;
            });
            assertThat(world.disk.size()).isZero();
        }
    }

    @Test
    void aMailIsNotTakenAgainBeforeItsSettlementIsAtItsEnd() throws Exception {
        deferAlways("450 4.2.1 later");
        CountDownLatch spoolIsSlow = new CountDownLatch(1);
        try (World.Life process = world.process()) {
            process.routes.replace(RouteChangeTest.routes(Map.of("delayDsnAfter", "1m", "resendDelays", "1s")));
            process.admission.admit(World.mail("mail", "sender@here.example", "bob@there.example"));
            process.settleDown();
            world.clock.advance(Duration.ofMinutes(2));
            world.spool.waitFor(spoolIsSlow);
            process.dispatcher.tickNow();
            World.soon().until(() -> world.spool.asked() == 1);
            int before = attempts.size();
            for (int second = 0; second < 20; second++) {
                world.clock.advance(Duration.ofSeconds(1));
                process.dispatcher.tickNow();
            }
            assertThat(attempts).hasSize(before);
            spoolIsSlow.countDown();
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(1);
            assertThat(attempts).hasSize(before + 1);
        } finally {
            spoolIsSlow.countDown();
        }
    }
}
