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

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guarantee 2 of mailets/README.md: who got a 250 is not sent the mail again. One mail for five recipients, of whom the host takes
 * three, one not yet and one never; counted at the host over all attempts. One James for all tests of a queue; each has a
 * sender, a domain and a host of its own.
 */
class PartialResultsIT {

    /** How the envelope and the message travel, by what the host offers. */
    enum Conversation {
        IN_LOCK_STEP("8BITMIME"),
        PIPELINED("8BITMIME", "PIPELINING"),
        CHUNKED("8BITMIME", "PIPELINING", "CHUNKING");

        private final String[] offer;

        Conversation(String... offer) {
            this.offer = offer;
        }
    }

    @Nested
    class OnTheMemoryQueue extends PartialResults {
        OnTheMemoryQueue() {
            super(Queue.MEMORY);
        }
    }

    @Nested
    class OnActiveMq extends PartialResults {
        OnActiveMq() {
            super(Queue.ACTIVEMQ);
        }
    }

    /** Where one mail goes, and who sends it. */
    private record ReceivingDomain(String name, ReceivingServer receiver) {

        static ReceivingDomain of(String name, Conversation conversation) throws Exception {
            ReceivingServer receiver = ReceivingServer.start();
            receiver.offer(conversation.offer);
            ReceivingDomain domain = new ReceivingDomain(name, receiver);
            receiver.answer(Stage.RCPT, domain.later(), Answer.reply("450 4.2.1 not now"), 1);
            receiver.answer(Stage.RCPT, domain.nobody(), Answer.reply("550 5.1.1 no such user"));
            return domain;
        }

        String sender() {
            return name + "@james.test";
        }

        String route() {
            return "<route domain='" + name + ".test'><relayHosts>127.0.0.1:" + receiver.port()
                    + "</relayHosts></route>";
        }

        List<String> taken() {
            return List.of(recipient("one"), recipient("two"), recipient("three"));
        }

        String later() {
            return recipient("later");
        }

        String nobody() {
            return recipient("nobody");
        }

        private String recipient(String user) {
            return user + "@" + name + ".test";
        }

        /** Those that came to their last byte, whatever the answer was. */
        long wholeMessages(String recipient) {
            return receiver.mails().stream()
                    .filter(mail -> mail.recipients().contains(recipient))
                    .count();
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class PartialResults {

        private static final String LATER_ATTEMPT = "later-attempt";
        private static final String FIRST_ATTEMPT = "first-attempt";

        private final Queue queue;
        private final Map<String, ReceivingDomain> domains = new HashMap<>();
        private JamesServer james;

        PartialResults(Queue queue) {
            this.queue = queue;
        }

        @BeforeAll
        void start() throws Exception {
            JamesSetup setup = JamesSetup.james().queue(queue).outgoing("<resendDelays>1s</resendDelays>");
            StringBuilder routes = new StringBuilder("<routes>");
            for (String attempt : List.of(LATER_ATTEMPT, FIRST_ATTEMPT)) {
                for (Conversation conversation : Conversation.values()) {
                    ReceivingDomain domain = ReceivingDomain.of(name(attempt, conversation), conversation);
                    domains.put(domain.name(), domain);
                    routes.append(domain.route());
                    setup.user(domain.sender(), "secret");
                }
            }
            james = JamesServer.start(
                    setup.file("outgoing-routes.xml", routes.append("</routes>").toString()));
        }

        @AfterAll
        void stop() throws Exception {
            james.close();
            for (ReceivingDomain domain : domains.values()) {
                domain.receiver().close();
            }
        }

        private static String name(String attempt, Conversation conversation) {
            return attempt + "-" + conversation.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @ParameterizedTest
        @EnumSource(Conversation.class)
        void whoGotA250IsLeftAloneWhenALaterAttemptForTheOthersIsLostAfterTheFinalDot(Conversation conversation)
                throws Exception {
            ReceivingDomain domain = domains.get(name(LATER_ATTEMPT, conversation));
            domain.receiver().answer(Stage.MESSAGE, domain.later(), Answer.drop(), 1);

            sendToAllFive(domain);

            for (String recipient : domain.taken()) {
                assertThat(domain.wholeMessages(recipient)).as(recipient).isEqualTo(1);
            }
            // RFC 5321 §4.2.5: a connection lost after the final dot is an unknown outcome; a second copy is right.
            assertThat(domain.wholeMessages(domain.later())).isEqualTo(2);
        }

        @ParameterizedTest
        @EnumSource(Conversation.class)
        void theLossOfTheFinalDotsReplyRepeatsOnlyThoseItWasFor(Conversation conversation) throws Exception {
            ReceivingDomain domain = domains.get(name(FIRST_ATTEMPT, conversation));
            domain.receiver().answer(Stage.MESSAGE, domain.taken().get(0), Answer.drop(), 1);

            sendToAllFive(domain);

            for (String recipient : domain.taken()) {
                assertThat(domain.wholeMessages(recipient)).as(recipient).isEqualTo(2);
            }
            assertThat(domain.wholeMessages(domain.later())).isEqualTo(1);
        }

        /** Waits until all is done; then four have got the mail, one copy with a 250 each, and one DSN tells of the fifth. */
        private void sendToAllFive(ReceivingDomain domain) throws Exception {
            ReceivingServer receiver = domain.receiver();
            List<String> taken = domain.taken();
            james.send(domain.sender(), taken.get(0), domain.later(), taken.get(1), domain.nobody(), taken.get(2));
            soon().untilAsserted(() -> {
                assertThat(receiver.mailsTo(domain.later())).hasSize(1);
                assertThat(receiver.mailsTo(taken.get(0))).hasSize(1);
                assertThat(james.inbox(domain.sender())).hasSize(1);
            });
            nothingIsLeft(james, "outgoing");
            for (String recipient : taken) {
                assertThat(receiver.mailsTo(recipient)).as(recipient).hasSize(1);
            }
            assertThat(receiver.mailsTo(domain.later())).hasSize(1);
            assertThat(domain.wholeMessages(domain.nobody())).isZero();
            assertThat(james.inbox(domain.sender())).hasSize(1);
            assertThat(Dsn.of(james.inbox(domain.sender()).get(0)).all("final-recipient"))
                    .containsExactly("rfc822; " + domain.nobody());
        }
    }
}
