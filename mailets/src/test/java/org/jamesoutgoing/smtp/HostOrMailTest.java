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
import static org.jamesoutgoing.smtp.Mails.settings;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Host or mail? Trouble with the host defers, so that the caller asks the next one; trouble with the mail is final. Two
 * recipients; the second is the one that RCPT answers are about. In all forms of the transaction.
 */
class HostOrMailTest {

    private static final List<String> FORMS = List.of("SIZE", "PIPELINING", "CHUNKING", "PIPELINING,CHUNKING");

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    /** verb, its answer, outcome and stage of the first and of the second recipient. */
    private static final String[][] TABLE = {
        {"GREETING", "421 4.3.2 busy", "DEFERRED GREETING", "DEFERRED GREETING"},
        {"GREETING", "450 4.3.2 busy", "DEFERRED GREETING", "DEFERRED GREETING"},
        {"GREETING", "554 5.7.1 no", "DEFERRED GREETING", "DEFERRED GREETING"},
        {"GREETING", "521 no mail here", "DEFERRED GREETING", "DEFERRED GREETING"}, // RFC 7504 §4
        {"GREETING", "354 what", "DEFERRED GREETING", "DEFERRED GREETING"},
        {"GREETING", "<close>", "DEFERRED GREETING", "DEFERRED GREETING"},
        {"EHLO", "421 4.3.2 busy", "DEFERRED EHLO", "DEFERRED EHLO"},
        {"EHLO", "450 4.3.2 busy", "DEFERRED EHLO", "DEFERRED EHLO"},
        {"EHLO", "<close>", "DEFERRED EHLO", "DEFERRED EHLO"},
        {"MAIL", "421 4.3.2 busy", "DEFERRED MAIL", "DEFERRED MAIL"},
        {"MAIL", "451 4.7.1 greylisted", "DEFERRED MAIL", "DEFERRED MAIL"},
        {"MAIL", "550 5.7.1 no", "FAILED MAIL", "FAILED MAIL"},
        {"MAIL", "<close>", "DEFERRED MAIL", "DEFERRED MAIL"},
        {"MAIL", "354 what", "DEFERRED MAIL", "DEFERRED MAIL"},
        {"RCPT", "450 4.2.0 later", "ACCEPTED END_OF_DATA", "DEFERRED RCPT"},
        {"RCPT", "550 5.1.1 no such user", "ACCEPTED END_OF_DATA", "FAILED RCPT"},
        {"RCPT", "556 5.1.10 takes no mail", "ACCEPTED END_OF_DATA", "FAILED RCPT"}, // RFC 7504 §5
        {"RCPT", "599 unknown code", "ACCEPTED END_OF_DATA", "FAILED RCPT"}, // RFC 5321 §4.2
        {"RCPT", "499", "ACCEPTED END_OF_DATA", "DEFERRED RCPT"},
        {"RCPT", "421 4.3.2 busy", "DEFERRED MAIL", "DEFERRED RCPT"},
        {"RCPT", "<close>", "DEFERRED MAIL", "DEFERRED RCPT"},
        {"RCPT", "333 what", "DEFERRED MAIL", "DEFERRED RCPT"},
        {"END", "451 4.3.0 later", "DEFERRED END_OF_DATA", "DEFERRED END_OF_DATA"},
        {"END", "554 5.6.0 spam", "FAILED END_OF_DATA", "FAILED END_OF_DATA"},
        {"END", "421 4.3.2 busy", "DEFERRED END_OF_DATA", "DEFERRED END_OF_DATA"},
        {"END", "<close>", "DEFERRED END_OF_DATA", "DEFERRED END_OF_DATA"}, // unknown outcome
        {"END", "354 what", "DEFERRED END_OF_DATA", "DEFERRED END_OF_DATA"},
        {"DATA", "451 4.3.0 later", "DEFERRED DATA", "DEFERRED DATA"},
        {"DATA", "554 5.7.0 no", "FAILED DATA", "FAILED DATA"},
        {"DATA", "421 4.3.2 busy", "DEFERRED DATA", "DEFERRED DATA"},
        {"DATA", "<close>", "DEFERRED DATA", "DEFERRED DATA"},
        {"DATA", "250 taken already", "DEFERRED DATA", "DEFERRED DATA"},
    };

