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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A host that has read enough of a message says so and goes, while more of it is on its way: what it said counts, whether our
 * next write or our next read is the first to learn that it has gone. It is a race, so each way is gone many times.
 */
class RefusalInTheMiddleTest {

    private static final int MAILS = 30;
    private static final MessageContent LONG = message(Mails.longText(12_000_000));
    private static final SSLContext CERTIFICATE = TestCertificates.server("mx.example.test");

    /** How it goes. */
    enum Leave {
        /** With octets unread: RST. */
        CLOSE,
        FIN,
        RST
    }

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    static Stream<Arguments> ways() {
        return Stream.of("PIPELINING", "PIPELINING CHUNKING").flatMap(form -> Stream.of(false, true)
                .flatMap(tls -> Stream.of(Leave.values()).map(leave -> arguments(form, tls, leave))));
    }

    @ParameterizedTest(name = "{2} with {0}, TLS: {1}")
    @MethodSource("ways")
    void aRefusalInTheMiddleOfAMessageIsNeverLost(String form, boolean tls, Leave leave) {
        server.capabilities(form.split(" ")).on("DATA", turn -> {
            turn.conversation().sendRaw("354 go\r\n");
            return refuse(turn, leave);
        });
        if (form.contains("CHUNKING")) {
            server.on("CHUNK", turn -> refuse(turn, leave));
        }
        if (tls) {
            server.tls(CERTIFICATE);
        }
        ConnectionSettings settings =
                Changed.of(settings(), "tls", TlsSettings.of(tls ? TlsMode.REQUIRED : TlsMode.NONE));

        List<CompletableFuture<HostResult>> results = IntStream.range(0, MAILS)
                .mapToObj(i -> client.deliver(server.host(), settings, envelope("a@x.test"), LONG))
                .toList();

        assertThat(results)
                .extracting(result -> await(result).recipients().get(0))
                .allSatisfy(recipient -> {
                    assertThat(recipient.outcome()).as(recipient.toString()).isEqualTo(HostOutcome.FAILED);
                    assertThat(recipient.stage()).isEqualTo(TransactionStage.BODY);
                    assertThat(recipient.reply()).hasValueSatisfying(reply -> assertThat(reply.code())
                            .isIn(552, 554));
                });
    }

    @ParameterizedTest(name = "{0}, then {1}")
    @CsvSource({
        "552 5.3.4 too big, <close>, FAILED",
        "554 5.6.0 spam, 421 4.3.2 closing, FAILED",
        "554 5.6.0 spam, what, FAILED",
        "554 5.6.0 spam, 250 taken, FAILED",
        "452 4.3.1 disk full, <close>, DEFERRED"
    })
    void aRefusedChunkDecidesWhateverIsSaidToThoseBehindIt( // RFC 3030 §2
            String refusal, String after, HostOutcome outcome) {
        AtomicInteger chunks = new AtomicInteger();
        server.capabilities("PIPELINING", "CHUNKING")
                .on("BDAT", turn -> chunks.incrementAndGet() == 1 ? refusal : after);

        RecipientResult recipient = await(client.deliver(server.host(), settings(), envelope("a@x.test"), LONG))
                .recipients()
                .get(0);

        assertThat(recipient.outcome()).as(recipient.toString()).isEqualTo(outcome);
        assertThat(recipient.detail()).isEqualTo(refusal);
    }

    private static String refuse(FakeSmtpServer.Turn turn, Leave leave) {
        FakeSmtpConversation conversation = turn.conversation();
        conversation.skip(20_000);
        conversation.sendRaw(turn.connection() % 2 == 0 ? "552 5.3.4 too big\r\n" : "554 5.6.0 spam\r\n");
        switch (leave) {
            case FIN -> conversation.halfClose();
            case RST -> conversation.reset();
            case CLOSE -> {}
        }
        return FakeSmtpServer.CLOSE;
    }
}
