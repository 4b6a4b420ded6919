/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.james.queue.activemq.EmbeddedActiveMQ;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.Test;

/** What monitoring sees when something under the service fails, and that it sees when it works again. */
class HealthTroubleIT {

    private static final String ALICE = "alice@james.test";
    private static final String CHECK = "/healthcheck/checks/Outgoing%20mail";

    private static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(200));
    }

    private static JamesSetup setup(String parameters) {
        return JamesSetup.james()
                .protocols(JamesSetup.Protocol.SMTP, JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .user(ALICE, "secret")
                .outgoing(parameters);
    }

    private static void assertSaid(Webadmin webadmin, String status, String cause) {
        soon().untilAsserted(() -> {
            Webadmin.Answer answer = webadmin.get(CHECK);
            assertThat(answer.at("/status")).as(answer.body()).isEqualTo(status);
            assertThat(answer.at("/cause")).contains(cause);
            assertThat(answer.status()).isEqualTo(status.equals("unhealthy") ? 503 : 200);
        });
    }

    private static void assertHealthy(Webadmin webadmin) {
        soon().untilAsserted(() -> {
            Webadmin.Answer answer = webadmin.get(CHECK);
            assertThat(answer.at("/status")).as(answer.body()).isEqualTo("healthy");
        });
    }

    @Test
    void withoutItsWaitingRoomAServiceIsUnhealthyUntilItIsBackWithTheMail() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "bob@example.org", Answer.reply("451 4.3.0 not now"), 1);
            String parameters =
                    "<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts><resendDelays>1s</resendDelays>";
            try (JamesServer james = JamesServer.start(setup(parameters))) {
                Webadmin webadmin = new Webadmin(james.webadminPort());
                assertHealthy(webadmin);
                Path room = james.workingDirectory().resolve("var/mail/outgoing-waiting");
                Path away = room.resolveSibling("away");

                Files.move(room, away);
                james.send(ALICE, "bob@example.org");

                assertSaid(webadmin, "unhealthy", "the waiting room fails: ");
                assertSaid(webadmin, "unhealthy", "what became of 1 mail cannot be written down: ");

                Files.move(away, room);
                soon().untilAsserted(() ->
                        assertThat(receiver.mailsTo("bob@example.org")).hasSize(1));
                assertHealthy(webadmin);
            }
        }
    }

    @Test
    void aDamagedStoreIsSaidWhileTheRoutesOfBeforeCount() throws Exception {
        try (JamesServer james = JamesServer.start(setup("<relayHosts>127.0.0.1</relayHosts>"))) {
            Webadmin webadmin = new Webadmin(james.webadminPort());
            assertThat(webadmin.put("/outgoing/routes/example.org", "{\"suspended\": true}")
                            .status())
                    .isEqualTo(201);
            assertSaid(webadmin, "degraded", "queue outgoing: delivery is suspended, routes: example.org");
            assertThat(webadmin.send("DELETE", "/outgoing/routes/example.org", "")
                            .status())
                    .isEqualTo(204);
            assertHealthy(webadmin);
            Path store = james.workingDirectory().resolve("var/outgoing-routes.json");
            byte[] good = Files.readAllBytes(store);

            Files.writeString(store, "no JSON");
            assertSaid(webadmin, "degraded", "stores: the routes of before count: ");

            Files.write(store, good);
            assertHealthy(webadmin);
        }
    }

    @Test
    void withoutItsBrokerAServiceIsUnhealthy() throws Exception {
        try (JamesServer james =
                JamesServer.start(setup("<relayHosts>127.0.0.1</relayHosts>").queue(JamesSetup.Queue.ACTIVEMQ))) {
            Webadmin webadmin = new Webadmin(james.webadminPort());
            assertHealthy(webadmin);

            james.get(EmbeddedActiveMQ.class).stop();

            assertSaid(webadmin, "unhealthy", "the outgoing queue cannot be read: ");
        }
    }
}
