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
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.NeedsSasl;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relay mode at a smart host that asks for a password: Postfix with SASL. */
@NeedsSasl
class RelayAtPostfixIT {

    private static final String ALICE = "alice@james.test";
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
        postfix = PostfixSetup.postfix().tls(certificate).sasl(USER, PASSWORD).start();
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
