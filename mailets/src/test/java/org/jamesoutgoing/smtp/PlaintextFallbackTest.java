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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opportunistic TLS that failed: the mail goes on in plaintext, and what the host says to that is not the mail's fault. */
class PlaintextFallbackTest {

    private static final SSLContext CERTIFICATE = TestCertificates.server("mx.example.test");
    private static final ConnectionSettings OPPORTUNISTIC = Changed.of(settings(), "tls", TlsSettings.opportunistic());

    private final FakeSmtpServer server = new FakeSmtpServer().tls(CERTIFICATE);
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private final AtomicBoolean broken = new AtomicBoolean(true);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private RecipientResult deliver(MessageContent content) {
        return await(client.deliver(server.host(), OPPORTUNISTIC, envelope("a@x.test"), content))
                .recipients()
                .get(0);
    }

    private void handshakeFails() {
        server.on("STARTTLS", turn -> {
            if (!broken.get()) {
                return null;
            }
            turn.conversation().sendRaw("220 go ahead\r\n");
            turn.conversation().sendRaw("this is no handshake at all\r\n");
            return FakeSmtpServer.CLOSE;
        });
    }

    private void starttlsIsRefused() {
        server.on("STARTTLS", turn -> broken.get() ? "454 4.7.0 no handshake now" : null);
    }

    private void tlsFails(String how) {
        if (how.equals("handshake")) {
            handshakeFails();
        } else {
            starttlsIsRefused();
        }
    }

    @ParameterizedTest(name = "{1} {2}, {0}")
    @CsvSource({
        "handshake, MAIL, 530 5.7.0 Must issue a STARTTLS command first", // RFC 3207 §4
        "refused, MAIL, 530 Must do it",
        "handshake, MAIL, 550 encryption required",
        "handshake, RCPT, 554 encryption required",
        "handshake, RCPT, 523 5.7.10 Encryption Needed", // RFC 5248
        "handshake, RCPT, 550 5.7.1 not like this",
        "handshake, RCPT, 550 5.7.51 partner connector", // Microsoft's own
        "handshake, DATA, 554 no plaintext here",
        "handshake, DOT, 550 5.7.0 TLS required for this domain",
        "refused, DOT, 554 send it over a secure connection",
        "handshake, MAIL, 451 4.7.1 later",
        "handshake, RCPT, 421 4.7.0 closing",
    })
    void aRefusalThatAnswersOurPlaintextDefersWithBothReasons(String how, String verb, String reply) {
        tlsFails(how);
        server.on(verb, turn -> turn.tls() ? null : reply);

        RecipientResult recipient = deliver(message());

        assertThat(recipient.outcome()).as(recipient.toString()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(recipient.detail()).contains(reply).contains("(in plaintext, for TLS had failed: ");
        assertThat(recipient.reply())
                .hasValueSatisfying(last -> assertThat(last.toString()).isEqualTo(reply));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "RCPT, 550 5.1.1 no such user",
        "RCPT, 552 5.2.2 mailbox full",
        "MAIL, 550 no",
        "MAIL, 550 5.7.23 SPF validation failed", // RFC 7372
        "DOT, 554 5.6.0 spam",
    })
    void aRefusalOfTheMailIsFinalInPlaintextToo(String verb, String reply) {
        handshakeFails();
        server.on(verb, reply);

        RecipientResult recipient = deliver(message());

        assertThat(recipient.outcome()).isEqualTo(HostOutcome.FAILED);
        assertThat(recipient.detail()).isEqualTo(reply);
    }

    @Test
    void whereNoTlsWasToBeHadTheRefusalIsFinal() {
        server.on("EHLO", "250 mx.example.test").on("MAIL", "530 5.7.0 Must issue a STARTTLS command first");
        assertThat(deliver(message()).outcome()).isEqualTo(HostOutcome.FAILED);
    }

    @Test
    void whatTheHostDoesNotOfferInPlaintextItMayOfferInTls() {
        handshakeFails();
        server.capabilities("PIPELINING");
        MessageContent eightBit = message("Subject: x\r\n\r\ngr\u00fc\u00df\r\n", true);

        RecipientResult recipient = deliver(eightBit);

        assertThat(recipient.outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(recipient.status()).contains("4.7.5");
        assertThat(recipient.detail()).contains("8BITMIME").contains("(in plaintext, for TLS had failed: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"handshake", "refused"})
    void theNextTryIsANewConnectionWithTls(String how) {
        tlsFails(how);
        server.on("RCPT", turn -> turn.tls() ? null : "451 4.7.1 later");
        assertThat(deliver(message()).outcome()).isEqualTo(HostOutcome.DEFERRED);

        broken.set(false);

        assertThat(deliver(message()).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.mails).hasSize(1).allMatch(FakeSmtpServer.Mail::tls);
    }

    @Test
    void noOtherMailGetsTheConnectionInPlaintext() {
        handshakeFails();
        server.on("MAIL", turn -> {
            broken.set(false);
            return null;
        });
        ConnectionSettings one =
                Changed.of(OPPORTUNISTIC, "pool", Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1));

        List<CompletableFuture<HostResult>> results = IntStream.range(0, 5)
                .mapToObj(i -> client.deliver(server.host(), one, envelope("a@x.test"), message()))
                .toList();

        assertThat(results).allSatisfy(result -> assertThat(await(result).recipients())
                .allMatch(recipient -> recipient.outcome() == HostOutcome.ACCEPTED));
        assertThat(server.mails.stream().filter(mail -> !mail.tls())).hasSize(1);
        assertThat(server.mails).hasSize(5);
        assertThat(server.connections).hasValue(3);
    }

    @Test
    void aHostThatGreetsNobodyInPlaintextIsToldOfWithBothReasons() {
        handshakeFails();
        server.on("EHLO", turn -> turn.connection() > 1 ? "554 5.7.1 no" : null).on("HELO", "554 5.7.1 no");

        RecipientResult recipient = deliver(message());

        assertThat(recipient.stage()).isEqualTo(TransactionStage.EHLO);
        assertThat(recipient.detail()).contains("554 5.7.1 no").contains("(in plaintext, for TLS had failed: ");
    }

    @Test
    void aRecipientIsNotUnknownForWantOfTls() {
        handshakeFails();
        server.on("RCPT", "550 encryption required");
        try (RecipientInquirer inquirer = new RecipientInquirer(Runnable::run)) {
            RecipientAnswer answer = inquirer.ask(server.host(), OPPORTUNISTIC, "user@example.test")
                    .orTimeout(Mails.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            assertThat(answer).isInstanceOf(RecipientAnswer.Undecided.class);
        }
    }
}
