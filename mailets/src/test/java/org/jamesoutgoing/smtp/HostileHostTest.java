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

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
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
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a host sends at whatever step, in plaintext and in TLS, the mail is deferred (or failed, where the host said so),
 * soon, and never counts as delivered.
 */
class HostileHostTest {

    private static final SSLContext CERTIFICATE = TestCertificates.server("mx.example.test");
    private static final Duration SOON = Duration.ofMillis(500);
    private static final List<String> STEPS =
            List.of("GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "DOT", "BDAT");

    /** Beyond the time-out of a step: what a busy machine may take, for connecting and TLS, too. */
    private static final Duration ENOUGH = Duration.ofSeconds(10);

    /** Octets that the client's threads may allocate for one mail whatever the host does, TLS included. */
    private static final long MUCH = 16L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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
        ATTACKS.put("a line of 10 MB", turn -> {
            IntStream.range(0, 1000).forEach(i -> turn.conversation().sendRaw("250 x".repeat(2000)));
            return "250 ok";
        });
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
        return ATTACKS.keySet().stream()
                .flatMap(attack -> STEPS.stream().flatMap(step -> ways(step).map(tls -> arguments(attack, step, tls))));
    }

    /** Without TLS and with it; there is a greeting in TLS, too (RFC 8314 §3.3). */
    private static Stream<Boolean> ways(String step) {
        return step.equals("STARTTLS") ? Stream.of(true) : Stream.of(false, true);
    }

    @ParameterizedTest(name = "{0} at {1}, TLS: {2}")
    @MethodSource("attacks")
    void aHostileHostDefersTheMailSoon(String attack, String step, boolean tls) {
        prepare(step, tls);
        // Within TLS, the attack comes within TLS.
        server.on(
                step,
                turn -> tls && step.equals("EHLO") && !turn.tls()
                        ? null
                        : ATTACKS.get(attack).apply(turn));
        long start = System.nanoTime();

        HostResult result = deliver(step, tls);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ENOUGH);
        assertThat(result.recipients()).as(result.toString()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
        assertThat(result.recipients()).allMatch(r -> r.detail().length() < 5000);
        assertThat(allocatedByClient()).isLessThan(MUCH);
    }

    /** A host that has the step in its dialogue. */
    private void prepare(String step, boolean tls) {
        if (tls && step.equals("GREETING")) {
            server.implicitTls(CERTIFICATE);
        } else if (tls) {
            server.tls(CERTIFICATE);
        }
        switch (step) {
            case "AUTH" -> server.capabilities("PIPELINING", "AUTH PLAIN");
            case "BDAT" -> server.capabilities("PIPELINING", "CHUNKING");
            default -> server.capabilities("PIPELINING");
        }
    }

    private HostResult deliver(boolean tls) {
        return deliver("", tls);
    }

    private HostResult deliver(String step, boolean tls) {
        TlsMode mode = step.equals("GREETING") ? TlsMode.IMPLICIT : TlsMode.REQUIRED;
        ConnectionSettings settings = Changed.of(
                settings(),
                "tls",
                TlsSettings.of(tls ? mode : TlsMode.NONE),
                "timeouts",
                Changed.of(Timeouts.all(SOON), "tls", Mails.PATIENCE, "transaction", Mails.PATIENCE));
        if (step.equals("AUTH")) {
            settings =
                    Changed.of(settings, "cleartextAuth", true, "credentials", Credentials.password("user", () -> "x"));
        }
        return await(client.deliver(server.host(), settings, envelope("a@x.test"), message()));
    }

