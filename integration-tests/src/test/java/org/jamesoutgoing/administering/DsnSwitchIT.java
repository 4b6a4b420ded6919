/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which failure messages are sent, changed through webadmin. */
class DsnSwitchIT {

    private static final String ALICE = "alice@james.test";

    @ParameterizedTest
    @EnumSource(Queue.class)
    void aSwitchCountsForMailThatWaitsAlready(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, Answer.reply("450 4.2.1 not now"));
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .user(ALICE, "secret")
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                            + "<resendDelays>1h</resendDelays>");
            try (JamesServer james = JamesServer.start(setup)) {
                QueuedMails mails = new QueuedMails(james);
                james.send(ALICE, "bob@quiet.test");
                james.send(ALICE, "bob@told.test");
                soon().untilAsserted(
                                () -> assertThat(mails.list("?state=deferred")).hasSize(2));

                assertThat(mails.webadmin()
                                .put("/outgoing/routes/quiet.test", "{\"failureDsn\": \"off\"}")
                                .status())
                        .isEqualTo(201);
                receiver.answer(Stage.RCPT, Answer.reply("550 5.1.1 no such user"));
                mails.endOfTask("/outgoing/queue?action=retry&all=true");

                soon().untilAsserted(() -> {
                    assertThat(mails.states()).isEmpty();
                    assertThat(mails.webadmin().get("/outgoing").at("/0/notices"))
                            .isEqualTo("0");
                    assertThat(james.inbox(ALICE)).hasSize(1);
                });
                ByteArrayOutputStream told = new ByteArrayOutputStream();
                james.inbox(ALICE).get(0).writeTo(told);
                assertThat(told.toString(StandardCharsets.UTF_8))
                        .contains("Final-Recipient: rfc822; bob@told.test")
                        .doesNotContain("quiet.test");
            }
        }
    }
}