    static Stream<Arguments> table() {
        return Stream.of(TABLE).flatMap(row -> FORMS.stream()
                .filter(form -> !row[0].equals("DATA") || !form.contains("CHUNKING"))
                .map(form -> arguments(form, row[0], row[1], row[2], row[3])));
    }

    @ParameterizedTest(name = "{1} {2} with {0}: {3}, {4}")
    @MethodSource("table")
    void hostOrMail(String form, String verb, String answer, String first, String second) {
        server.capabilities(form.split(","));
        String spoken = verb.equals("END") ? form.contains("CHUNKING") ? "BDAT" : "DOT" : verb;
        server.on(spoken, turn -> verb.equals("RCPT") && turn.recipient() != 2 ? null : answer);

        HostResult result = deliver();

        List<String> summaries =
                result.recipients().stream().map(HostOrMailTest::summary).toList();
        assertThat(summaries).as(result.toString()).containsExactly(first, second);
        assertThat(result.connected()).isEqualTo(!verb.equals("GREETING") && !verb.equals("EHLO"));
        assertThat(result.recipients()).noneMatch(r -> r.detail().isBlank());
    }

    private static String summary(RecipientResult result) {
        return result.outcome() + " " + result.stage();
    }

    private HostResult deliver() {
        return await(client.deliver(server.host(), settings(), envelope("a@x.test", "b@x.test"), Mails.message()));
    }

    @Test
    void connectionRefusedDefers() throws Exception {
        try (ClosedPort closed = new ClosedPort()) {
            SmtpHost host = closed.host("mx.example.test");

            HostResult result = await(client.deliver(host, settings(), envelope("a@x.test"), Mails.message()));

            assertThat(summary(result.recipients().get(0))).isEqualTo("DEFERRED CONNECT");
            assertThat(result.connected()).isFalse();
        }
    }

    @Test
    void connectTimeOutDefers() throws Exception {
        // A full backlog drops further SYNs, like a black hole.
        InetAddress address = InetAddress.getByName("127.0.0.6");
        try (ServerSocket blackHole = new ServerSocket(0, 1, address);
                Socket first = new Socket(address, blackHole.getLocalPort());
                Socket second = new Socket(address, blackHole.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            SmtpHost host = new SmtpHost("mx.example.test", blackHole.getLocalPort(), List.of(address));
            ConnectionSettings impatient = Changed.of(
                    settings(),
                    "timeouts",
                    Changed.of(Timeouts.all(Mails.PATIENCE), "connect", Duration.ofMillis(200)));

            HostResult result = await(client.deliver(host, impatient, envelope("a@x.test"), Mails.message()));

            assertThat(summary(result.recipients().get(0))).isEqualTo("DEFERRED CONNECT");
            assertThat(result.connected()).isFalse();
        }
    }

    @ParameterizedTest(name = "{1} with {0}: {2}")
    @MethodSource("silences")
    void silenceDefers(String form, String verb, TransactionStage stage) {
        server.capabilities(form.split(","));
        server.on(verb, FakeSmtpServer.SILENCE);
        ConnectionSettings impatient = Changed.of(
                settings(),
                "timeouts",
                Changed.of(Timeouts.all(Duration.ofMillis(300)), "transaction", Mails.PATIENCE));

        HostResult result = await(client.deliver(server.host(), impatient, envelope("a@x.test"), Mails.message()));

        assertThat(summary(result.recipients().get(0))).isEqualTo("DEFERRED " + stage);
        assertThat(result.recipients().get(0).detail()).contains("timed out");
    }

    static Stream<Arguments> silences() {
        return FORMS.stream()
                .flatMap(form -> Stream.of(
                        arguments(form, "GREETING", TransactionStage.GREETING),
                        arguments(form, "EHLO", TransactionStage.EHLO),
                        arguments(form, "MAIL", TransactionStage.MAIL),
                        arguments(form, "RCPT", TransactionStage.RCPT),
                        arguments(form, form.contains("CHUNKING") ? "BDAT" : "DATA", end(form, TransactionStage.DATA)),
                        arguments(form, form.contains("CHUNKING") ? "BDAT" : "DOT", TransactionStage.END_OF_DATA)));
    }

    private static TransactionStage end(String form, TransactionStage otherwise) {
        return form.contains("CHUNKING") ? TransactionStage.END_OF_DATA : otherwise;
    }

    /** verb, its answer in the middle of a long message, outcome and stage. */
    static Stream<Arguments> middles() {
        return Stream.of(
                arguments("CHUNKING", "452 4.3.1 disk full", "DEFERRED BODY"),
                arguments("CHUNKING", "552 5.3.4 too big", "FAILED BODY"),
                arguments("CHUNKING", "421 4.3.2 busy", "DEFERRED BODY"),
                arguments("CHUNKING", "354 what", "DEFERRED BODY"),
                arguments("CHUNKING", "<close>", "DEFERRED BODY"),
                arguments("PIPELINING,CHUNKING", "452 4.3.1 disk full", "DEFERRED BODY"),
                arguments("PIPELINING,CHUNKING", "552 5.3.4 too big", "FAILED BODY"),
                arguments("PIPELINING,CHUNKING", "421 4.3.2 busy", "DEFERRED BODY"),
                arguments("PIPELINING,CHUNKING", "<close>", "DEFERRED BODY"),
                arguments("PIPELINING", "<close>", "DEFERRED BODY"),
                arguments("SIZE", "<close>", "DEFERRED BODY"));
    }

    @ParameterizedTest(name = "{1} in the middle with {0}: {2}")
    @MethodSource("middles")
    void inTheMiddleOfTheMessage(String form, String answer, String expected) { // RFC 3030 §2
        server.capabilities(form.split(","));
        server.on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n");
            turn.conversation().line();
            return FakeSmtpServer.CLOSE;
        });
        server.on("BDAT", answer);

