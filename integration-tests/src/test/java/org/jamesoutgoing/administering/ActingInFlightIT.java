/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A mail that is being delivered is delivered or acted on, never both, wherever in the session its receiver stalls. One James
 * for all cases of a queue; each has a sender, domains and receivers of its own, and leaves nothing behind.
 */
class ActingInFlightIT {

    @Nested
    class OnTheMemoryQueue extends Acting {
        OnTheMemoryQueue() {
            super(Queue.MEMORY);
        }
    }

    @Nested
    class OnActiveMq extends Acting {
        OnActiveMq() {
            super(Queue.ACTIVEMQ);
        }
    }

    /** @param taken whether the receiver takes the mail in the end; else it drops the connection */
    private record Case(String action, boolean taken) {

        static Stream<Case> all() {
            return Stream.of("delete", "fail", "hold")
                    .flatMap(action -> Stream.of(true, false).map(taken -> new Case(action, taken)));
        }

        String sender() {
            return action + "-" + taken + "@james.test";
        }

        String domain(Stage stage) {
            return stage.name().toLowerCase(Locale.ROOT) + "." + action + "-" + taken + ".test";
        }

        String recipient(Stage stage) {
            return "bob@" + domain(stage);
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Acting {

        private static final List<Stage> STAGES =
                List.of(Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.MESSAGE);

        private final Queue queue;
        private JamesServer james;

        Acting(Queue queue) {
            this.queue = queue;
        }

        @BeforeAll
        void start() throws Exception {
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    .outgoing("<resendDelays>1h</resendDelays>");
            cases().forEach(one -> setup.user(one.sender(), "secret"));
            james = JamesServer.start(setup);
        }

        @AfterAll
        void stop() {
            james.close();
        }

        static Stream<Case> cases() {
            return Case.all();
        }

        @ParameterizedTest
        @MethodSource("cases")
        void itIsFinishedOrActedOnNeverBoth(Case one) throws Exception {
            boolean taken = one.taken();
            CountDownLatch answered = new CountDownLatch(1);
            Map<Stage, ReceivingServer> receivers = new LinkedHashMap<>();
            for (Stage stage : STAGES) {
                ReceivingServer receiver = ReceivingServer.start();
                receiver.answer(stage, Answer.when(answered, taken ? Answer.accept() : Answer.drop()));
                receivers.put(stage, receiver);
            }
            try {
                QueuedMails mails = new QueuedMails(james);
                for (Map.Entry<Stage, ReceivingServer> each : receivers.entrySet()) {
                    mails.webadmin()
                            .put(
                                    "/outgoing/routes/" + one.domain(each.getKey()),
                                    "{\"relayHosts\": \"127.0.0.1:"
                                            + each.getValue().port() + "\"}");
                    james.send(one.sender(), one.recipient(each.getKey()));
                }
                soon().untilAsserted(() -> assertThat(receivers.values())
                        .allSatisfy(
                                receiver -> assertThat(receiver.connections()).hasSize(1)));

                for (Webadmin.Answer answer : actOnAll(mails, one)) {
                    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
                }
                answered.countDown();

                boolean held = !taken && one.action().equals("hold");
                soon().untilAsserted(() -> assertThat(mails.states().values())
                        .hasSize(held ? STAGES.size() : 0)
                        .allMatch("held"::equals));
                receivers.forEach((stage, receiver) -> assertThat(receiver.mailsTo(one.recipient(stage)))
                        .as("%s", stage)
                        .hasSize(taken ? 1 : 0));
                int dsns = !taken && one.action().equals("fail") ? STAGES.size() : 0;
                soon().untilAsserted(() -> assertThat(james.inbox(one.sender())).hasSize(dsns));
                // Nothing follows, at any receiver.
                receivers.values().forEach(ReceivingServer::acceptAll);
                mails.endOfTask("/outgoing/queue?action=release&all=true");
                soon().untilAsserted(() -> assertThat(mails.states()).isEmpty());
                receivers.forEach((stage, receiver) -> assertThat(receiver.mailsTo(one.recipient(stage)))
                        .as("%s", stage)
                        .hasSize(taken || held ? 1 : 0));
                assertThat(james.inbox(one.sender())).hasSize(dsns);
            } finally {
                answered.countDown();
                for (ReceivingServer receiver : receivers.values()) {
                    receiver.close();
                }
            }
        }

        /** All at once: an answer takes two seconds while the mail is on the wire. */
        private static List<Webadmin.Answer> actOnAll(QueuedMails mails, Case one) throws Exception {
            List<CompletableFuture<Webadmin.Answer>> answers = new ArrayList<>();
            for (Stage stage : STAGES) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return mails.act(one.recipient(stage), one.action());
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
}
