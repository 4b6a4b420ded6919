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

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection that died while it was idle costs the next mail no attempt, however it died. */
class IdleDeathTest {

    private static final SSLContext CERTIFICATE = TestCertificates.server("mx.example.test");

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    static Stream<Arguments> deaths() {
        return Stream.of("closed at the next command", "421 at the next command", "garbage at the next command")
                .flatMap(death -> Stream.of("SIZE", "PIPELINING", "PIPELINING,CHUNKING")
                        .flatMap(form -> Stream.of(false, true).map(tls -> arguments(death, form, tls))));
    }

    private CompletableFuture<HostResult> deliver(boolean tls) {
        return client.deliver(
                server.host(),
                Changed.of(settings(), "tls", TlsSettings.of(tls ? TlsMode.REQUIRED : TlsMode.NONE)),
                envelope("a@x.test"),
                message());
    }

    private static void accepted(CompletableFuture<HostResult> result) {
        RecipientResult recipient = await(result).recipients().get(0);
        assertThat(recipient.outcome()).as(recipient.toString()).isEqualTo(HostOutcome.ACCEPTED);
    }

    @ParameterizedTest(name = "{0}, {1}, TLS: {2}")
    @MethodSource("deaths")
    void foundOutByTheNextCommand(String death, String form, boolean tls) {
        server.capabilities(form.split(",", -1)).tls(CERTIFICATE);
        AtomicBoolean dead = new AtomicBoolean();
        server.on("MAIL", turn -> {
            if (!dead.get() || turn.connection() > 5) {
                return null;
            }
            return switch (death) {
                case "closed at the next command" -> FakeSmtpServer.CLOSE;
                case "421 at the next command" -> {
                    turn.conversation().sendRaw("421 4.4.2 idle too long\r\n");
                    yield FakeSmtpServer.CLOSE;
                }
                default -> {
                    turn.conversation().sendPlain("\u0000garbage\r\n");
                    yield FakeSmtpServer.CLOSE;
                }
            };
        });
        // Five connections, all of which die.
        AtomicInteger together = new AtomicInteger();
        server.on("EHLO", turn -> {
            if (turn.connection() <= 5) {
                together.incrementAndGet();
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> together.get() >= 5);
            }
            return null;
        });
        IntStream.range(0, 5).mapToObj(i -> deliver(tls)).toList().forEach(IdleDeathTest::accepted);
        assertThat(client.statistics()).isEqualTo(new PoolStatistics(5, 5, 0, 5));
        dead.set(true);

        IntStream.range(0, 5).mapToObj(i -> deliver(tls)).toList().forEach(IdleDeathTest::accepted);

        assertThat(server.connections).hasValueBetween(6, 10);
        assertThat(server.mails).hasSize(10).allMatch(mail -> mail.tls() == tls);
    }

    static Stream<Arguments> noticedDeaths() {
        return Stream.of("FIN", "RST", "421", "a reply to nothing", "garbage")
                .flatMap(death -> Stream.of(false, true).map(tls -> arguments(death, tls)));
    }

    @ParameterizedTest(name = "{0}, TLS: {1}")
    @MethodSource("noticedDeaths")
    void noticedAtOnce(String death, boolean tls) throws IOException {
        server.tls(CERTIFICATE);
        FakeSmtpConversation[] conversation = new FakeSmtpConversation[1];
        server.on("DOT", turn -> {
            conversation[0] = turn.conversation();
            return null;
        });
        accepted(deliver(tls));
        assertThat(client.statistics().idle()).isEqualTo(1);
        switch (death) {
            case "FIN" -> server.dropConnections();
            case "RST" -> {
                for (Socket socket : List.copyOf(server.sockets)) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
            }
            case "421" -> conversation[0].sendRaw("421 4.4.2 idle too long\r\n");
            case "a reply to nothing" -> conversation[0].sendRaw("250 2.0.0 for the next mail\r\n");
            default -> conversation[0].sendPlain("\u0000garbage\r\n");
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.statistics().open() == 0);

        accepted(deliver(tls));

        assertThat(server.connections).hasValue(2);
        assertThat(server.mails).hasSize(2);
    }
}
