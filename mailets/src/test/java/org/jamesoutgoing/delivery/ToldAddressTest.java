/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a DSN says of recipient and host. */
class ToldAddressTest {

    private final World world = new World();

    private String dsnAbout(String recipient) throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "sender@here.example", recipient));
            process.settleDown();
            for (int i = 0; i < 40 && world.spool.dsns() == 0; i++) {
                world.clock.advance(Duration.ofHours(5));
                process.settleDown();
            }
        }
        return world.spool.handed().get(world.spool.handed().size() - 1).text();
    }

    @Test
    void anAddressLiteralIsToldWithItsBrackets() throws Exception { // RFC 5321 §4.1.3, RFC 3464 §2.3.2
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        assertThat(dsnAbout("bob@[192.0.2.1]"))
                .contains("Final-Recipient: rfc822; bob@[192.0.2.1]\r\n")
                .doesNotContain("bob@192.0.2.1");
    }

    @Test
    void aHostThatAnsweredIsTheRemoteMta() throws Exception { // RFC 3464 §2.3.5
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        assertThat(dsnAbout("bob@one.example")).contains("Remote-MTA: dns; mx.one.example\r\n");
    }

    @Test
    void aHostThatCouldNotBeReachedIsNoneButIsNamed() throws Exception { // RFC 3464 §2.3.5
        world.peers.answer((host, recipient) -> "connect");
        assertThat(dsnAbout("bob@one.example"))
                .doesNotContain("Remote-MTA")
                .contains("mx.one.example: connection refused");
    }
}
