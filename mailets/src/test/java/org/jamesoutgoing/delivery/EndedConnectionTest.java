/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that ends the connection at one recipient, by 421 or without a word, decides nothing about the others. */
class EndedConnectionTest {

    private static final String BOB = "bob@there.example";
    private static final String CAROL = "carol@there.example";
    private static final String DAVE = "dave@there.example";
    private static final String BUSY = "421 4.3.2 busy";

    private final World world = new World();

    private void answer(Map<String, String> byRecipient) {
        world.peers.answer((host, recipient) -> byRecipient.getOrDefault(recipient, "250 2.1.5 OK"));
    }

    private void attempt(World.Life process) throws Exception {
        world.clock.advance(Duration.ofHours(1));
        process.settleDown();
    }

    private void admit(World.Life process, String... recipients) throws Exception {
        process.admission.admit(World.mail("mail", "sender@here.example", recipients));
        process.settleDown();
    }

    private List<String> askedSince(int before) {
        List<String> all = world.peers.asked();
        return all.subList(before, all.size()).stream()
                .map(asked -> asked.split(" ", -1)[1])
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {BUSY, "drop"})
    void theOthersAreOfferedFirstInTheNextAttempt(String ending) throws Exception {
        answer(Map.of(BOB, ending));
        try (World.Life process = world.process()) {
            admit(process, BOB, CAROL, DAVE);
            int before = world.peers.asked().size();
            attempt(process);

            assertThat(askedSince(before)).containsExactly(CAROL, DAVE, BOB);
            assertThat(world.peers.copies(CAROL)).isEqualTo(1);
            assertThat(world.peers.copies(DAVE)).isEqualTo(1);
            assertThat(world.disk.size()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BUSY, "drop"})
    void soTheyAreAfterARestart(String ending) throws Exception {
        answer(Map.of(BOB, ending));
        try (World.Life process = world.process()) {
            admit(process, BOB, CAROL);
        }
        try (World.Life process = world.process()) {
            world.clock.advance(Duration.ofHours(1));
            World.soon().until(() -> {
                process.settleDown();
                return world.peers.copies(CAROL) == 1;
            });
            assertThat(world.peers.copies(BOB)).isZero();
            assertThat(world.disk.size()).isEqualTo(1);
        }
    }

    @Test
    void severalSuchRecipientsComeToTheirTurnAndCostNobodyAnything() throws Exception {
        answer(Map.of(BOB, BUSY, CAROL, "drop"));
        try (World.Life process = world.process()) {
            admit(process, BOB, CAROL, DAVE);
            attempt(process); // now it is Carol
            int before = world.peers.asked().size();
            attempt(process);
            assertThat(askedSince(before)).containsExactly(DAVE, BOB);
            assertThat(world.peers.copies(DAVE)).isEqualTo(1);

            before = world.peers.asked().size();
            attempt(process);
            assertThat(askedSince(before)).containsExactly(CAROL);

            answer(Map.of());
            attempt(process);
            assertThat(world.peers.copies(BOB)).isEqualTo(1);
            assertThat(world.peers.copies(CAROL)).isEqualTo(1);
            assertThat(world.disk.size()).isZero();
        }
    }

    /** RFC 3464 §2.3.6. */
    @Test
    void nobodyIsToldTheReplyThatAnotherGot() throws Exception {
        answer(Map.of(BOB, BUSY, CAROL, "drop"));
        try (World.Life process = world.process()) {
            process.routes.replace(RouteChangeTest.routes(Map.of("resendDelays", "1m", "maxAttempts", "2")));
            admit(process, BOB, CAROL);
            attempt(process);
        }
        String dsn = world.spool.handed().get(0).text();
        assertThat(dsn.split("Diagnostic-Code: smtp; 421", -1)).hasSize(2);
        assertThat(world.spool.toldAbout(BOB)).isTrue();
        assertThat(world.spool.toldAbout(CAROL)).isTrue();
    }
}
