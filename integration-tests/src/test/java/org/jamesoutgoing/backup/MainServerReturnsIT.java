/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamesoutgoing.backup.Stranger.backupRoute;
import static org.jamesoutgoing.backup.Stranger.soon;

import java.time.Duration;
import java.util.List;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.Test;

/** The main server, a real Postfix, is down for a while: its mail waits here, and leaves when it is back. */
@NeedsPostfix
class MainServerReturnsIT {

    private static final int MAILS = 1000;
    private static final String WAITING = "durable://var/mail/outgoing-waiting";

    @Test
    void allWaitingMailLeavesWithinAMinuteOfItsReturnWhateverTheResendDelays() throws Exception {
        int port = FreePort.choose();
        try (ReceivingServer elsewhere = ReceivingServer.start();
                JamesServer james = JamesServer.start(
                        Stranger.james(elsewhere, backupRoute("main.test", "ask", "127.0.0.1:" + port, ""))
                                .outgoing("<relayHosts>" + Stranger.place(elsewhere)
                                        + "</relayHosts><resendDelays>4h</resendDelays>"))) {
            try (SmtpSender stranger = james.smtp()) {
                for (int i = 0; i < MAILS; i++) {
                    String recipient = "user" + i + "@main.test";
                    stranger.send(
                            "someone@elsewhere.test",
                            List.of(recipient),
                            TestMessage.text("someone@elsewhere.test", "mail " + i, "Hello.\r\n"));
                }
            }
            soon().untilAsserted(() -> assertThat(james.repositoryKeys(WAITING)).hasSize(MAILS));

            try (PostfixServer main = PostfixServer.start("127.0.0.1", port)) {
                await().atMost(Patience.LIMIT)
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> assertThat(main.allMails()).hasSize(MAILS));
                soon().untilAsserted(
                                () -> assertThat(james.repositoryKeys(WAITING)).isEmpty());
                for (int i = 0; i < MAILS; i += 97) {
                    assertThat(main.mailsTo("user" + i + "@main.test")).hasSize(1);
                }
            }
        }
    }
}