        HostResult result = await(client.deliver(
                server.host(), settings(), envelope("a@x.test"), Mails.message(Mails.longText(20_000_000))));

        assertThat(summary(result.recipients().get(0))).as(result.toString()).isEqualTo(expected);
        assertThat(server.mails).isEmpty();
    }

    @Test
    void theRefusedKeepTheirOutcomeWhenTheConnectionIsLostAfterTheFinalDot() {
        server.on("RCPT", turn -> switch (turn.recipient()) {
            case 2 -> "450 4.2.1 later";
            case 4 -> "550 5.1.1 no such user";
            default -> null;
        });
        server.on("DOT", FakeSmtpServer.CLOSE);

        HostResult result = await(client.deliver(
                server.host(),
                settings(),
                envelope("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test"),
                Mails.message()));

        assertThat(result.recipients().stream().map(HostOrMailTest::summary))
                .containsExactly(
                        "DEFERRED END_OF_DATA",
                        "DEFERRED RCPT",
                        "DEFERRED END_OF_DATA",
                        "FAILED RCPT",
                        "DEFERRED END_OF_DATA");
    }

    @ParameterizedTest(name = "RFC 5321 §4.5.3.1.10: {1} with {0}")
    @MethodSource("tooMany")
    void tooManyRecipientsGoIntoANewTransactionAtOnce(String form, String answer) {
        server.capabilities(form.split(","));
        server.on("RCPT", turn -> turn.recipient() > 2 ? answer : null);

        HostResult result = await(client.deliver(
                server.host(),
                settings(),
                envelope("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test"),
                Mails.message()));

        assertThat(result.recipients()).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
        assertThat(server.mails)
                .extracting(FakeSmtpServer.Mail::to)
                .containsExactly(List.of("a@x.test", "b@x.test"), List.of("c@x.test", "d@x.test"), List.of("e@x.test"));
        assertThat(server.connections).hasValue(1);
    }

    static Stream<Arguments> tooMany() {
        return FORMS.stream()
                .flatMap(form -> Stream.of(
                        arguments(form, "452 4.5.3 too many recipients"), arguments(form, "552 too many recipients")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void withoutAnAcceptedRecipient452DefersAnd552Fails(String form) {
        server.capabilities(form.split(","));
        server.on("RCPT", turn -> turn.recipient() == 1 ? "452 4.3.1 disk full" : "552 5.2.2 mailbox full");

        assertThat(deliver().recipients().stream().map(HostOrMailTest::summary))
                .containsExactly("DEFERRED RCPT", "FAILED RCPT");
        assertThat(server.mails).isEmpty();
    }

    static Stream<String> forms() {
        return FORMS.stream();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aSuccessForARefusedRecipientIsImpossible(String form) {
        server.capabilities(form.split(","));
        server.on("RCPT", "550 5.1.1 no");
        server.on("DATA", "354 all the same");
        server.on("DOT", "250 taken");
        server.on("BDAT", "250 taken");

        assertThat(deliver().recipients().stream().map(HostOrMailTest::summary))
                .containsExactly("FAILED RCPT", "FAILED RCPT");
        // The connection is still good for the next mail.
        server.on("RCPT", "250 ok");
        assertThat(deliver().recipients()).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
        assertThat(server.connections).hasValue(1);
        assertThat(server.commands).filteredOn(line -> line.equals("RSET")).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aSuccessForARefusedSenderIsImpossible(String form) {
        server.capabilities(form.split(","));
        server.on("MAIL", "550 5.1.1 no");
        server.on("DATA", "354 all the same");

        assertThat(deliver().recipients().stream().map(HostOrMailTest::summary))
                .containsExactly("FAILED MAIL", "FAILED MAIL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"450 4.3.2 busy", "421 4.3.2 busy", "550 5.7.1 not you", "502 what", "354 what", "<close>"})
    void aHostThatRefusesHeloTooDefers(String answer) { // RFC 5321 §3.2
        server.on("EHLO", "502 5.5.1 what is that").on("HELO", answer);

        HostResult result = deliver();

        assertThat(result.recipients().stream().map(HostOrMailTest::summary))
                .containsExactly("DEFERRED EHLO", "DEFERRED EHLO");
        assertThat(result.connected()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"450 4.3.2 busy", "550 5.7.1 not you", "502 what", "<close>"})
    void ehloRefusedWithinTlsDefers(String answer) {
        server.tls(TestCertificates.server("mx.example.test")).on("EHLO", turn -> turn.tls() ? answer : null);

        HostResult result = await(client.deliver(
                server.host(),
                Changed.of(settings(), "tls", TlsSettings.of(TlsMode.REQUIRED)),
                envelope("a@x.test"),
                Mails.message()));

        assertThat(result.recipients()).as(result.toString()).allMatch(r -> r.outcome() == HostOutcome.DEFERRED);
        assertThat(server.commands("HELO")).isEmpty();
    }

    @Test
    void tlsFailureDefers() { // each kind of it: TlsTest, TlsVersionTest, ClientCertificateTest
        server.tls(TestCertificates.expired("mx.example.test"));

        HostResult result = await(client.deliver(
                server.host(),
                Changed.of(settings(), "tls", TlsSettings.of(TlsMode.VERIFY)),
                envelope("a@x.test"),
                Mails.message()));

        assertThat(summary(result.recipients().get(0))).isEqualTo("DEFERRED TLS");
    }

    @Test
    void aHostThatRefusesEhloIsAskedWithHelo() { // RFC 5321 §3.2
        server.on("EHLO", "502 5.5.1 what is that");

        assertThat(deliver().recipients()).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
        assertThat(server.commands("HELO")).containsExactly("HELO client.example.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 4.3.2 busy", "<close>", "333 what"})
    void whatIsSaidOfOneRecipientIsNotSaidOfTheOthers(String answer) { // RFC 3464 §2.3.6
        server.on("RCPT", turn -> turn.line().contains("b@") ? answer : null);

        HostResult result = await(client.deliver(
                server.host(), settings(), envelope("a@x.test", "b@x.test", "c@x.test"), Mails.message()));

        assertThat(result.recipients().stream().map(HostOrMailTest::summary))
                .containsExactly("DEFERRED MAIL", "DEFERRED RCPT", "DEFERRED MAIL");
        assertThat(result.recipients().get(0).reply()).isEmpty();
        assertThat(result.recipients().get(2).reply()).isEmpty();
        assertThat(result.recipients().get(0).detail())
                .startsWith("the connection ended at another recipient: ")
                .endsWith(result.recipients().get(1).detail());
    }
}
