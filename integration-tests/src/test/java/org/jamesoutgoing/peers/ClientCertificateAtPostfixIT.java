/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamesoutgoing.peers.Mails.SENDER;
import static org.jamesoutgoing.peers.Mails.message;
import static org.jamesoutgoing.peers.Mails.with;

import java.util.List;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.HostOutcome;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Certificates of both sides at Postfix. */
@NeedsPostfix
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCertificateAtPostfixIT {

    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private Certificate ours;
    private Certificate theirs;
    private Certificate ofAnotherHost;
    private PostfixServer strict;
    private PostfixServer impostor;

    @BeforeAll
    void start() throws Exception {
        ours = Certificate.forHost("client.test");
        theirs = Certificate.forLocalhost();
        ofAnotherHost = Certificate.forHost("mx.example.org");
        strict = PostfixSetup.postfix()
                .tls(theirs)
                .requireClientCertificate(ours)
                .start();
        impostor = PostfixSetup.postfix().tls(ofAnotherHost).start();
    }

    @AfterAll
    void stop() throws Exception {
        client.close();
        for (PostfixServer server : List.of(strict, impostor)) {
            server.close();
        }
    }

    private RecipientResult send(PostfixServer server, TlsSettings tls, String recipient) throws Exception {
        return Mails.send(client, server, with(tls), Envelope.of(SENDER, recipient), message("Hello.\r\n"))
                .recipients()
                .get(0);
    }

    @Test
    void postfixSeesTheCertificateItAsksFor() throws Exception {
        TlsSettings tls = Changed.of(TlsSettings.of(TlsMode.VERIFY), "context", ours.contextTrusting(theirs));

        RecipientResult result = send(strict, tls, "known@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
        await().atMost(Mails.PATIENCE).untilAsserted(() -> assertThat(strict.mailsTo("known@example.org"))
                .hasSize(1));
        assertThat(strict.mailsTo("known@example.org").get(0))
                .contains("Client CN \"client.test\"")
                .contains("(verified OK)");
    }

    @Test
    void withoutACertificateTheMailIsDeferred() throws Exception {
        TlsSettings tls = Changed.of(TlsSettings.of(TlsMode.VERIFY), "context", theirs.trustedContext());

        RecipientResult result = send(strict, tls, "unknown@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(strict.mailsTo("unknown@example.org")).isEmpty();
    }

    @Test
    void withAnotherCertificateTheMailIsDeferred() throws Exception {
        TlsSettings tls = Changed.of(TlsSettings.of(TlsMode.VERIFY), "context", ofAnotherHost.contextTrusting(theirs));

        RecipientResult result = send(strict, tls, "other@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(strict.mailsTo("other@example.org")).isEmpty();
    }

    /** RFC 6125: trusted is not enough, it must be the host's. */
    @Test
    void aTrustedCertificateOfAnotherHostGetsNoMailWhereItIsToBeVerified() throws Exception {
        TlsSettings tls = Changed.of(TlsSettings.of(TlsMode.VERIFY), "context", ofAnotherHost.trustedContext());

        RecipientResult result = send(impostor, tls, "impostor@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(impostor.mailsTo("impostor@example.org")).isEmpty();
    }

    @Test
    void itDoesWhereEncryptionIsAllThatIsAskedFor() throws Exception {
        RecipientResult result = send(impostor, TlsSettings.of(TlsMode.REQUIRED), "required@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
    }
}
