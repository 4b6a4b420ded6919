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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that are most often broken, as far as no other test of this package has them. */
class ProtocolRulesTest {

    private static final Duration SOON = Duration.ofMillis(300);

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private RecipientResult deliver(ConnectionSettings settings, MessageContent content) {
        return await(client.deliver(server.host(), settings, envelope("a@x.test"), content))
                .recipients()
                .get(0);
    }

    @Test
    void theTimeOutsAreThoseOfRfc5321() { // §4.5.3.2
        Timeouts defaults = Timeouts.defaults();
        assertThat(defaults.greeting()).isEqualTo(Duration.ofMinutes(5));
        assertThat(defaults.mail()).isEqualTo(Duration.ofMinutes(5));
        assertThat(defaults.rcpt()).isEqualTo(Duration.ofMinutes(5));
        assertThat(defaults.dataInitiation()).isEqualTo(Duration.ofMinutes(2));
        assertThat(defaults.dataBlock()).isEqualTo(Duration.ofMinutes(3));
        assertThat(defaults.dataTermination()).isEqualTo(Duration.ofMinutes(10));
    }

    private static Arguments row(String form, String verb, TransactionStage stage, UnaryOperator<Timeouts> shorter) {
        return arguments(form, verb, stage, shorter);
    }

    static Stream<Arguments> timeouts() {
        return Stream.of(
                row("PIPELINING", "GREETING", TransactionStage.GREETING, t -> Changed.of(t, "greeting", SOON)),
                row("PIPELINING", "EHLO", TransactionStage.EHLO, t -> Changed.of(t, "helo", SOON)),
                row("PIPELINING", "MAIL", TransactionStage.MAIL, t -> Changed.of(t, "mail", SOON)),
                row("PIPELINING", "RCPT", TransactionStage.RCPT, t -> Changed.of(t, "rcpt", SOON)),
                row("PIPELINING", "DATA", TransactionStage.DATA, t -> Changed.of(t, "dataInitiation", SOON)),
                row("PIPELINING", "DOT", TransactionStage.END_OF_DATA, t -> Changed.of(t, "dataTermination", SOON)),
                row("CHUNKING", "BDAT", TransactionStage.BODY, t -> Changed.of(t, "dataBlock", SOON)));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("timeouts")
    void eachStepHasATimeOutOfItsOwn( // RFC 5321 §4.5.3.2
            String form, String verb, TransactionStage stage, UnaryOperator<Timeouts> shorter) {
        server.capabilities(form).on(verb, FakeSmtpServer.SILENCE);
        ConnectionSettings settings =
                Changed.of(settings(), "timeouts", shorter.apply(Timeouts.all(Duration.ofMinutes(5))));

        RecipientResult result = deliver(settings, message(Mails.longText(200_000)));

        assertThat(result.outcome() + " " + result.stage()).isEqualTo("DEFERRED " + stage);
        assertThat(result.detail()).contains("timed out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "STARTTLS", "AUTH", "DATA", "QUIT"})
    void nothingFollowsACommandThatEndsItsGroupBeforeItsReply(String verb) { // RFC 2920 §3.1
        List<String> trouble = new CopyOnWriteArrayList<>();
        server.capabilities("PIPELINING", "AUTH PLAIN")
                .tls(TestCertificates.server("mx.example.test"))
                .on("AUTH", "235 2.7.0 ok")
                .on(verb, turn -> {
                    if (!turn.tls()) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                        if (turn.conversation().hasMore()) {
                            trouble.add(turn.line());
                        }
                    }
                    return verb.equals("AUTH") ? "235 2.7.0 ok" : null;
                });
        ConnectionSettings settings = Changed.of(
                settings(),
                "tls",
                verb.equals("STARTTLS") ? TlsSettings.opportunistic() : TlsSettings.of(TlsMode.NONE),
                "cleartextAuth",
                true,
                "credentials",
                Credentials.password("user", () -> "x"),
                "pool",
                Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1, "maxMailsPerConnection", 3));
        List<CompletableFuture<HostResult>> results = IntStream.range(0, 3)
                .mapToObj(i -> client.deliver(server.host(), settings, envelope("a@x.test"), message()))
                .toList();
        results.forEach(
                result -> assertThat(await(result).recipients()).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED));
        assertThat(trouble).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PIPELINING,DATA,BDAT", "PIPELINING CHUNKING,BDAT,DATA", "CHUNKING,BDAT,DATA", "SIZE,DATA,BDAT"})
    void bdatAndDataAreNotMixed(String form, String used, String unused) { // RFC 3030 §2
        server.capabilities(form.split(" ", -1));
        server.on("RCPT", turn -> turn.mail() == 2 ? "450 4.2.1 later" : null);
        for (int octets : new int[] {10, 1000, 200_000}) {
            deliver(settings(), message(Mails.longText(octets)));
        }
        assertThat(server.mails).hasSize(2);
        assertThat(server.commands(used)).isNotEmpty();
        assertThat(server.commands(unused)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING,CHUNKING,8BITMIME", "CHUNKING,8BITMIME", "8BITMIME"})
    void eightBitNeedsBody8bitmimeWithBdatToo(String form) { // RFC 3030 §4, RFC 6152 §3
        server.capabilities(form.split(",", -1));
        String text = "Subject: x\r\n\r\ngr\u00fc\u00df\r\n";
        assertThat(deliver(settings(), message(text, true)).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands("MAIL")).allMatch(line -> line.endsWith(" BODY=8BITMIME"));
        assertThat(server.mails.get(0).body()).isEqualTo(text);
    }

    @Test
    void without8bitmimeChunkingDoesNotCarryEightBit() { // RFC 3030 §4
        server.capabilities("PIPELINING", "CHUNKING");
        RecipientResult result = deliver(settings(), message("Subject: x\r\n\r\ngr\u00fc\u00df\r\n", true));
        assertThat(result.outcome()).isEqualTo(HostOutcome.UNSUITABLE);
        assertThat(server.commands("MAIL")).isEmpty();
    }

    @ParameterizedTest(name = "{1} refused with {0}")
    @CsvSource({
        "PIPELINING CHUNKING,RCPT",
        "PIPELINING CHUNKING,MAIL",
        "CHUNKING,RCPT",
        "PIPELINING,RCPT",
        "PIPELINING,MAIL",
        "SIZE,RCPT"
    })
    void noOctetOfAMessageLeavesBeforeARecipientWasAccepted(
            String form, String verb) { // guarantee 7 of mailets/README.md
        // A host that does not swallow the chunk runs what is in it.
        String smuggled = "Subject: x\r\n\r\nMAIL FROM:<forged@x.test>\r\nRCPT TO:<victim@x.test>\r\n";
        server.capabilities(form.split(" "))
                .on("CHUNK", "503 5.5.1 no recipients")
                .on(verb, "550 5.7.1 no");
        ConnectionSettings one =
                Changed.of(settings(), "pool", Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1));

        // Alone, with the envelope behind another mail's, and longer than a chunk.
        List<CompletableFuture<HostResult>> results = Stream.of(
                        message(smuggled),
                        message(smuggled),
                        message(smuggled),
                        message(smuggled + Mails.longText(200_000)))
                .map(content -> client.deliver(server.host(), one, envelope("a@x.test", "b@x.test"), content))
                .toList();

        assertThat(results).allSatisfy(result -> assertThat(await(result).recipients())
                .allMatch(r -> r.outcome() == HostOutcome.FAILED && r.stage() == TransactionStage.valueOf(verb)));
        client.close();
        assertThat(server.commands("BDAT")).isEmpty();
        assertThat(server.commands)
                .allMatch(line -> line.matches("EHLO .*|(MAIL FROM:<sender@|RCPT TO:<[ab]@).*|DATA|RSET|QUIT"));
        assertThat(server.connections).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING CHUNKING", "CHUNKING"})
    void noOctetOfAMessageLeavesWhileTheRepliesToRcptAreAwaited(String form) { // guarantee 7 of mailets/README.md
        List<String> early = new CopyOnWriteArrayList<>();
        server.capabilities(form.split(" ")).on("RCPT", turn -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            if (turn.recipient() == 2 && turn.conversation().hasMore()) {
                early.add(turn.conversation().line());
            }
            return null;
        });
        HostResult result =
                await(client.deliver(server.host(), settings(), envelope("a@x.test", "b@x.test"), message()));
        assertThat(result.recipients()).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
        assertThat(early).isEmpty();
    }

    @Test
    void a354AfterEveryRcptFailedGetsTheLoneDot() { // RFC 2920 §3.1
        List<String> bodies = new CopyOnWriteArrayList<>();
        server.capabilities("PIPELINING").on("RCPT", "550 5.1.1 no such user").on("DATA", turn -> {
            turn.conversation().sendRaw("354 go ahead\r\n");
            bodies.add(turn.conversation().line());
            return "554 5.5.1 no valid recipients";
        });
        assertThat(deliver(settings(), message()).stage()).isEqualTo(TransactionStage.RCPT);
        assertThat(bodies).containsExactly(".");
    }
}
