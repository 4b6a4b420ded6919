/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.junit.jupiter.api.Test;

class JamesProcessIT {

    @Test
    void killedAndStartedAgainItDeliversWhatLayInItsQueue() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.GREETING, Answer.stall());
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .user("alice@james.test", "secret")
                    .outgoing("<outgoing>outgoing</outgoing><gateway>127.0.0.1</gateway><gatewayPort>" + receiver.port()
                            + "</gatewayPort>");
            try (JamesProcess james = JamesProcess.prepare(setup)) {
                james.start();
                assertThat(james.webadmin("GET", "/users", "").body()).contains("alice@james.test");
                try (SmtpSender smtp = james.smtp()) {
                    smtp.send("alice@james.test", List.of("bob@example.org"), "Subject: 1\r\n\r\nHello\r\n");
                }
                await().atMost(Patience.LIMIT)
                        .until(() -> receiver.connections().size() == 1);

                james.kill();
                assertThat(james.running()).isFalse();
                receiver.acceptAll();
                james.start();

                await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(receiver.mailsTo("bob@example.org"))
                        .hasSize(1));
                james.stop();
            }
        }
    }
}
