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

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** James stops when it is told to, whatever the servers do that it is talking to, and loses nothing by it. */
class CleanStopIT {

    private static final String ALICE = "alice@james.test";
    /** What the service takes at most, and what James takes for itself. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final List<Stage> STAGES =
            List.of(Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.MESSAGE);

    @TempDir
    Path working;

    private final Map<Stage, ReceivingServer> receivers = new EnumMap<>(Stage.class);

    @BeforeEach
    void start() throws Exception {
        for (Stage stage : STAGES) {
            ReceivingServer receiver = ReceivingServer.start();
            receiver.answer(stage, Answer.stall());
            receivers.put(stage, receiver);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (ReceivingServer receiver : receivers.values()) {
            receiver.close();
        }
    }

    private JamesSetup setup() {
        StringBuilder routes = new StringBuilder("<routes>");
        receivers.forEach((stage, receiver) -> routes.append("<route domain=\"")
                .append(domain(stage))
                .append("\"><relayHosts>127.0.0.1:")
                .append(receiver.port())
                .append("</relayHosts></route>"));
        return JamesSetup.james()
                .queue(Queue.ACTIVEMQ)
                .protocols(Protocol.SMTP)
                .file("outgoing-routes.xml", routes.append("</routes>").toString())
                .outgoing("<resendDelays>1s</resendDelays>");
    }

    private static String domain(Stage stage) {
        return "stalls-at-" + stage.name().toLowerCase(Locale.ROOT) + ".test";
    }

    private static String recipient(Stage stage) {
        return "bob@" + domain(stage);
    }

    @Test
    void aStopDoesNotWaitForServersThatStallAtWhateverStage() throws Exception {
        Instant told;
        try (JamesServer james = JamesServer.start(setup(), working)) {
            for (Stage stage : STAGES) {
                james.send(ALICE, recipient(stage));
            }
            soon().untilAsserted(() -> assertThat(receivers.values())
                    .allSatisfy(
                            receiver -> assertThat(receiver.openConnections()).isPositive()));
            told = Instant.now();
        }
        assertThat(Duration.between(told, Instant.now())).isLessThan(LIMIT);

        receivers.values().forEach(ReceivingServer::acceptAll);
        try (JamesServer james = JamesServer.start(setup(), working)) {
            soon().untilAsserted(() -> {
                for (Stage stage : STAGES) {
                    assertThat(receivers.get(stage).mailsTo(recipient(stage)))
                            .as(stage.name())
                            .isNotEmpty();
                }
            });
            nothingIsLeft(james, "outgoing");
            for (Stage stage : STAGES) {
                assertThat(receivers.get(stage).mailsTo(recipient(stage)))
                        .as("%s: once, for no final dot was left without a reply that the server counted", stage)
                        .hasSize(1);
            }
        }
    }
}
