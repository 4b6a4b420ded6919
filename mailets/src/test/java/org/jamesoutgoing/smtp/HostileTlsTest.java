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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody between the host and us, or a host that is no better (RFC 3207 §6). */
class HostileTlsTest {

    private static final SSLContext CERTIFICATE = TestCertificates.server("mx.example.test");
    private static final Duration SOON = Duration.ofMillis(500);

    /** What comes instead of a handshake. */
    private static final Map<String, Function<FakeSmtpServer.Turn, String>> HANDSHAKES = new LinkedHashMap<>();

    static {
        HANDSHAKES.put("close", go("", FakeSmtpServer.CLOSE));
        HANDSHAKES.put("silence", go("", FakeSmtpServer.SILENCE));
        HANDSHAKES.put("garbage", go("\u0000\u0001 what handshake\r\n", FakeSmtpServer.SILENCE));
        HANDSHAKES.put("an SMTP reply", go("250 injected\r\n", FakeSmtpServer.SILENCE));
        HANDSHAKES.put("half a record", go("\u0016\u0003\u0003@\u0000\u0002", FakeSmtpServer.SILENCE));
        HANDSHAKES.put("half a record and close", go("\u0016\u0003\u0003@\u0000\u0002", FakeSmtpServer.CLOSE));
        HANDSHAKES.put("a fatal alert", go("\u0015\u0003\u0003\u0000\u0002\u0002(", FakeSmtpServer.SILENCE));
        HANDSHAKES.put("a warning", go("\u0015\u0003\u0003\u0000\u0002\u0001\u0000", FakeSmtpServer.SILENCE));
        HANDSHAKES.put("application data", go("\u0017\u0003\u0003\u0000\u0003abc", FakeSmtpServer.SILENCE));
        HANDSHAKES.put("endless records", turn -> {
            turn.conversation().sendRaw("220 go ahead\r\n");
            while (true) {
                turn.conversation().sendRaw("\u0016\u0003\u0003@\u0000" + "x".repeat(0x4000));
            }
        });
    }

    private static Function<FakeSmtpServer.Turn, String> go(String octets, String end) {
        return turn -> {
            turn.conversation().sendRaw("220 go ahead\r\n");
            // Not in the same segment: that is another wall, and TlsTest has it.
            assertThat(turn.conversation().wireOctet()).isEqualTo(0x16);
            turn.conversation().sendRaw(octets);
            return end;
        };
    }

    private final FakeSmtpServer server = new FakeSmtpServer().tls(CERTIFICATE);
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private CompletableFuture<HostResult> submit(TlsMode mode) {
        // So that only the time-out of a step itself can end it while the test waits.
        ConnectionSettings settings = Changed.of(
                settings(),
                "tls",
                TlsSettings.of(mode),
                "timeouts",
                Changed.of(Timeouts.all(SOON), "transaction", Duration.ofDays(1)));
        return client.deliver(server.host(), settings, envelope("a@x.test"), message());
    }

    private RecipientResult deliver(TlsMode mode) {
        return await(submit(mode)).recipients().get(0);
    }

    static Stream<Arguments> handshakes() {
        return HANDSHAKES.keySet().stream()
                .flatMap(what -> Stream.of(TlsMode.REQUIRED, TlsMode.OPPORTUNISTIC, TlsMode.IMPLICIT)
                        .map(mode -> arguments(what, mode)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("handshakes")
    void whatComesInsteadOfAHandshakeEndsItByItsOwnTimeout(String what, TlsMode mode) {
        Function<FakeSmtpServer.Turn, String> handshake = HANDSHAKES.get(what);
        if (mode.implicit()) {
            server.on("GREETING", handshake);
        }
        server.on("STARTTLS", handshake);

        RecipientResult result = deliver(mode);

        if (mode == TlsMode.OPPORTUNISTIC) {
            assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
            assertThat(server.mails).noneMatch(FakeSmtpServer.Mail::tls);
        } else {
            assertThat(result.outcome() + " " + result.stage())
                    .as(result.toString())
                    .isEqualTo("DEFERRED TLS");
            assertThat(server.mails).isEmpty();
        }
    }

    @Test
    void nothingLeavesBetweenStarttlsAndTheHandshake() {
        List<String> trouble = new CopyOnWriteArrayList<>();
        server.capabilities("PIPELINING", "CHUNKING").on("STARTTLS", turn -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            if (turn.conversation().hasMore()) {
                trouble.add("more behind STARTTLS");
            }
            turn.conversation().sendRaw("220 go ahead\r\n");
            int first = turn.conversation().wireOctet();
            if (first != 0x16) {
                trouble.add("not a handshake record but " + first);
            }
            return FakeSmtpServer.CLOSE;
        });
        // More mails than connections, so that some wait to travel behind.
        List<CompletableFuture<HostResult>> results =
                IntStream.range(0, 50).mapToObj(i -> submit(TlsMode.REQUIRED)).toList();
        assertThat(results).allMatch(result -> await(result).recipients().get(0).outcome() == HostOutcome.DEFERRED);
        assertThat(trouble).isEmpty();
        assertThat(server.commands).allMatch(line -> line.startsWith("EHLO") || line.equals("STARTTLS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA", "DOT"})
    void plaintextWithinTlsIsNoReply(String step) {
        server.on(step, turn -> {
            if (!turn.tls()) {
                return null;
            }
            turn.conversation().sendPlain(step.equals("DATA") ? "354 go ahead\r\n" : "250 2.0.0 ok\r\n");
            return FakeSmtpServer.SILENCE;
        });
        assertThat(deliver(TlsMode.REQUIRED).outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(server.mails).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA", "DOT"})
    void garbageWithinTlsIsNoReply(String step) {
        server.on(step, turn -> {
            if (!turn.tls()) {
                return null;
            }
            turn.conversation().sendPlain("\u0017\u0003\u0003\u0000 " + "x".repeat(32));
            return FakeSmtpServer.SILENCE;
        });
        assertThat(deliver(TlsMode.REQUIRED).outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(server.mails).isEmpty();
    }

    @Test
    void whatIsOfferedOnlyWithinTlsCounts() { // RFC 3207 §4.2
        server.on(
                "EHLO",
                turn -> turn.tls()
                        ? "250-mx\r\n250-STARTTLS\r\n250-CHUNKING\r\n250-DSN\r\n250 SIZE 1000"
                        : "250-mx\r\n250-STARTTLS\r\n250 SIZE 1");
        assertThat(deliver(TlsMode.REQUIRED).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands("BDAT")).hasSize(1);
        // Offered again, as an attacker may: there is no TLS in TLS.
        assertThat(server.commands("STARTTLS")).hasSize(1);
    }

    @Test
    void authOfferedOnlyBeforeTlsIsNotUsed() { // RFC 3207 §4.2
        server.on("EHLO", turn -> turn.tls() ? "250 mx" : "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN");
        ConnectionSettings settings = Changed.of(
                settings(),
                "tls",
                TlsSettings.of(TlsMode.REQUIRED),
                "credentials",
                Credentials.password("user", () -> "x"));
        RecipientResult result = await(client.deliver(server.host(), settings, envelope("a@x.test"), message()))
                .recipients()
                .get(0);
        assertThat(result.outcome() + " " + result.stage()).isEqualTo("DEFERRED AUTH");
        assertThat(server.commands("AUTH")).isEmpty();
    }
}
