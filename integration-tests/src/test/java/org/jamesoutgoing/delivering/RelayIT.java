/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.nothingIsLeft;
import static org.jamesoutgoing.delivering.Soon.soon;
import static org.jamesoutgoing.delivering.Soon.waiting;

import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.ReceivingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Relay mode at a smart host that asks for a password: another James. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayIT {

    private static final String ALICE = "alice@james.test";

    private static final String USER = "relay@smarthost.test";

    private ReceivingServer receiver;
    private JamesProcess relay; // two in one JVM would have MBeans of the same names

    @BeforeAll
    void start() throws Exception {
        receiver = ReceivingServer.start();
        relay = JamesProcess.prepare(JamesSetup.james()
                        .domain("smarthost.test")
                        .user(USER, "relay-secret")
                        .relayForUsersOnly()
                        .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"))
                .start();
    }

    @AfterAll
    void stop() throws Exception {
        relay.close();
        receiver.close();
    }

    private JamesServer james(String credentials) throws Exception {
        return JamesServer.start(JamesSetup.james()
                .user(ALICE, "secret")
                .outgoing("<relayHosts>127.0.0.1:" + relay.smtpPort() + "</relayHosts><tls>required</tls>"
                        + "<resendDelays>1s</resendDelays>" + credentials));
    }

    @Test
    void mailLeavesFromThere() throws Exception {
        try (JamesServer james = james("<gatewayUsername>" + USER + "</gatewayUsername>"
                + "<gatewayPassword>relay-secret</gatewayPassword>")) {
            james.send(ALICE, "bob@example.org", "carol@example.net");

            soon().untilAsserted(() -> {
                assertThat(receiver.mailsTo("bob@example.org")).hasSize(1);
                assertThat(receiver.mailsTo("carol@example.net")).hasSize(1);
            });
            // RFC 3848: A for AUTH. The S for TLS is not James's to say, but without TLS it offers no AUTH.
            assertThat(receiver.mailsTo("bob@example.org").get(0).text())
                    .containsPattern("\\(EHLO james.test\\)[^;]* with ESMTPS?A ");
            nothingIsLeft(james, "outgoing");
            assertThat(receiver.mailsTo("bob@example.org")).hasSize(1);
            assertThat(james.inbox(ALICE)).isEmpty();
        }
    }

    @Test
    void withAWrongPasswordItWaits() throws Exception {
        try (JamesServer james = james("<gatewayUsername>" + USER + "</gatewayUsername>"
                + "<gatewayPassword>not-the-secret</gatewayPassword>")) {
            james.send(ALICE, "dave@example.org");

            soon().untilAsserted(() -> assertThat(waiting(james, "outgoing")).hasSize(1));
            assertThat(receiver.mailsTo("dave@example.org")).isEmpty();
            assertThat(james.inbox(ALICE)).isEmpty();
        }
    }

    @Test
    void withoutOneTheSenderIsToldWhy() throws Exception {
        try (JamesServer james = james("")) {
            james.send(ALICE, "erin@example.org");

            soon().untilAsserted(() ->
                    assertThat(Dsn.about("erin@example.org", james, ALICE)).hasSize(1));
            assertThat(Dsn.about("erin@example.org", james, ALICE).get(0).all("diagnostic-code"))
                    .first()
                    .asString()
                    .containsPattern("smtp; 5\\d\\d .*(?i)auth");
            assertThat(receiver.mailsTo("erin@example.org")).isEmpty();
        }
    }
}
