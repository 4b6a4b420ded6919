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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a host sends at whatever step, in plaintext and in TLS, the mail is deferred (or failed, where the host said so),
 * soon, and never counts as delivered.
 */
class HostileHostTest {

    private static final SSLContext CERTIFICATE = TestCertificates.server("mx.example.test");
    private static final Duration SOON = Duration.ofMillis(500);
    private static final List<String> STEPS = List.of("GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT");

    private static final Map<String, Function<FakeSmtpServer.Turn, String>> ATTACKS = new LinkedHashMap<>();

    static {
        ATTACKS.put("close", turn -> FakeSmtpServer.CLOSE);
        ATTACKS.put("silence", turn -> FakeSmtpServer.SILENCE);
        ATTACKS.put("garbage", turn -> "\u0000\u0001\u0002 \u00ff\u00fe garbage");
        ATTACKS.put("an empty line", turn -> "");
        ATTACKS.put("no code", turn -> "ok, fine");
        ATTACKS.put("a two-digit code", turn -> "25 ok");
        ATTACKS.put("a four-digit code", turn -> "2500 ok");
        ATTACKS.put("a code without blank", turn -> "250ok");
        ATTACKS.put("a code of the first class", turn -> "150 ok");
        ATTACKS.put("a code of the sixth class", turn -> "650 ok");
        ATTACKS.put("refusal and success in one reply", turn -> "550-no\n250 yes");
        ATTACKS.put("250- never ended", turn -> {
            turn.conversation().sendRaw("250-go\r\n250-on\r\n");
            return FakeSmtpServer.SILENCE;
        });
        ATTACKS.put("half a line and close", turn -> {
            turn.conversation().sendRaw("250 o");
            return FakeSmtpServer.CLOSE;
        });
        ATTACKS.put("endless continuation lines", turn -> flood(turn, "250-and so on\r\n"));
        ATTACKS.put("an endless line", turn -> flood(turn, "250 and so on"));
        ATTACKS.put("endless octets", turn -> flood(turn, "\u0000\u00ff"));
        ATTACKS.put("endless line ends", turn -> flood(turn, "\r\n"));
        ATTACKS.put("one octet now and then for ever", HostileHostTest::trickle);
        ATTACKS.put("421", turn -> "421 4.3.2 go away");
    }

    private static String flood(FakeSmtpServer.Turn turn, String what) {
        String portion = what.repeat(10_000 / what.length());
        while (true) {
            turn.conversation().sendRaw(portion);
        }
    }

    private static String trickle(FakeSmtpServer.Turn turn) {
        while (true) {
            turn.conversation().sendRaw("2");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
            turn.conversation().sendRaw("50-x\r\n");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
        }
    }

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    static Stream<Arguments> attacks() {
        return ATTACKS.keySet().stream().flatMap(attack -> STEPS.stream()
                .flatMap(step -> Stream.of(false, true).map(tls -> arguments(attack, step, tls))));
    }

    @ParameterizedTest(name = "{0} at {1}, TLS: {2}")
    @MethodSource("attacks")
    void a_hostile_host_defers_the_mail_soon(String attack, String step, boolean tls) {
        if (tls) {
            server.tls(CERTIFICATE);
        }
        // Within TLS, the attack comes within TLS.
        server.on(
                step,
                turn -> tls && step.equals("EHLO") && !turn.tls()
                        ? null
                        : ATTACKS.get(attack).apply(turn));

        HostResult result = deliver(tls);

        assertThat(result.recipients()).as(result.toString()).allMatch(r -> r.verdict() == Verdict.DEFERRED);
        assertThat(result.recipients()).allMatch(r -> r.detail().length() < 5000);
    }

    private HostResult deliver(boolean tls) {
        ConnectionSettings settings = settings()
                .withTls(TlsSettings.of(tls ? TlsMode.REQUIRED : TlsMode.NONE))
                .withTimeouts(Timeouts.all(SOON).withTls(Mails.PATIENCE).withTransaction(Mails.PATIENCE));
        return await(client.deliver(server.host(), settings, envelope("a@x.test"), message()));
    }

    static Stream<Arguments> sloppiness() {
        return STEPS.stream().flatMap(step -> Stream.of("bare", "lf", "bytewise", "8bit", "long", "reordered")
                .flatMap(habit -> Stream.of(false, true).map(tls -> arguments(habit, step, tls))));
    }

    @ParameterizedTest(name = "{0} at {1}, TLS: {2}")
    @MethodSource("sloppiness")
    void a_sloppy_host_gets_its_mail(String habit, String step, boolean tls) { // RFC 5321 §4.2, "be tolerant"
        if (tls) {
            server.tls(CERTIFICATE);
        }
        server.capabilities("PIPELINING");
        server.on(step, turn -> {
            if (step.equals("EHLO") && !turn.tls() && tls) {
                return null;
            }
            String code = step.equals("GREETING") ? "220" : step.equals("DATA") ? "354" : "250";
            switch (habit) {
                case "bare":
                    return code;
                case "lf":
                    turn.conversation().sendRaw(code + "-one\n" + code + " two\n");
                    break;
                case "bytewise":
                    (code + "-one\r\n" + code + " two\r\n").chars().forEach(octet -> turn.conversation()
                            .sendRaw(String.valueOf((char) octet)));
                    break;
                case "8bit":
                    return code + " gr\u00fc\u00df Gott \u0080\u00ff";
                case "long":
                    return code + " " + "x".repeat(4000);
                default:
                    return code + "-\n" + (Integer.parseInt(code) + 1) + " another of the same class";
            }
            turn.conversation().pretend(code);
            return FakeSmtpServer.NOTHING;
        });
        assertThat(deliver(tls).recipients()).allMatch(r -> r.verdict() == Verdict.ACCEPTED);
    }