    /** Of this test's client: the one before it has no threads any more. */
    private static long allocatedByClient() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("smtp-client"))
                .mapToLong(thread -> Math.max(0, THREADS.getThreadAllocatedBytes(thread.getId())))
                .sum();
    }

    static Stream<Arguments> sloppiness() {
        return STEPS.stream().flatMap(step -> Stream.of("bare", "lf", "bytewise", "8bit", "long", "reordered")
                .flatMap(habit -> ways(step).map(tls -> arguments(habit, step, tls))));
    }

    @ParameterizedTest(name = "{0} at {1}, TLS: {2}")
    @MethodSource("sloppiness")
    void aSloppyHostGetsItsMail(String habit, String step, boolean tls) { // RFC 5321 §4.2, "be tolerant"
        prepare(step, tls);
        server.on(step, turn -> {
            if (step.equals("EHLO") && !turn.tls() && tls) {
                return null;
            }
            String code =
                    switch (step) {
                        case "GREETING", "STARTTLS" -> "220";
                        case "AUTH" -> "235";
                        case "DATA" -> "354";
                        default -> "250";
                    };
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
        assertThat(deliver(step, tls).recipients()).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
    }

    static Stream<Arguments> ahead() {
        return Stream.of("GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA")
                .flatMap(step -> Stream.of("SIZE", "PIPELINING")
                        .flatMap(form -> ways(step).map(tls -> arguments(step, form, tls))));
    }

    @ParameterizedTest(name = "at {0} with {1}, TLS: {2}")
    @MethodSource("ahead")
    void aSuccessAheadOfItsCommandIsNone(String step, String form, boolean tls) {
        prepare(step, tls);
        server.capabilities(form, "AUTH PLAIN");
        server.on(step, turn -> {
            boolean before = tls && step.equals("EHLO") && !turn.tls();
            String code =
                    switch (step) {
                        case "GREETING", "STARTTLS" -> "220";
                        case "AUTH" -> "235";
                        case "DATA" -> "354";
                        default -> "250";
                    };
            return before ? null : code + " ok\r\n250 2.0.0 and the next one, too";
        });
        assertThat(deliver(step, tls).recipients()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
        assertThat(server.mails).isEmpty();
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void repliesAheadOfTheirCommandsAreNoSuccess() {
        server.on("GREETING", turn -> {
            turn.conversation().sendRaw("220 hi\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n");
            return FakeSmtpServer.SILENCE;
        });
        assertThat(deliver(false).recipients()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
    }

    @Test
    void aSuccessAheadOfTheMessageIsNone() {
        server.on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n250 taken\r\n");
            return FakeSmtpServer.SILENCE;
        });
        assertThat(deliver(false).recipients()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
    }

    @Test
    void moreRepliesThanRecipientsAreNoSuccess() {
        server.on("RCPT", "250 ok\n250 ok\n250 ok");
        HostResult result = await(client.deliver(
                server.host(),
                Changed.of(settings(), "timeouts", Timeouts.all(SOON)),
                envelope("a@x.test", "b@x.test"),
                message()));
        assertThat(result.recipients()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
    }

    @Test
    void aHostThatDoesNotReadTheMessageIsGivenUp() { // RFC 5321 §4.5.3.2.5
        server.capabilities("PIPELINING").on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n");
            LockSupport.parkNanos(Mails.PATIENCE.toNanos());
            return FakeSmtpServer.CLOSE;
        });
        HostResult result = await(client.deliver(
                server.host(),
                Changed.of(settings(), "timeouts", Changed.of(Timeouts.all(SOON), "transaction", Mails.PATIENCE)),
                envelope("a@x.test"),
                message(Mails.longText(20_000_000))));
        assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(result.recipients().get(0).stage()).isEqualTo(TransactionStage.BODY);
    }

    @Test
    void aRefusalInTheMiddleOfTheMessageCounts() {
        server.capabilities("PIPELINING").on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n");
            turn.conversation().line();
            turn.conversation().sendRaw("552 5.3.4 too big\r\n");
            LockSupport.parkNanos(Mails.PATIENCE.toNanos());
            return FakeSmtpServer.CLOSE;
        });
        HostResult result = await(
                client.deliver(server.host(), settings(), envelope("a@x.test"), message(Mails.longText(20_000_000))));
        assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.FAILED);
        assertThat(result.recipients().get(0).detail()).contains("552 5.3.4 too big");
    }

    @Test
    void theDeadlineOfATransactionEndsWhatNoOtherTimeoutEnds() {
        server.on("RCPT", turn -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            return null;
        });
        String[] many =
                IntStream.range(0, 100).mapToObj(i -> "a" + i + "@x.test").toArray(String[]::new);
        server.capabilities("SIZE");
        HostResult result = await(client.deliver(
                server.host(),
                Changed.of(settings(), "timeouts", Changed.of(Timeouts.all(Mails.PATIENCE), "transaction", SOON)),
                envelope(many),
                message()));
        assertThat(result.recipients()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
        assertThat(result.recipients().get(0).detail()).contains("deadline");
    }

    @ParameterizedTest
    @CsvSource({
        "SIZE,false", "PIPELINING,false", "CHUNKING,false", "PIPELINING CHUNKING,false",
        "SIZE,true", "PIPELINING,true", "CHUNKING,true", "PIPELINING CHUNKING,true"
    })
    void aThousandRecipientsGoInTransactionsOfAHundred(String form, boolean tls) { // RFC 5321 §4.5.3.1.8
        server.capabilities(form.split(" "));
        if (tls) {
            server.tls(CERTIFICATE);
        }
        List<String> many = new ArrayList<>();
        IntStream.range(0, 1000).forEach(i -> many.add("a" + i + "@x.test"));
        HostResult result = await(client.deliver(
                server.host(),
                Changed.of(settings(), "tls", TlsSettings.opportunistic()),
                envelope(many.toArray(String[]::new)),
                message()));
        assertThat(result.tls().isPresent()).isEqualTo(tls);
        assertThat(result.recipients()).hasSize(1000).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
        assertThat(result.recipients()).extracting(RecipientResult::recipient).isEqualTo(many);
        assertThat(server.mails).hasSize(10).allMatch(mail -> mail.to().size() == 100);
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void whatIsReadBeforeTlsIsLimited() {
        server.tls(CERTIFICATE).on("EHLO", turn -> {
            StringBuilder reply = new StringBuilder("250-mx\n");
            IntStream.range(0, 50)
                    .forEach(i -> reply.append("250-X").append("y".repeat(1000)).append('\n'));
            return reply + "250 STARTTLS";
        });
        ConnectionSettings strict = Changed.of(
                settings(),
                "tls",
                TlsSettings.of(TlsMode.REQUIRED),
                "limits",
                new ReplyLimits(4096, 256, 65536, 10_000));
        HostResult result = await(client.deliver(server.host(), strict, envelope("a@x.test"), message()));
        assertThat(result.recipients()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
        assertThat(server.commands("STARTTLS")).isEmpty();
    }
}
