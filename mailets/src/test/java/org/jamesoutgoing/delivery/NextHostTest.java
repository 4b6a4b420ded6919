/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.StaticRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the first host says decides whether the second is asked in the same attempt (RFC 5321 §5.1). How each reply, at each
 * step, becomes one of the three outcomes is {@code HostOrMailTest}'s table.
 */
class NextHostTest {

    private static final String FIRST = "127.0.0.7";
    private static final String SECOND = "127.0.0.8";
    private static final String BOB = "bob@there.example";

    private final World world = new World();

    private void deliver(String first, String second, String... recipients) throws Exception {
        world.peers.answer((host, recipient) ->
                host.equals(FIRST) && recipient.equals(BOB) ? first : host.equals(FIRST) ? "250 2.1.5 OK" : second);
        OptionValues relay = OptionValues.of(Map.of("relayHosts", FIRST + ", " + SECOND, "loadBalancing", "false"));
        try (World.Life process = world.process()) {
            process.routes.replace(new LayeredRoutes(new RouteAssembler(), relay, "here.example", StaticRoutes.NONE));
            process.admission.admit(World.mail("mail", "sender@here.example", recipients));
            process.settleDown();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // first host | second host | asked | outcome
        "connect, 250 2.1.5 OK, both, accepted",
        "450 4.2.1 later, 250 2.1.5 OK, both, accepted",
        "450 4.2.1 later, 550 5.1.1 no such user, both, failed",
        "450 4.2.1 later, 451 4.3.0 later, both, deferred",
        "connect, connect, both, deferred",
        "550 5.1.1 no such user, 250 2.1.5 OK, first, failed",
        "250 2.1.5 OK, 250 2.1.5 OK, first, accepted",
    })
    void aDeferralMovesOnAndAnythingElseIsFinal(String first, String second, String asked, String outcome)
            throws Exception {
        deliver(first, second, BOB);

        List<String> expected =
                asked.equals("both") ? List.of(FIRST + " " + BOB, SECOND + " " + BOB) : List.of(FIRST + " " + BOB);
        assertThat(world.peers.asked()).isEqualTo(expected);
        assertThat(world.peers.copies(BOB)).isEqualTo(outcome.equals("accepted") ? 1 : 0);
        assertThat(world.spool.toldAbout(BOB)).isEqualTo(outcome.equals("failed"));
        assertThat(world.disk.size()).isEqualTo(outcome.equals("deferred") ? 1 : 0);
    }

    @Test
    void onlyTheRecipientsThatOneHostDeferredAreOfferedToTheNext() throws Exception {
        deliver("450 4.2.1 later", "250 2.1.5 OK", BOB, "carol@there.example");

        assertThat(world.peers.asked().stream()
                        .filter(asked -> asked.startsWith(SECOND))
                        .toList())
                .containsExactly(SECOND + " " + BOB);
        assertThat(world.peers.copies("carol@there.example")).isEqualTo(1);
    }
}
