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

import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mail that comes in by JMAP (RFC 8621) goes out as mail that comes in by SMTP does. */
class JmapIT {

    private static final String ALICE = "alice@james.test";

    @ParameterizedTest
    @EnumSource(Queue.class)
    void aSubmittedMailReachesTheRemoteServerAndItsRefusalTheSender(Queue queue) throws Exception { // RFC 8621 §7.5
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "nobody@", Answer.reply("550 5.1.1 no such user"));
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .protocols(Protocol.SMTP, Protocol.JMAP)
                    .user(ALICE, "secret")
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>");
            try (JamesServer james = JamesServer.start(setup)) {
                new JmapUser(james, ALICE, "secret").submit("bob@example.org", "nobody@example.org");

                soon().untilAsserted(() ->
                        assertThat(receiver.mailsTo("bob@example.org")).hasSize(1));
                ReceivedMail mail = receiver.mailsTo("bob@example.org").get(0);
                assertThat(mail.sender()).isEqualTo(ALICE);
                assertThat(mail.header("Subject")).isEqualTo("by JMAP");
                assertThat(mail.text()).contains("Hello");
                soon().untilAsserted(() -> assertThat(Dsn.about("nobody@example.org", james, ALICE))
                        .hasSize(1));
                nothingIsLeft(james, "outgoing");
            }
        }
    }
}
