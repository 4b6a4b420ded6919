/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.Test;

/** RemoteDelivery stops on ActiveMQ once 200 mails wait, and none behind them can be removed. */
class ManyWaitingIT {

    private static final int WAITING = 1000;
    private static final String ROOM = "/mailRepositories/var%2Fmail%2Foutgoing-waiting/mails";

    private static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(100));
    }

    @Test
    void aThousandDeferredMailsOnActiveMqDoNotDelayANewOneEachCanBeRetriedAndDeletedAndNoneIsGivenUpUntried()
            throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "waits", Answer.reply("450 4.2.1 not now"));
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                            + "<resendDelays>1h</resendDelays>");
            try (JamesServer james = JamesServer.start(setup)) {
                try (SmtpSender smtp = james.smtp()) {
                    for (int i = 0; i < WAITING; i++) {
                        smtp.send(
                                "a@james.test",
                                List.of("waits" + i + "@far.test"),
                                "Subject: " + i + "\r\n\r\nHello\r\n");
                    }
                }
                soon().untilAsserted(() -> assertThat(waiting(james)).hasSize(WAITING));

                james.send("a@james.test", "new@far.test");
                soon().untilAsserted(() ->
                        assertThat(receiver.mailsTo("new@far.test")).hasSize(1));

                receiver.acceptAll();
                String retried = waiting(james).get(998);
                String deleted = waiting(james).get(997);
                assertThat(james.webadmin("DELETE", ROOM + "/" + encoded(deleted))
                                .statusCode())
                        .isEqualTo(204);
                james.webadmin("PATCH", ROOM + "/" + encoded(retried) + "?action=reprocess&queue=outgoing");
                soon().untilAsserted(() -> assertThat(receiver.mails()).hasSize(2));
                soon().untilAsserted(() ->
                        assertThat(waiting(james)).hasSize(WAITING - 2).doesNotContain(retried, deleted));

                // More than there is room for is past its lifetime at once: each has its last attempt.
                james.webadmin("PUT", "/outgoing/routes/*", "{\"queueLifetime\": \"1s\"}");
                soon().untilAsserted(() -> assertThat(waiting(james)).isEmpty());
                assertThat(receiver.mails()).hasSize(WAITING);
            }
        }
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    private static List<String> waiting(JamesServer james) throws Exception {
        return james.repositoryKeys("durable://var/mail/outgoing-waiting");
    }
}
