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

import java.nio.file.Files;
import java.nio.file.Path;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.NeedsSasl;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;
import org.jamesoutgoing.testing.ReceivingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Relay mode at smart hosts that ask for a password: Postfix with SASL, and another James. */
class RelayIT {

    private static final String ALICE = "alice@james.test";

    @Nested
    @NeedsSasl
    class AtPostfix {

        private static final String USER = "relay-user";
        private static final String PASSWORD = "correct horse battery staple";

        private PostfixServer postfix;
        private JamesServer james;
        private Path password;

        @BeforeEach
        void start(@TempDir Path directory) throws Exception {
            Certificate certificate = Certificate.forLocalhost();
            Path trusted = Files.writeString(directory.resolve("relay.pem"), certificate.certificatePem());
            password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
            postfix =
                    PostfixSetup.postfix().tls(certificate).sasl(USER, PASSWORD).start();
            james = JamesServer.start(JamesSetup.james()
                    .user(ALICE, "secret")
                    .outgoing(
                            """
                            <relayHosts>127.0.0.1:%d</relayHosts>
                            <gatewayUsername>%s</gatewayUsername>
                            <gatewayPassword>file:%s</gatewayPassword>
                            <tls>verify</tls>
                            <trustStore>%s</trustStore>
                            <resendDelays>1s</resendDelays>
                            """
                                    .formatted(postfix.port(), USER, password, trusted)));
        }

        @AfterEach
        void stop() throws Exception {
            james.close();
            postfix.close();
        }

        @Test
        void mailIsRelayedUnderTlsWithThePasswordOfAFile() throws Exception {
            james.send(ALICE, "bob@example.org");

            arrivesFromUser("bob@example.org");
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void aWrongPasswordDefersUntilTheFileIsCorrected() throws Exception {
            Files.writeString(password, "wrong");
            james.send(ALICE, "carol@example.org", "dave@example.org");

            soon().untilAsserted(() -> {
                assertThat(postfix.log()).contains("authentication failed");
                assertThat(waiting(james, "outgoing")).hasSize(1);
            });
            assertThat(postfix.attempts("carol@example.org")).isZero();
            assertThat(james.inbox(ALICE)).isEmpty();

            Files.writeString(password, PASSWORD);
            arrivesFromUser("carol@example.org");
            arrivesFromUser("dave@example.org");
            nothingIsLeft(james, "outgoing");
            assertThat(james.inbox(ALICE)).as("nothing to tell the sender").isEmpty();
        }

        private void arrivesFromUser(String recipient) throws Exception {
            soon().untilAsserted(() ->
                    assertThat(postfix.mailsTo(recipient)).as(postfix.log()).hasSize(1));
            assertThat(postfix.mailsTo(recipient).get(0))
                    .contains("(Authenticated sender: " + USER + "@postfix.test)")
                    .contains("(using TLSv1.3 with cipher");
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class AtAnotherJames {

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

                soon().untilAsserted(
                                () -> assertThat(waiting(james, "outgoing")).hasSize(1));
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
}
