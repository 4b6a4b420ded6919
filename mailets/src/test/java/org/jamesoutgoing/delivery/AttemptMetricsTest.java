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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.jamesoutgoing.monitoring.AttemptMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted, and how often. */
class AttemptMetricsTest {

    private static final String BOB = "bob@there.example";
    private static final String CAROL = "carol@there.example";

    private final World world = new World();
    private final RecordingMetricFactory counted = new RecordingMetricFactory();
    private final Map<String, List<Duration>> timed = new ConcurrentHashMap<>();

    AttemptMetricsTest() {
        world.listener = new AttemptMetrics("outgoing.q", counted, name -> {
            List<Duration> durations = timed.computeIfAbsent(name, any -> new ArrayList<>());
            return durations::add;
        });
    }

    private int count(String name) {
        return counted.countFor("outgoing.q." + name);
    }

    private List<Duration> times(String name) {
        return timed.get("outgoing.q.time." + name);
    }

    @Test
    void attemptsAreCountedByMailAndOutcomesByRecipient() throws Exception {
        world.peers.answer((host, recipient) -> recipient.equals(BOB) ? "250 2.1.5 OK" : "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", BOB, CAROL, "dave@there.example"));
            process.settleDown();
        }

        assertThat(count("attempts")).isEqualTo(1);
        assertThat(count("accepted")).isEqualTo(1);
        assertThat(count("failed")).isEqualTo(2);
        assertThat(count("failed.mailbox-unknown")).isEqualTo(2);
        assertThat(count("deferred")).isZero();
        assertThat(count("expired")).isZero();
        assertThat(counted.countFor("outgoingMails")).isEqualTo(1);
        assertThat(counted.executionTimesFor("RemoteDeliveryTrial")).hasSize(1);
    }

    @Test
    void everyDeferralCountsAndTheTimeInTheQueueIsThatOfTheWholeLife() throws Exception {
        world.peers.answer((host, recipient) -> "450 4.7.1 greylisted, try again later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", BOB));
            process.settleDown();
            assertThat(times("queue")).isEmpty();
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
        }

        assertThat(count("attempts")).isEqualTo(2);
        assertThat(count("deferred")).isEqualTo(1);
        assertThat(count("deferred.greylisted")).isEqualTo(1);
        assertThat(count("accepted")).isEqualTo(1);
        assertThat(times("queue")).containsExactly(Duration.ofMinutes(2));
    }

    @Test
    void whatIsGivenUpHasExpiredOnce() throws Exception {
        world.peers.answer((host, recipient) -> "connect");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", BOB, CAROL));
            process.settleDown();
            world.clock.advance(Duration.ofDays(6));
            process.settleDown();
        }

        assertThat(world.disk.size()).isZero();
        assertThat(count("expired")).isEqualTo(2);
        assertThat(count("failed")).isZero();
        assertThat(count("deferred.connect")).isEqualTo(count("deferred")).isGreaterThanOrEqualTo(2);
        assertThat(times("queue")).containsExactly(Duration.ofDays(6), Duration.ofDays(6));
    }

    @Test
    void waitingWithoutAnAttemptIsNone() throws Exception {
        world.suspensions = new Suspensions(
                Optional.of(new Suspension("maintenance", Instant.EPOCH, Optional.empty())), Map.of(), Map.of());
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", BOB));
            process.settleDown();
            world.clock.advance(Duration.ofHours(5));
            process.settleDown();
        }
        assertThat(count("attempts")).isZero();
        assertThat(count("deferred")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            connect | deferred.connect
            421 4.3.2 shutting down | deferred.remote
            452 4.2.2 over quota | deferred.mailbox-full
            552 5.3.4 too big | failed.too-large
            554 5.7.1 rejected as spam | failed.spam
            550 5.7.23 SPF validation failed | failed.policy
            535 5.7.8 bad password | failed.auth
            530 5.7.10 TLS is required | failed.tls
            554 5.4.6 too many hops | failed.loop
            553 5.6.7 no SMTPUTF8 | failed.unsupported
            599 5.0.0 xyzzy | failed.other
            """)
    void aReplyIsCountedInItsClass(String reply, String name) throws Exception {
        world.peers.answer((host, recipient) -> reply);
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", BOB));
            process.settleDown();
        }
        assertThat(count(name)).isEqualTo(1);
        assertThat(counted.countForPrefixName("outgoing.q." + name.substring(0, name.indexOf('.')) + ".")
                        .values())
                .containsOnlyOnce(1);
    }

    @Test
    void nothingFromTheNetworkMakesAName() throws Exception {
        int before = counted.countForPrefixName("").size();
        world.peers.answer((host, recipient) -> "550 5.9.9 " + recipient);
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", BOB, CAROL));
            process.settleDown();
        }
        assertThat(counted.countForPrefixName("")).hasSize(before);
        assertThat(timed).hasSize(5);
    }
}
