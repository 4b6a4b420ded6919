/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.await;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 8689: a mail whose sender requires TLS goes only where it stays protected, and a host that takes it is told so. */
class RequireTlsTest {

    private static final SSLContext GOOD = TestCertificates.server("mx.example.test");
    private static final SSLContext TRUSTING = TestCertificates.trusting();

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private RecipientResult deliver(String sender, boolean requireTls, TlsMode mode) {
        Envelope envelope = new Envelope(
                sender,
                List.of(Envelope.Recipient.of("a@x.test")),
                false,
                Optional.empty(),
                Optional.empty(),
                requireTls,
                Optional.empty());
        TlsSettings tls =
                mode.verifies() ? Changed.of(TlsSettings.of(mode), "context", TRUSTING) : TlsSettings.of(mode);
        return await(client.deliver(server.host(), Changed.of(settings(), "tls", tls), envelope, message()))
                .recipients()
                .get(0);
    }

    @Test
    void aVerifiedHostThatOffersItIsToldAndGetsTheMail() { // §4.2.1
        server.capabilities("PIPELINING", "REQUIRETLS").tls(GOOD);
        assertThat(deliver("s@x.test", true, TlsMode.VERIFY).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(deliver("s@x.test", false, TlsMode.VERIFY).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands("MAIL")).containsExactly("MAIL FROM:<s@x.test> REQUIRETLS", "MAIL FROM:<s@x.test>");
        server.implicitTls(GOOD);
        assertThat(deliver("s@x.test", true, TlsMode.IMPLICIT_VERIFY).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands("MAIL")).last().isEqualTo("MAIL FROM:<s@x.test> REQUIRETLS");
    }

    @Test
    void aHostThatDoesNotOfferItIsNotAsked() { // §4.2.1
        server.tls(GOOD)
                .on("EHLO", turn -> turn.tls() ? "250-mx\r\n250 SIZE" : "250-mx\r\n250-REQUIRETLS\r\n250 STARTTLS");
        RecipientResult refused = deliver("s@x.test", true, TlsMode.VERIFY);
        assertThat(refused.outcome()).as("other hosts may take it").isEqualTo(HostOutcome.UNSUITABLE);
        assertThat(refused.status()).contains("5.7.30");
        assertThat(refused.detail()).contains("does not offer REQUIRETLS");
        assertThat(server.commands("MAIL")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsMode.class,
            names = {"NONE", "OPPORTUNISTIC", "REQUIRED", "IMPLICIT"})
    void aRouteThatVerifiesNothingTouchesNoHost(TlsMode mode) { // §4.2.1
        server.capabilities("REQUIRETLS");
        if (mode.implicit()) {
            server.implicitTls(GOOD);
        } else {
            server.tls(GOOD);
        }
        RecipientResult refused = deliver("s@x.test", true, mode);
        assertThat(refused.outcome() + " " + refused.stage()).isEqualTo("FAILED LOCAL");
        assertThat(refused.status()).contains("5.7.30");
        assertThat(server.connections).hasValue(0);
        assertThat(deliver("s@x.test", false, mode).outcome()).isEqualTo(HostOutcome.ACCEPTED);
    }

    @Test
    void aFailureMessageGoesWithoutWhereItCannotBeHad() { // §5
        server.capabilities("REQUIRETLS").tls(GOOD);
        assertThat(deliver("", true, TlsMode.VERIFY).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(deliver("", true, TlsMode.OPPORTUNISTIC).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        server.capabilities("SIZE").dropConnections();
        assertThat(deliver("", true, TlsMode.VERIFY).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands("MAIL"))
                .containsExactly("MAIL FROM:<> REQUIRETLS", "MAIL FROM:<>", "MAIL FROM:<> SIZE=25");
    }
}
