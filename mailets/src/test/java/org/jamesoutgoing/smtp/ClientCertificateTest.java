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
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that wants to see the client's certificate: in TLS 1.2 it refuses in the handshake, in TLS 1.3 after it. */
class ClientCertificateTest {

    private static final SSLContext SERVER = TestCertificates.server("mx.example.test");
    private static final SSLContext CLIENT = TestCertificates.client("client.example.test");
    private static final SSLContext UNKNOWN = TestCertificates.clientOfOtherAuthority("client.example.test");
    private static final SSLContext NONE = TestCertificates.trusting();

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private final List<String> clientNames = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        SSLParameters needed = new SSLParameters();
        needed.setNeedClientAuth(true);
        server.tls(SERVER).tlsParameters(needed).on("MAIL", turn -> {
            clientNames.add(turn.conversation().clientName());
            return null;
        });
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static TlsSettings tls(TlsMode mode, String protocol, SSLContext context) {
        return Changed.of(TlsSettings.of(mode), "protocols", Set.of(protocol), "context", context);
    }

    private HostResult deliver(ConnectionSettings settings) {
        return await(client.deliver(server.host(), settings, envelope("a@x.test"), message()));
    }

    private static String summary(HostResult result) {
        return result.recipients().get(0).outcome() + " "
                + result.recipients().get(0).stage();
    }

    @ParameterizedTest
    @CsvSource({
        "OPPORTUNISTIC,TLSv1.2", "REQUIRED,TLSv1.2", "VERIFY,TLSv1.2", "IMPLICIT,TLSv1.2", "IMPLICIT_VERIFY,TLSv1.2",
        "OPPORTUNISTIC,TLSv1.3", "REQUIRED,TLSv1.3", "VERIFY,TLSv1.3", "IMPLICIT,TLSv1.3", "IMPLICIT_VERIFY,TLSv1.3"
    })
    void theRoutesCertificateIsShown(TlsMode mode, String protocol) {
        if (mode.implicit()) {
            server.implicitTls(SERVER);
        }
        HostResult result = deliver(Changed.of(settings(), "tls", tls(mode, protocol, CLIENT)));

        assertThat(summary(result)).as(result.toString()).isEqualTo("ACCEPTED END_OF_DATA");
        assertThat(result.tls().orElseThrow()).startsWith(protocol);
        assertThat(clientNames).containsExactly("CN=client.example.test");
        assertThat(server.connections).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"REQUIRED,TLSv1.2", "VERIFY,TLSv1.2", "IMPLICIT,TLSv1.2", "REQUIRED,TLSv1.3", "VERIFY,TLSv1.3"})
    void withoutItMandatoryTlsDefers(TlsMode mode, String protocol) {
        if (mode.implicit()) {
            server.implicitTls(SERVER);
        }
        for (SSLContext wrong : List.of(NONE, UNKNOWN)) {
            HostResult result = deliver(Changed.of(settings(), "tls", tls(mode, protocol, wrong)));
            assertThat(summary(result)).as(result.toString()).isEqualTo("DEFERRED TLS");
        }
        assertThat(server.commands("MAIL")).isEmpty();
    }

    @Test
    void withoutItImplicitTlsDefersTooWhereTheHostSaysSoOnlyAfterTheHandshake() { // RFC 8446 §4.4.2.4
        server.implicitTls(SERVER);
        HostResult result = deliver(Changed.of(settings(), "tls", tls(TlsMode.IMPLICIT, "TLSv1.3", NONE)));
        assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(result.connected()).isFalse();
        assertThat(server.commands).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void withoutItOpportunisticTlsGoesOnInPlaintextInTheSameAttempt(String protocol) {
        for (SSLContext wrong : List.of(NONE, UNKNOWN)) {
            HostResult result = deliver(Changed.of(settings(), "tls", tls(TlsMode.OPPORTUNISTIC, protocol, wrong)));
            assertThat(summary(result)).as(result.toString()).isEqualTo("ACCEPTED END_OF_DATA");
            assertThat(result.tls()).isEmpty();
        }
        assertThat(server.connections).hasValue(4);
        assertThat(clientNames).containsExactly("", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void withoutItOpportunisticTlsWithAPasswordDefers(String protocol) { // RFC 4954 §4
        server.capabilities("AUTH PLAIN");
        HostResult result = deliver(Changed.of(
                settings(),
                "tls",
                tls(TlsMode.OPPORTUNISTIC, protocol, NONE),
                "credentials",
                Credentials.password("user", () -> "x"),
                "cleartextAuth",
                true));
        assertThat(summary(result)).as(result.toString()).isEqualTo("DEFERRED TLS");
        assertThat(server.commands("AUTH")).isEmpty();
        assertThat(server.connections).hasValue(1);
    }
}
