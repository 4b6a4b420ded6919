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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that keep us waiting give way to others. */
class GiveUpLongestWaitsTest {

    private final FakeSmtpServer silent = new FakeSmtpServer();
    private final FakeSmtpServer other = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        silent.close();
        other.close();
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Mails.PATIENCE).pollInterval(Duration.ofMillis(5));
    }

    private CompletableFuture<HostResult> deliver(FakeSmtpServer to) {
        return client.deliver(to.host(), settings(), envelope("a@x.test"), message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
    void aHostThatIsSilentBeforeTheMessageIsGivenUp(String verb) {
        silent.capabilities("SIZE").on(verb, FakeSmtpServer.NOTHING);
        CompletableFuture<HostResult> result = deliver(silent);
        soon().until(() -> {
            client.giveUpLongestWaits(1, Duration.ofMillis(300));
            return result.isDone();
        });
        assertThat(await(result).givenUp()).isTrue();
        assertThat(await(result).recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.outcome()).isEqualTo(HostOutcome.DEFERRED);
            assertThat(recipient.detail()).contains("other mail needed the place");
        });
        soon().until(() -> client.statistics().open() == 0);
    }

    /** RFC 5321 §4.5.3.2.6: nobody knows whether the host has taken the message. */
    @Test
    void aHostThatHasTheWholeMessageIsNotGivenUp() {
        silent.capabilities("SIZE").on("DOT", FakeSmtpServer.NOTHING);
        CompletableFuture<HostResult> result = deliver(silent);
        soon().until(() -> !silent.commands("DATA").isEmpty());
        soon().during(Duration.ofMillis(500)).until(() -> {
            client.giveUpLongestWaits(1, Duration.ofMillis(300));
            return !result.isDone();
        });
    }

    @Test
    void theLongestWaitGoesFirstAndAShortOneStays() {
        silent.on("GREETING", FakeSmtpServer.NOTHING);
        other.on("GREETING", FakeSmtpServer.NOTHING);
        CompletableFuture<HostResult> first = deliver(silent);
        soon().until(() -> client.statistics().open() == 1);
        CompletableFuture<HostResult> second = deliver(other);
        soon().until(() -> client.statistics().open() == 2);
        client.giveUpLongestWaits(2, Duration.ofMinutes(1));
        client.giveUpLongestWaits(1, Duration.ZERO);
        assertThat(await(first).givenUp()).isTrue();
        assertThat(second).isNotDone();
    }

    /** What went over the connection before gives this mail no second one: the place is for others. */
    @Test
    void aMailOnAConnectionThatWasUsedBeforeIsGivenUpAsWell() {
        silent.capabilities("SIZE").on("MAIL", turn -> turn.mail() == 1 ? null : FakeSmtpServer.NOTHING);
        assertThat(await(deliver(silent)).givenUp()).isFalse();
        CompletableFuture<HostResult> result = deliver(silent);
        soon().until(() -> {
            client.giveUpLongestWaits(1, Duration.ofMillis(300));
            return result.isDone();
        });
        assertThat(await(result).givenUp()).isTrue();
        assertThat(await(result).recipients().get(0).outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(silent.commands("EHLO")).hasSize(1);
    }

    @Test
    void aConnectionWithoutWorkIsNobodysWait() {
        assertThat(await(deliver(other)).givenUp()).isFalse();
        soon().until(() -> client.statistics().idle() == 1);
        client.giveUpLongestWaits(10, Duration.ZERO);
        assertThat(await(deliver(other)).recipients().get(0).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(Stream.of(other.commands("EHLO"))).singleElement().satisfies(ehlo -> assertThat(ehlo)
                .hasSize(1));
    }
}
