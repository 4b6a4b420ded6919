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
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocols and ciphers of a route: what is not allowed is not spoken, and what cannot be spoken is a clear failure. */
class TlsVersionTest {

    private static final SSLContext GOOD = TestCertificates.server("mx.example.test");
    private static final String AES_128 = "TLS_AES_128_GCM_SHA256";
    private static final String AES_256 = "TLS_AES_256_GCM_SHA384";
    private static final String ECDHE_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

    private final FakeSmtpServer server = new FakeSmtpServer().tls(GOOD);
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

    private static TlsSettings tls(TlsMode mode, Set<String> protocols, Set<String> ciphers) {
        return Changed.of(TlsSettings.of(mode), "protocols", protocols, "ciphers", ciphers);
    }

    private static SSLParameters only(String[] ciphers, String... protocols) {
        return new SSLParameters(ciphers, protocols);
    }

    private static String summary(HostResult result) {
        return result.recipients().get(0).outcome() + " "
                + result.recipients().get(0).stage();
    }

    @Test
    void theRoutesProtocolAndCipherAreSpoken() {
        assertThat(deliver(tls(TlsMode.REQUIRED, Set.of("TLSv1.3"), Set.of(AES_128)))
                        .tls())
                .hasValue("TLSv1.3 " + AES_128);
        assertThat(deliver(tls(TlsMode.REQUIRED, Set.of("TLSv1.3"), Set.of(AES_256)))
                        .tls())
                .hasValue("TLSv1.3 " + AES_256);
        assertThat(deliver(tls(TlsMode.REQUIRED, Set.of("TLSv1.2"), Set.of(ECDHE_128)))
                        .tls())
                .hasValue("TLSv1.2 " + ECDHE_128);
        server.tlsParameters(only(null, "TLSv1.2"));
        assertThat(deliver(tls(TlsMode.REQUIRED, Set.of("TLSv1.2", "TLSv1.3"), Set.of()))
                        .tls()
                        .orElseThrow())
                .startsWith("TLSv1.2 ");
    }

    /** What the client allows and the host does not, and what the JVM does not know. */
    static Stream<Arguments> mismatches() {
        return Stream.of(
                arguments("host only 1.2", only(null, "TLSv1.2"), Set.of("TLSv1.3"), Set.of()),
                arguments("host only 1.3", only(null, "TLSv1.3"), Set.of("TLSv1.2"), Set.of()),
                arguments("other ciphers", only(new String[] {AES_256}, "TLSv1.3"), Set.of(), Set.of(AES_128)),
                arguments("a cipher of 1.2 for 1.3", only(null, "TLSv1.3"), Set.of("TLSv1.3"), Set.of(ECDHE_128)),
                arguments("a protocol that the JVM has disabled", only(null, "TLSv1.2"), Set.of("TLSv1.1"), Set.of()),
                arguments("an unknown protocol", only(null, "TLSv1.3"), Set.of("TLSv9"), Set.of()),
                arguments("an unknown cipher", only(null, "TLSv1.3"), Set.of(), Set.of("TLS_ROT13")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mismatches")
    void withoutCommonGroundMandatoryTlsDefers(
            String what, SSLParameters host, Set<String> protocols, Set<String> ciphers) {
        server.tlsParameters(host);
        for (TlsMode mode : new TlsMode[] {TlsMode.REQUIRED, TlsMode.VERIFY}) {
            HostResult result = deliver(tls(mode, protocols, ciphers));
            assertThat(summary(result)).as(result.toString()).isEqualTo("DEFERRED TLS");
            assertThat(result.recipients().get(0).detail()).as(what).hasSizeGreaterThan(10);
        }
        server.implicitTls(GOOD);
        HostResult result = deliver(tls(TlsMode.IMPLICIT, protocols, ciphers));
        assertThat(summary(result)).as(result.toString()).isEqualTo("DEFERRED TLS");
        assertThat(server.commands("MAIL")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mismatches")
    void withoutCommonGroundOpportunisticTlsGoesOnInPlaintextInTheSameAttempt(
            String what, SSLParameters host, Set<String> protocols, Set<String> ciphers) {
        server.tlsParameters(host);
        HostResult result = deliver(tls(TlsMode.OPPORTUNISTIC, protocols, ciphers));
        assertThat(summary(result)).as(what + ": " + result).isEqualTo("ACCEPTED END_OF_DATA");
        assertThat(result.tls()).isEmpty();
        assertThat(server.connections).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUIRED", "IMPLICIT"})
    void anUnknownNameIsTold(TlsMode mode) {
        HostResult protocol = deliver(tls(mode, Set.of("TLSv9"), Set.of()));
        assertThat(protocol.recipients().get(0).detail()).contains("TLSv9");
        HostResult cipher = deliver(tls(mode, Set.of(), Set.of("TLS_ROT13")));
        assertThat(cipher.recipients().get(0).detail()).contains("TLS_ROT13");
    }
}
