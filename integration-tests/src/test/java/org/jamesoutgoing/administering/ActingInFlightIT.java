/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mail that is being delivered is delivered or acted on, never both, wherever in the session its receiver stalls. */
class ActingInFlightIT {

    private static final String ALICE = "alice@james.test";
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final List<Stage> STAGES =
            List.of(Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.MESSAGE);

    static Stream<Arguments> cases() {
        return Stream.of(Queue.values()).flatMap(queue -> Stream.of("delete", "fail", "hold")
                .flatMap(action -> Stream.of(true, false).map(taken -> Arguments.of(queue, action, taken))));
    }

    /** @param taken whether the receiver takes the mail in the end; else it drops the connection */
    @ParameterizedTest(name = "{0} {1} taken={2}")
    @MethodSource("cases")
    void itIsFinishedOrActedOnNeverBoth(Queue queue, String action, boolean taken) throws Exception {
        Map<Stage, ReceivingServer> receivers = new LinkedHashMap<>();
        for (Stage stage : STAGES) {
            ReceivingServer receiver = ReceivingServer.start();
            receiver.answer(stage, Answer.after(STALL, taken ? Answer.accept() : Answer.drop()));
            receivers.put(stage, receiver);
        }
        JamesSetup setup = JamesSetup.james()
                .queue(queue)
                .user(ALICE, "secret")
                .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                .withExtensionLines()
                .outgoing("<resendDelays>1h</resendDelays>");
        try (JamesServer james = JamesServer.start(setup)) {
            QueuedMails mails = new QueuedMails(james);
            for (Map.Entry<Stage, ReceivingServer> each : receivers.entrySet()) {
                mails.webadmin()
                        .put(
                                "/outgoing/routes/" + each.getKey() + ".test",
                                "{\"relayHosts\": \"127.0.0.1:"
                                        + each.getValue().port() + "\"}");
                james.send(ALICE, recipient(each.getKey()));
            }
            soon().untilAsserted(() -> assertThat(receivers.values())
                    .allSatisfy(receiver -> assertThat(receiver.connections()).hasSize(1)));

            for (Webadmin.Answer answer : actOnAll(mails, action)) {
                assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            }

            boolean held = !taken && action.equals("hold");
            soon().untilAsserted(() -> assertThat(mails.states().values())
                    .hasSize(held ? STAGES.size() : 0)
                    .allMatch("held"::equals));
            receivers.forEach((stage, receiver) -> assertThat(receiver.mailsTo(recipient(stage)))
                    .as("%s", stage)
                    .hasSize(taken ? 1 : 0));
            int dsns = !taken && action.equals("fail") ? STAGES.size() : 0;
            soon().untilAsserted(() -> assertThat(james.inbox(ALICE)).hasSize(dsns));
            // Nothing follows, at any receiver.
            receivers.values().forEach(ReceivingServer::acceptAll);
            mails.endOfTask("/outgoing/queue?action=release&all=true");
            soon().untilAsserted(() -> assertThat(mails.states()).isEmpty());
            receivers.forEach((stage, receiver) -> assertThat(receiver.mailsTo(recipient(stage)))
                    .as("%s", stage)
                    .hasSize(taken || held ? 1 : 0));
            assertThat(james.inbox(ALICE)).hasSize(dsns);
        } finally {
            for (ReceivingServer receiver : receivers.values()) {
                receiver.close();
            }
        }
    }

    private static String recipient(Stage stage) {
        return "bob@" + stage.name().toLowerCase(Locale.ROOT) + ".test";
    }

    /** All at once: an answer takes two seconds while the mail is on the wire. */
    private static List<Webadmin.Answer> actOnAll(QueuedMails mails, String action) throws Exception {
        List<CompletableFuture<Webadmin.Answer>> answers = new ArrayList<>();
        for (Stage stage : STAGES) {
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return mails.act(recipient(stage), action);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    work -> new Thread(work).start()));
        }
        List<Webadmin.Answer> done = new ArrayList<>();
        for (CompletableFuture<Webadmin.Answer> answer : answers) {
            done.add(answer.get());
        }
        return done;
    }
}