    @Test
    void replies_ahead_of_their_commands_are_no_success() {
        server.on("GREETING", turn -> {
            turn.conversation().sendRaw("220 hi\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n");
            return FakeSmtpServer.SILENCE;
        });
        assertThat(deliver(false).recipients()).allMatch(r -> r.verdict() == Verdict.DEFERRED);
    }

    @Test
    void a_success_ahead_of_the_message_is_none() {
        server.on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n250 taken\r\n");
            return FakeSmtpServer.SILENCE;
        });
        assertThat(deliver(false).recipients()).allMatch(r -> r.verdict() == Verdict.DEFERRED);
    }

    @Test
    void more_replies_than_recipients_are_no_success() {
        server.on("RCPT", "250 ok\n250 ok\n250 ok");
        HostResult result = await(client.deliver(
                server.host(),
                settings().withTimeouts(Timeouts.all(SOON)),
                envelope("a@x.test", "b@x.test"),
                message()));
        assertThat(result.recipients()).allMatch(r -> r.verdict() == Verdict.DEFERRED);
    }

    @Test
    void a_host_that_does_not_read_the_message_is_given_up() { // RFC 5321 §4.5.3.2.5
        server.capabilities("PIPELINING").on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n");
            LockSupport.parkNanos(Mails.PATIENCE.toNanos());
            return FakeSmtpServer.CLOSE;
        });
        HostResult result = await(client.deliver(
                server.host(),
                settings().withTimeouts(Timeouts.all(SOON).withTransaction(Mails.PATIENCE)),
                envelope("a@x.test"),
                message(Mails.longText(20_000_000))));
        assertThat(result.recipients().get(0).verdict()).isEqualTo(Verdict.DEFERRED);
        assertThat(result.recipients().get(0).stage()).isEqualTo(Stage.BODY);
    }

    @Test
    void a_refusal_in_the_middle_of_the_message_counts() {
        server.capabilities("PIPELINING").on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n");
            turn.conversation().line();
            turn.conversation().sendRaw("552 5.3.4 too big\r\n");
            LockSupport.parkNanos(Mails.PATIENCE.toNanos());
            return FakeSmtpServer.CLOSE;
        });
        HostResult result = await(
                client.deliver(server.host(), settings(), envelope("a@x.test"), message(Mails.longText(20_000_000))));
        assertThat(result.recipients().get(0).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(result.recipients().get(0).detail()).contains("552 5.3.4 too big");
    }

    @Test
    void the_deadline_of_a_transaction_ends_what_no_other_timeout_ends() {
        server.on("RCPT", turn -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            return null;
        });
        String[] many =
                IntStream.range(0, 100).mapToObj(i -> "a" + i + "@x.test").toArray(String[]::new);
        server.capabilities("SIZE");
        HostResult result = await(client.deliver(
                server.host(),
                settings().withTimeouts(Timeouts.all(Mails.PATIENCE).withTransaction(SOON)),
                envelope(many),
                message()));
        assertThat(result.recipients()).allMatch(r -> r.verdict() == Verdict.DEFERRED);
        assertThat(result.recipients().get(0).detail()).contains("deadline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "PIPELINING", "CHUNKING", "PIPELINING,CHUNKING"})
    void a_thousand_recipients_go_in_transactions_of_a_hundred(String form) { // RFC 5321 §4.5.3.1.8
        server.capabilities(form.split(","));
        List<String> many = new ArrayList<>();
        IntStream.range(0, 1000).forEach(i -> many.add("a" + i + "@x.test"));
        HostResult result =
                await(client.deliver(server.host(), settings(), envelope(many.toArray(String[]::new)), message()));
        assertThat(result.recipients()).hasSize(1000).allMatch(r -> r.verdict() == Verdict.ACCEPTED);
        assertThat(result.recipients()).extracting(RecipientResult::recipient).isEqualTo(many);
        assertThat(server.mails).hasSize(10).allMatch(mail -> mail.to().size() == 100);
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void what_is_read_before_tls_is_limited() {
        server.tls(CERTIFICATE).on("EHLO", turn -> {
            StringBuilder reply = new StringBuilder("250-mx\n");
            IntStream.range(0, 50)
                    .forEach(i -> reply.append("250-X").append("y".repeat(1000)).append('\n'));
            return reply + "250 STARTTLS";
        });
        ConnectionSettings strict = settings()
                .withTls(TlsSettings.of(TlsMode.REQUIRED))
                .withLimits(new ReplyLimits(4096, 256, 65536, 10_000));
        HostResult result = await(client.deliver(server.host(), strict, envelope("a@x.test"), message()));
        assertThat(result.recipients()).allMatch(r -> r.verdict() == Verdict.DEFERRED);
        assertThat(server.commands("STARTTLS")).isEmpty();
    }
}
