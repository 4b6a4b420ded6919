/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import com.fasterxml.jackson.databind.JsonNode;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.Test;

/** What monitoring sees at James's own {@code GET /healthcheck}. */
class HealthIT {

    private static final String ALICE = "alice@james.test";
    private static final String CHECK = "/healthcheck/checks/Outgoing%20mail";

    private static JamesServer james(String parameters) throws Exception {
        return JamesServer.start(JamesSetup.james()
                .protocols(JamesSetup.Protocol.SMTP, JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .user(ALICE, "secret")
                .outgoing(parameters));
    }

    /** What the check says of itself among all. */
    private static JsonNode amongAll(Webadmin webadmin) throws Exception {
        for (JsonNode check : webadmin.get("/healthcheck").json().get("checks")) {
            if (check.get("componentName").asText().equals("Outgoing mail")) {
                return check;
            }
        }
        throw new AssertionError("there is no check of outgoing mail: "
                + webadmin.get("/healthcheck").body());
    }

    @Test
    void aFullQueueIsUnhealthyUntilThereIsRoomAgain() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "bob@example.org", Answer.reply("451 4.3.0 not now"));
            try (JamesServer james = james(
                    "<maxQueueMails>1</maxQueueMails><relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>")) {
                QueuedMails mails = new QueuedMails(james);
                Webadmin webadmin = mails.webadmin();
                JsonNode healthy = amongAll(webadmin);
                assertThat(healthy.get("status").asText())
                        .as(healthy.toString())
                        .isEqualTo("healthy");

                james.send(ALICE, "bob@example.org");

                soon().untilAsserted(() -> {
                    JsonNode full = amongAll(webadmin);
                    assertThat(full.get("status").asText()).isEqualTo("unhealthy");
                    assertThat(full.get("cause").asText())
                            .contains("queue outgoing: ")
                            .contains("the queue is full: 1 of 1 mail");
                });
                assertThat(webadmin.get(CHECK).status()).isEqualTo(503);

                soon().until(() -> mails.count("deferred") == 1);
                mails.done("bob@example.org", "delete");

                soon().untilAsserted(() ->
                        assertThat(amongAll(webadmin).get("status").asText()).isEqualTo("healthy"));
            }
        }
    }

    @Test
    void aSuspendedServiceIsDegradedAndSaysWhy() throws Exception {
        try (JamesServer james = james("<enabled>false</enabled>")) {
            Webadmin webadmin = new Webadmin(james.webadminPort());

            Webadmin.Answer answer = webadmin.get(CHECK);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.at("/status")).isEqualTo("degraded");
            assertThat(answer.at("/cause")).isEqualTo("queue outgoing: delivery is suspended: enabled=false");
        }
    }
}
