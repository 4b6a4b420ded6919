/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.nothingIsLeft;
import static org.jamesoutgoing.delivering.Soon.soon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thousand mails for one next hop do not open more connections than one next hop may have. */
class ConnectionLimitIT {

    private static final String ALICE = "alice@james.test";
    private static final int MAILS = 1000;
    private static final int LIMIT = 20;

    @ParameterizedTest
    @EnumSource(Queue.class)
    void aThousandMailsHaveNoMoreThanTwentyConnectionsAtATime(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start();
                JamesServer james = JamesServer.start(JamesSetup.james()
                        .queue(queue)
                        .user(ALICE, "secret")
                        .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"))) {
            // So slow that more connections would be faster.
            receiver.answer(Stage.MESSAGE, Answer.after(Duration.ofMillis(100), Answer.accept()));
            List<String> recipients = new ArrayList<>();
            try (SmtpSender smtp = james.smtp()) {
                for (int i = 0; i < MAILS; i++) {
                    recipients.add("many" + i + "@domain" + i % 7 + ".test");
                    smtp.send(ALICE, List.of(recipients.get(i)), TestMessage.text(ALICE, "test " + i, "Hello.\r\n"));
                }
            }

            soon().untilAsserted(() -> assertThat(receiver.mails()).hasSize(MAILS));
            nothingIsLeft(james, "outgoing");
            assertThat(receiver.mails())
                    .flatExtracting(ReceivedMail::recipients)
                    .containsExactlyInAnyOrderElementsOf(recipients);
            assertThat(receiver.mostConnectionsAtOnce()).isBetween(2, LIMIT);
            // One that has carried 100 mails, or none for 15 s, is closed, and another may take its place.
            assertThat(receiver.connections().size()).isLessThanOrEqualTo(LIMIT + MAILS / 100);
        }
    }
}
