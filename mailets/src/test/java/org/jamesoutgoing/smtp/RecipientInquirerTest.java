/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Would you take mail for this recipient? */
class RecipientInquirerTest {

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final RecipientInquirer inquirer = new RecipientInquirer(Runnable::run);

    @AfterEach
    void stop() {
        inquirer.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "SIZE"})
    void theQuestionIsARecipientFromTheNullSenderAndNoMessage(String capability) {
        server.capabilities(capability);
        assertThat(ask("user@example.test")).isEqualTo(new RecipientAnswer.Taken());
        await(() -> !server.commands("QUIT").isEmpty());
        assertThat(server.commands.stream().filter(line -> !line.startsWith("EHLO")))
                .containsExactly("MAIL FROM:<>", "RCPT TO:<user@example.test>", "RSET", "QUIT");
        assertThat(server.mails).isEmpty();
    }

    @Test
    void onlyARefusalOfTheRecipientForGoodIsANo() {
        server.on("RCPT", "550 5.1.1 no such user");
        assertThat(ask("user@example.test"))
                .isEqualTo(new RecipientAnswer.Refused(Reply.of(550, "5.1.1 no such user")));
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 450 4.2.1 greylisted",
        "RCPT, 452 4.5.3 too many",
        "RCPT, 552 5.5.3 too many", // RFC 5321 §4.5.3.1.10
        "RCPT, 421 4.3.2 closing",
        "RCPT, 354 what",
        "MAIL, 550 5.7.1 no bounces here",
        "MAIL, 451 4.3.0 not now"
    })
    void anyOtherReplyDecidesNothing(String verb, String reply) {
        server.on(verb, reply);
        assertThat(ask("user@example.test")).isInstanceOf(RecipientAnswer.Undecided.class);
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING, 554 5.3.2 no SMTP here",
        "GREETING, 421 4.3.2 busy",
        "EHLO, <close>",
        "MAIL, <close>",
        "RCPT, <close>"
    })
    void aHostThatDoesNotComeToTheRecipientIsNotReached(String verb, String reply) {
        server.on(verb, reply);
        assertThat(ask("user@example.test")).isInstanceOf(RecipientAnswer.Unreachable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT"})
    void aHostThatIsSilentIsGivenUpInTime(String verb) {
        server.on(verb, FakeSmtpServer.SILENCE);
        ConnectionSettings hasty = Changed.of(settings(), "timeouts", Timeouts.all(Duration.ofMillis(300)));
        assertThat(ask(server.host(), hasty, "user@example.test")).isInstanceOf(RecipientAnswer.Unreachable.class);
    }

    @Test
    void aHostThatIsDownIsNotReached() throws IOException {
        try (ClosedPort closed = new ClosedPort()) {
            assertThat(ask(closed.host("mx.example.test"), settings(), "user@example.test"))
                    .isInstanceOf(RecipientAnswer.Unreachable.class);
        }
        assertThat(ask(new SmtpHost("mx.example.test", 25, List.of()), settings(), "user@example.test"))
                .isInstanceOf(RecipientAnswer.Unreachable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b>\r\nDATA", "a b@example.test", "a@b> <c@d", ""})
    void nothingButAnAddressGoesOnTheWire(String recipient) {
        assertThat(ask(recipient)).isInstanceOf(RecipientAnswer.Undecided.class);
        assertThat(server.connections).hasValue(0);
    }

    @Test
    void aClosedInquirerAnswersToo() {
        inquirer.close();
        assertThat(ask("user@example.test")).isInstanceOf(RecipientAnswer.Unreachable.class);
    }

    private RecipientAnswer ask(String recipient) {
        return ask(server.host(), settings(), recipient);
    }

    private RecipientAnswer ask(SmtpHost host, ConnectionSettings settings, String recipient) {
        return inquirer.ask(host, settings, recipient)
                .orTimeout(Mails.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Mails.PATIENCE).until(condition);
    }
}
