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
import static org.jamesoutgoing.peers.Mails.plaintext;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.Envelope.Notify;
import org.jamesoutgoing.smtp.Envelope.Recipient;
import org.jamesoutgoing.smtp.Envelope.Ret;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.EximServer;
import org.jamesoutgoing.testing.NeedsExim;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Exim understands beyond bare SMTP, seen by what it makes of it. */
@NeedsExim
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EximExtensionsIT {

    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private EximServer exim;

    @BeforeAll
    void start() throws Exception {
        exim = EximServer.start(Certificate.forLocalhost(), 1 << 20);
    }

    @AfterAll
    void stop() throws Exception {
        client.close();
        if (exim != null) {
            exim.close();
        }
    }

    private void arrives(String recipient) {
        await().atMost(Mails.PATIENCE)
                .untilAsserted(
                        () -> assertThat(exim.mailsTo(recipient)).as(exim.log()).hasSize(1));
    }

    /** RFC 3030: Exim's log has a K for a message that came by BDAT. */
    @Test
    void bdatWhereChunkingIsOffered() throws Exception {
        PeerContract.accepted(Mails.send(
                client, exim, plaintext(), Envelope.of("chunks@client.test", "a@example.org"), message("BDAT.\r\n")));
        PeerContract.accepted(Mails.send(
                client,
                exim,
                Changed.of(plaintext(), "ignoredExtensions", Set.of("CHUNKING")),
                Envelope.of("dots@client.test", "b@example.org"),
                message("DATA.\r\n")));

        arrives("a@example.org");
        arrives("b@example.org");
        assertThat(exim.log())
                .containsPattern("<= chunks@client.test .* K ")
                .doesNotContainPattern("<= dots@client.test .* K ");
    }

    /** RFC 3461 §4: seen in the DSN that Exim writes for a mail that it delivers. */
    @Test
    void dsnParametersArrive() throws Exception {
        Envelope envelope = new Envelope(
                SENDER,
                List.of(
                        new Recipient(
                                "told@example.org",
                                Set.of(Notify.SUCCESS),
                                Optional.of("rfc822;old+2Baddress@example.net")),
                        new Recipient("silent@example.org", Set.of(Notify.NEVER), Optional.empty())),
                false,
                Optional.of("envelope-1"),
                Optional.of(Ret.HDRS));

        PeerContract.accepted(Mails.send(client, exim, plaintext(), envelope, message("The body itself.\r\n")));

        arrives("silent@example.org");
        arrives(SENDER);
        assertThat(exim.mailsTo(SENDER).get(0))
                .containsIgnoringCase("Original-Envelope-Id: envelope-1")
                .containsPattern("Original-Recipient: rfc822; ?old(\\+2B|\\+)address@example.net")
                .containsPattern("Final-Recipient: rfc822; ?told@example.org")
                .containsPattern("Action: (delivered|relayed)")
                .doesNotContain("Final-Recipient: rfc822;silent@example.org")
                .doesNotContain("The body itself.");
    }

    /** RFC 6531 §3.4. */
    @Test
    void addressesInUtf8() throws Exception {
        Envelope envelope = new Envelope(
                "s\u00f8ren@client.test",
                List.of(Recipient.of("\u00fc@example.org")),
                true,
                Optional.empty(),
                Optional.empty());

        PeerContract.accepted(Mails.send(client, exim, plaintext(), envelope, message("Hello.\r\n")));

        arrives("\u00c3\u00bc@example.org"); // its octets in UTF-8, one char for each
    }
}
