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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.queue.QueueState;
import org.junit.jupiter.api.Test;

/** Mail for what is suspended is accepted and waits, its lifetime goes on, and everything else is delivered. */
class SuspensionTest {

    private static final String THERE = "bob@there.example";
    private static final String ELSEWHERE = "eve@elsewhere.example";

    private final World world = new World();

    private static Suspension endless() {
        return new Suspension("main server is moved", Instant.EPOCH, Optional.empty());
    }

    private static Suspensions ofService(Suspension suspension) {
        return new Suspensions(Optional.of(suspension), Map.of(), Map.of());
    }

    private void admitBoth(World.Life process) throws Exception {
        process.admission.admit(World.mail("mail", "sender@here.example", THERE, ELSEWHERE));
    }

    private void let(World.Life process, Suspensions suspensions) {
        world.suspensions = suspensions;
        process.dispatcher.suspensionsChanged();
        process.settleDown();
    }

    private static List<String> whyAllWait(World.Life process) {
        return process.ledger.mails("").stream()
                .map(mail -> process.dispatcher.whySuspended(mail).orElse("need not"))
                .toList();
    }

    @Test
    void aSuspendedServiceDeliversNothingUntilItIsResumed() throws Exception {
        world.suspensions = ofService(endless());
        try (World.Life process = world.process()) {
            admitBoth(process);
            process.settleDown();
            world.clock.advance(Duration.ofHours(1));
            process.settleDown();
            assertThat(world.peers.asked()).isEmpty();
            assertThat(process.ledger.usage(QueueState.DEFERRED).mails()).isEqualTo(2);
            assertThat(whyAllWait(process)).containsOnly("delivery is suspended: main server is moved");

            let(process, Suspensions.NONE);
            assertThat(world.peers.copies(THERE)).isEqualTo(1);
            assertThat(world.peers.copies(ELSEWHERE)).isEqualTo(1);
        }
    }

    @Test
    void aSuspensionWithAnEndEndsByItself() throws Exception {
        Instant end = world.clock.instant().plus(Duration.ofHours(2));
        world.suspensions = ofService(new Suspension("night", Instant.EPOCH, Optional.of(end)));
        try (World.Life process = world.process()) {
            admitBoth(process);
            process.settleDown();
            assertThat(world.peers.asked()).isEmpty();
            world.clock.advance(Duration.ofHours(2));
            process.settleDown();
            assertThat(world.peers.allCopies()).isEqualTo(2);
        }
    }

    @Test
    void aSuspendedDomainWaitsInAnySpelling() throws Exception {
        world.suspensions = new Suspensions(Optional.empty(), Map.of("there.example", endless()), Map.of());
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", "bob@There.EXAMPLE", ELSEWHERE));
            process.settleDown();
            assertThat(world.peers.asked()).containsExactly("mx.elsewhere.example " + ELSEWHERE);
            let(process, Suspensions.NONE);
            assertThat(world.peers.allCopies()).isEqualTo(2);
        }
    }

    @Test
    void aSuspendedHostStopsTheNextHopsThatItIsOneOf() throws Exception {
        world.suspensions = new Suspensions(Optional.empty(), Map.of(), Map.of("mx.there.example", endless()));
        try (World.Life process = world.process()) {
            admitBoth(process);
            process.settleDown();
            assertThat(whyAllWait(process)).containsExactly("delivery is suspended: main server is moved");
            world.clock.advance(Duration.ofHours(1));
            process.settleDown();
            assertThat(world.peers.asked()).containsExactly("mx.elsewhere.example " + ELSEWHERE);
            let(process, Suspensions.NONE);
            assertThat(world.peers.copies(THERE)).isEqualTo(1);
        }
    }

    @Test
    void theLifetimeOfSuspendedMailGoesOn() throws Exception {
        world.suspensions = ofService(endless());
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", THERE));
            for (int day = 0; day < 6; day++) {
                process.settleDown();
                world.clock.advance(Duration.ofDays(1));
            }
            process.settleDown();
            assertThat(world.peers.asked()).isEmpty();
            assertThat(world.disk.size()).isZero();
            assertThat(world.spool.handed().get(world.spool.handed().size() - 1).text())
                    .contains("Action: failed", "main server is moved");
        }
    }

    @Test
    void mailOfASuspendedDomainHoldsUpNoOtherOfItsRelay() throws Exception {
        world.route = World.relay(world.route);
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            admitBoth(process);
            for (int i = 0; i < 50; i++) {
                process.admission.admit(World.mail("suspended" + i, "sender@here.example", THERE));
            }
            process.settleDown();
            let(process, new Suspensions(Optional.empty(), Map.of("there.example", endless()), Map.of()));
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
            assertThat(world.peers.copies(ELSEWHERE)).isEqualTo(1);
            assertThat(world.peers.copies(THERE)).isZero();

            let(process, Suspensions.NONE);
            assertThat(world.peers.copies(THERE)).isEqualTo(51);
            assertThat(world.peers.copies(ELSEWHERE)).isEqualTo(1);
        }
    }

    @Test
    void theEndOfASuspensionPutsItsMailBackInLine() throws Exception {
        world.route = World.relay(world.route);
        Instant end = world.clock.instant().plus(Duration.ofHours(2));
        world.suspensions = new Suspensions(
                Optional.empty(),
                Map.of("there.example", new Suspension("night", Instant.EPOCH, Optional.of(end))),
                Map.of());
        try (World.Life process = world.process()) {
            admitBoth(process);
            process.settleDown();
            assertThat(world.peers.asked()).containsExactly("127.0.0.1 " + ELSEWHERE);
            world.clock.advance(Duration.ofHours(2));
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isEqualTo(1);
        }
    }

    @Test
    void recipientsOfASuspendedDomainAreSplitOffWhereverTheyStandOnTheMail() throws Exception {
        world.route = World.relay(world.route);
        world.suspensions = new Suspensions(Optional.empty(), Map.of("there.example", endless()), Map.of());
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("last", "sender@here.example", ELSEWHERE, THERE));
            process.admission.admit(World.mail("first", "sender@here.example", THERE, ELSEWHERE));
            process.settleDown();
            assertThat(world.peers.copies(ELSEWHERE)).isEqualTo(2);
            assertThat(world.peers.copies(THERE)).isZero();
            assertThat(whyAllWait(process))
                    .containsExactly(
                            "delivery is suspended: main server is moved",
                            "delivery is suspended: main server is moved");

            let(process, Suspensions.NONE);
            assertThat(world.peers.copies(THERE)).isEqualTo(2);
            assertThat(world.peers.copies(ELSEWHERE)).isEqualTo(2);
        }
    }

    @Test
    void aDomainSuspendedWhileItsMailWaitsWithOthersIsSplitOff() throws Exception {
        world.route = World.relay(world.route);
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", ELSEWHERE, THERE));
            process.settleDown();
            let(process, new Suspensions(Optional.empty(), Map.of("there.example", endless()), Map.of()));
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
            assertThat(world.peers.copies(ELSEWHERE)).isEqualTo(1);
            assertThat(world.peers.copies(THERE)).isZero();
            let(process, Suspensions.NONE);
            assertThat(world.peers.copies(THERE)).isEqualTo(1);
        }
    }
}
