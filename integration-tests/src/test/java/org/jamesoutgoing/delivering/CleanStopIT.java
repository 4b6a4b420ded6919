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
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * James stops when it is told to, whatever the servers do that it is talking to, and loses nothing by it. Each of them
 * stalls at another stage; one connection to each is allowed, so that one mail is on the wire and the others wait.
 */
class CleanStopIT {

    private static final String ALICE = "alice@james.test";
    private static final int MAILS = 3;
    /** Some ten seconds for the service, and some for James, on a slow machine; the shortest time-out of a host is 2 minutes. */
    private static final Duration LIMIT = Duration.ofSeconds(100);

    private static final List<Stage> STAGES =
            List.of(Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.MESSAGE);

    private static final String SLOW = "slow.test";
    /** The slow server's, after the final dot: there is time for it while James stops. */
    private static final Duration SLOWNESS = Duration.ofSeconds(4);

    @TempDir
    Path working;

    private final Map<Stage, ReceivingServer> receivers = new EnumMap<>(Stage.class);
    private ReceivingServer slow;

    @BeforeEach
    void start() throws Exception {
        for (Stage stage : STAGES) {
            ReceivingServer receiver = ReceivingServer.start();
            receiver.answer(stage, Answer.stall());
            receivers.put(stage, receiver);
        }
        slow = ReceivingServer.start();
        slow.answer(Stage.MESSAGE, Answer.after(SLOWNESS, Answer.accept()));
    }

    @AfterEach
    void stop() throws Exception {
        for (ReceivingServer receiver : receivers.values()) {
            receiver.close();
        }
        slow.close();
    }

    private JamesSetup setup() {
        StringBuilder routes = new StringBuilder("<routes>");
        receivers.forEach((stage, receiver) -> routes.append(route(domain(stage), receiver)));
        return JamesSetup.james()
                .queue(Queue.ACTIVEMQ)
                .protocols(Protocol.SMTP)
                .stopsInItsOwnTime()
                .file(
                        "outgoing-routes.xml",
                        routes.append(route(SLOW, slow)).append("</routes>").toString())
                .outgoing("<resendDelays>1s</resendDelays><connectionsPerNextHop>1</connectionsPerNextHop>");
    }

    private static String route(String domain, ReceivingServer receiver) {
        return "<route domain=\"" + domain + "\"><relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts></route>";
    }

    private static String domain(Stage stage) {
        return "stalls-at-" + stage.name().toLowerCase(Locale.ROOT) + ".test";
    }

    private static String recipient(Stage stage, int i) {
        return "bob" + i + "@" + domain(stage);
    }

    @Test
    void theServerStopsInTimeAndAfterItsStartEachMailIsDeliveredOnce() throws Exception {
        Instant told;
        try (JamesServer james = JamesServer.start(setup(), working)) {
            send(james.smtp());
            told = Instant.now();
        }
        Duration stalled = Duration.between(told, Instant.now());
        assertWhatHasBecomeOfTheMailsAtTheStop();

        receivers.values().forEach(ReceivingServer::acceptAll);
        try (JamesServer james = JamesServer.start(setup(), working)) {
            eachMailArrivesOnce();
            nothingIsLeft(james, "outgoing");
            told = Instant.now();
        }
        assertInTime(stalled, Duration.between(told, Instant.now()));
    }

    @Test
    void theProcessEndsInTimeAtSigtermAndAfterItsStartEachMailIsDeliveredOnce() throws Exception {
        try (JamesProcess james = JamesProcess.prepare(setup(), working)) {
            james.start();
            send(james.smtp());
            Instant told = Instant.now();
            james.stop();
            Duration stalled = Duration.between(told, Instant.now());
            assertWhatHasBecomeOfTheMailsAtTheStop();

            receivers.values().forEach(ReceivingServer::acceptAll);
            james.start();
            eachMailArrivesOnce();
            told = Instant.now();
            james.stop();
            assertInTime(stalled, Duration.between(told, Instant.now()));
        }
    }

    /** Sends all mails, and waits until each server has come to its stage. */
    private void send(SmtpSender smtp) throws Exception {
        try (smtp) {
            String message = TestMessage.text(ALICE, "test", "Hello.\r\n");
            for (Stage stage : STAGES) {
                for (int i = 0; i < MAILS; i++) {
                    smtp.send(ALICE, List.of(recipient(stage, i)), message);
                }
            }
            soon().untilAsserted(() -> receivers.forEach((stage, receiver) ->
                    assertThat(isReached(stage, receiver)).as(stage.name()).isTrue()));
            smtp.send(ALICE, List.of("bob@" + SLOW), message);
            soon().untilAsserted(() -> assertThat(slow.mails()).hasSize(1));
        }
    }

    private static boolean isReached(Stage stage, ReceivingServer receiver) {
        return switch (stage) {
            case GREETING -> receiver.openConnections() > 0;
            case MESSAGE -> !receiver.mails().isEmpty();
            default -> receiver.connections().stream()
                    .flatMap(connection -> connection.commands().stream())
                    .anyMatch(command -> command.line().startsWith(stage.name()));
        };
    }

    private void assertWhatHasBecomeOfTheMailsAtTheStop() {
        assertThat(receivers.values()).allSatisfy(receiver -> {
            assertThat(receiver.mails()).noneMatch(mail -> mail.accepted());
            assertThat(receiver.connections()).as("no new one during the stop").hasSize(1);
        });
        assertThat(slow.mailsTo("bob@" + SLOW)).hasSize(1);
    }

    private void eachMailArrivesOnce() {
        soon().during(Duration.ofSeconds(2))
                .untilAsserted(() -> receivers.forEach((stage, receiver) -> {
                    for (int i = 0; i < MAILS; i++) {
                        assertThat(receiver.mailsTo(recipient(stage, i)))
                                .as("%s", stage)
                                .hasSize(1);
                    }
                    // A final dot without a reply is an outcome that nobody knows: it is sent again (RFC 5321
                    // §4.5.3.2.6).
                    assertThat(receiver.mails()).as("%s", stage).hasSize(stage == Stage.MESSAGE ? MAILS + 1 : MAILS);
                }));
        assertThat(slow.mails()).as("its reply came while James stopped").hasSize(1);
    }

    private static void assertInTime(Duration stalled, Duration idle) {
        assertThat(stalled)
                .as("a stop; %s ms with nothing to do", idle.toMillis())
                .isLessThan(LIMIT);
    }
}
