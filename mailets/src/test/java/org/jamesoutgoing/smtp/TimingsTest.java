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
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the time of a mail went. */
class TimingsTest {

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private long elapsed;

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Timings deliver(TlsMode tls) {
        long start = System.nanoTime();
        HostResult result = await(client.deliver(
                server.host(), Changed.of(settings(), "tls", TlsSettings.of(tls)), envelope("a@x.test"), message()));
        elapsed = System.nanoTime() - start;
        return result.timings();
    }

    private void isWithinTheWhole(Timings timings) {
        assertThat(timings.connect().plus(timings.tls()).plus(timings.transaction()))
                .isLessThanOrEqualTo(Duration.ofNanos(elapsed));
    }

    @Test
    void aNewConnectionTakesTimeAndOneThatIsThereTakesNone() {
        Timings first = deliver(TlsMode.NONE);
        isWithinTheWhole(first);
        assertThat(first.connect()).isPositive();
        assertThat(first.tls()).isZero();
        assertThat(first.transaction()).isPositive();

        Timings second = deliver(TlsMode.NONE);
        isWithinTheWhole(second);
        assertThat(second.connect()).isZero();
        assertThat(second.transaction()).isPositive();
    }

    @Test
    void aHandshakeIsNoPartOfTheTimeToConnect() {
        server.tls(TestCertificates.server("mx.example.test"));
        Timings timings = deliver(TlsMode.REQUIRED);
        isWithinTheWhole(timings);
        assertThat(timings.connect()).isPositive();
        assertThat(timings.tls()).isPositive();
    }

    @Test
    void implicitTlsIsAHandshakeToo() {
        server.implicitTls(TestCertificates.server("mx.example.test"));
        assertThat(deliver(TlsMode.IMPLICIT).tls()).isPositive();
    }

    @Test
    void aHostThatRefusesHasTakenTimeToo() {
        server.on("GREETING", "421 4.3.2 not now");
        Timings refused = deliver(TlsMode.NONE);
        isWithinTheWhole(refused);
        assertThat(refused.connect()).isPositive();
        assertThat(refused.transaction()).isZero();
    }

    @Test
    void aTransactionThatLosesItsConnectionHasTakenTimeToo() {
        server.on("RCPT", turn -> {
            server.dropConnections();
            return "250 2.1.5 ok";
        });
        Timings lost = deliver(TlsMode.NONE);
        isWithinTheWhole(lost);
        assertThat(lost.transaction()).isPositive();
    }

    @Test
    void whatFailsBeforeItIsSentTakesNone() {
        HostResult result = await(client.deliver(server.host(), settings(), envelope("a\r\n@x.test"), message()));
        assertThat(result.timings()).isEqualTo(Timings.NONE);
    }
}
