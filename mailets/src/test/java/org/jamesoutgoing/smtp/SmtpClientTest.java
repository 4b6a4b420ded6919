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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mails that arrive. */
class SmtpClientTest {

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "CHUNKING", "PIPELINING CHUNKING", "SIZE"})
    void aMailIsDeliveredWhateverIsOffered(String offered) {
        server.capabilities(offered.split(" "));

        HostResult result =
                await(client.deliver(server.host(), settings(), envelope("a@x.test", "b@x.test"), message()));

        assertThat(result.connected()).isTrue();
        assertThat(result.recipients())
                .extracting(RecipientResult::outcome)
                .containsExactly(HostOutcome.ACCEPTED, HostOutcome.ACCEPTED);
        assertThat(server.mails)
                .containsExactly(new FakeSmtpServer.Mail(
                        "sender@example.test",
                        List.of("a@x.test", "b@x.test"),
                        "Subject: hello\r\n\r\nworld\r\n",
                        false,
                        1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "CHUNKING", "PIPELINING CHUNKING", "SIZE"})
    void aLongMessageArrivesAsItWasSent(String offered) {
        server.capabilities(offered.split(" "));
        String text = Mails.longText(5_000_000);

        HostResult result = await(client.deliver(server.host(), settings(), envelope("a@x.test"), message(text)));

        assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.mails.get(0).body()).isEqualTo(text);
    }
}
