/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.await;
import static org.jamesoutgoing.smtp.Mails.envelope;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS of a route (RFC 3207, RFC 8314). */
class TlsTest {

    private static final SSLContext GOOD = TestCertificates.server("mx.example.test");
    private static final SSLContext OTHER_NAME = TestCertificates.server("other.example.test");
    private static final SSLContext EXPIRED = TestCertificates.expired("mx.example.test");
    private static final SSLContext SELF_SIGNED = TestCertificates.selfSigned("mx.example.test");
    private static final SSLContext TRUSTING = TestCertificates.trusting();

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HostResult deliver(TlsSettings tls) {
        return await(
                client.deliver(server.host(), Changed.of(settings(), "tls", tls), envelope("a@x.test"), message()));
    }

    private static void accepted(HostResult result) {
        assertThat(result.recipients().get(0).outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
    }

    private static void deferredAtTls(HostResult result) {
        RecipientResult recipient = result.recipients().get(0);
        assertThat(recipient.outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(recipient.stage()).as(result.toString()).isEqualTo(TransactionStage.TLS);
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsMode.class,
            names = {"OPPORTUNISTIC", "REQUIRED"})
    void starttlsIsUsedWithoutALookAtTheCertificate(TlsMode mode) {
        server.tls(EXPIRED);
        HostResult result = deliver(TlsSettings.of(mode));
        accepted(result);
        assertThat(result.tls()).hasValueSatisfying(tls -> assertThat(tls).startsWith("TLSv1.3 TLS_"));
        assertThat(server.mails.get(0).tls()).isTrue();
    }

    @Test
    void implicitTlsComesBeforeTheGreeting() {
        server.implicitTls(GOOD);
        accepted(deliver(TlsSettings.of(TlsMode.IMPLICIT)));
        accepted(deliver(Changed.of(TlsSettings.of(TlsMode.IMPLICIT_VERIFY), "context", TRUSTING)));
        assertThat(server.mails).hasSize(2).allMatch(FakeSmtpServer.Mail::tls);
        assertThat(server.commands("STARTTLS")).isEmpty();
    }

    @Test
    void noneIgnoresTheOffer() {
        server.tls(GOOD);
        HostResult result = deliver(TlsSettings.of(TlsMode.NONE));
        accepted(result);
        assertThat(result.tls()).isEmpty();
        assertThat(server.commands("STARTTLS")).isEmpty();
    }

    @Test
    void verifyTakesTheHostsOwnTrustedCertificate() {
        server.tls(GOOD);
        accepted(deliver(Changed.of(TlsSettings.of(TlsMode.VERIFY), "context", TRUSTING)));
    }

    @ParameterizedTest
    @CsvSource({
        "OTHER_NAME,false", "EXPIRED,false", "SELF_SIGNED,false", "UNTRUSTED,false",
        "OTHER_NAME,true", "EXPIRED,true", "SELF_SIGNED,true", "UNTRUSTED,true"
    })
    void verifyRefusesAnyOther(String which, boolean implicit) {
        SSLContext shown =
                switch (which) {
                    case "OTHER_NAME" -> OTHER_NAME;
                    case "EXPIRED" -> EXPIRED;
                    case "SELF_SIGNED" -> SELF_SIGNED;
                    default -> GOOD;
                };
        if (implicit) {
            server.implicitTls(shown);
        } else {
            server.tls(shown);
        }
        TlsSettings verify = TlsSettings.of(implicit ? TlsMode.IMPLICIT_VERIFY : TlsMode.VERIFY);
        deferredAtTls(deliver(which.equals("UNTRUSTED") ? verify : Changed.of(verify, "context", TRUSTING)));
        assertThat(server.mails).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsMode.class,
            names = {"REQUIRED", "VERIFY"})
    void mandatoryTlsNeverSendsInPlaintext(TlsMode mode) {
        deferredAtTls(deliver(TlsSettings.of(mode)));
        server.tls(GOOD).on("STARTTLS", "454 4.7.0 not now");
        deferredAtTls(deliver(TlsSettings.of(mode)));
        server.on("STARTTLS", turn -> {
            turn.conversation().sendRaw("220 go ahead\r\nthis is no handshake at all\r\n");
            return FakeSmtpServer.CLOSE;
        });
        deferredAtTls(deliver(TlsSettings.of(mode)));
        assertThat(server.commands("MAIL")).isEmpty();
    }

    @Test
    void opportunisticTlsGoesOnInPlaintextWhenStarttlsIsRefused() { // RFC 3207 §4
        server.tls(GOOD).on("STARTTLS", "454 4.7.0 not now");
        accepted(deliver(TlsSettings.opportunistic()));
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void opportunisticTlsAsksAgainInPlaintextWhenTheHandshakeFails() {
        server.tls(GOOD).on("STARTTLS", turn -> {
            turn.conversation().sendRaw("220 go ahead\r\n");
            turn.conversation().sendRaw("this is no handshake at all\r\n");
            return FakeSmtpServer.CLOSE;
        });
        HostResult result = deliver(TlsSettings.opportunistic());
        accepted(result);
        assertThat(result.tls()).isEmpty();
        assertThat(server.connections).hasValue(2);
    }

    @Test
    void opportunisticTlsNeverFallsBackWithAPassword() { // RFC 4954 §4
        server.capabilities("AUTH PLAIN").tls(GOOD).on("STARTTLS", turn -> {
            turn.conversation().sendRaw("220 go ahead\r\nthis is no handshake at all\r\n");
            return FakeSmtpServer.CLOSE;
        });
        ConnectionSettings settings = Changed.of(
                settings(),
                "tls",
                TlsSettings.opportunistic(),
                "credentials",
                Credentials.password("user", () -> "x"),
                "cleartextAuth",
                true);
        deferredAtTls(await(client.deliver(server.host(), settings, envelope("a@x.test"), message())));
        assertThat(server.commands("AUTH")).isEmpty();
    }

    @Test
    void plaintextBehindTheReplyToStarttlsEndsIt() { // RFC 3207 §6
        server.tls(GOOD).on("STARTTLS", turn -> {
            turn.conversation().sendRaw("220 go ahead\r\n250 injected\r\n");
            return FakeSmtpServer.SILENCE;
        });
        HostResult result = deliver(TlsSettings.of(TlsMode.REQUIRED));
        deferredAtTls(result);
        assertThat(result.recipients().get(0).detail()).contains("plaintext");
    }

    @Test
    void whatWasOfferedBeforeTlsIsForgotten() { // RFC 3207 §4.2
        server.tls(GOOD)
                .on(
                        "EHLO",
                        turn -> turn.tls()
                                ? "250-mx\r\n250 SIZE"
                                : "250-mx\r\n250-STARTTLS\r\n250-DSN\r\n250 CHUNKING");
        HostResult result = deliver(TlsSettings.opportunistic());
        accepted(result);
        assertThat(result.dsnOffered()).isFalse();
        assertThat(server.commands("BDAT")).isEmpty();
    }

    @Test
    void protocolsAreThoseOfTheRoute() {
        server.tls(GOOD);
        HostResult result = deliver(Changed.of(TlsSettings.of(TlsMode.REQUIRED), "protocols", Set.of("TLSv1.2")));
        accepted(result);
        assertThat(result.tls().orElseThrow()).startsWith("TLSv1.2");
    }

    @Test
    void aProtocolTheJvmDoesNotKnowDefers() {
        server.tls(GOOD);
        deferredAtTls(deliver(Changed.of(TlsSettings.of(TlsMode.REQUIRED), "protocols", Set.of("TLSv9"))));
    }

    @Test
    void aLongMessageTravelsInTls() {
        for (String form : List.of("SIZE", "PIPELINING,CHUNKING")) {
            server.capabilities(form.split(",")).tls(GOOD);
            String text = Mails.longText(2_000_000);
            ConnectionSettings settings =
                    Changed.of(settings(), "tls", TlsSettings.of(TlsMode.REQUIRED), "heloName", form.replace(',', '.'));
            accepted(await(client.deliver(server.host(), settings, envelope("a@x.test"), message(text))));
            assertThat(server.mails.get(server.mails.size() - 1).body()).isEqualTo(text);
        }
    }
}
