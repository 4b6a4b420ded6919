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

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guarantee 2 of mailets/README.md: who got a 250 is not sent the mail again. One mail for five recipients, of whom the host takes
 * three, one not yet and one never; counted at the host over all attempts.
 */
class PartialResultsIT {

    private static final String ALICE = "alice@james.test";
    private static final List<String> TAKEN = List.of("one@far.test", "two@far.test", "three@far.test");
    private static final String LATER = "later@far.test";
    private static final String NOBODY = "nobody@far.test";

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

    static Stream<Arguments> conversations() {
        return Arrays.stream(Queue.values())
                .flatMap(queue -> Arrays.stream(Conversation.values()).map(each -> Arguments.of(queue, each)));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void whoGotA250IsLeftAloneWhenALaterAttemptForTheOthersIsLostAfterTheFinalDot(
            Queue queue, Conversation conversation) throws Exception {
        try (ReceivingServer receiver = receiver(conversation);
                JamesServer james = james(queue, receiver)) {
            receiver.answer(Stage.MESSAGE, LATER, Answer.drop(), 1);

            sendToAllFive(james, receiver);

            for (String recipient : TAKEN) {
                assertThat(wholeMessages(receiver, recipient)).as(recipient).isEqualTo(1);
            }
            // RFC 5321 §4.2.5: a connection lost after the final dot is an unknown outcome; a second copy is right.
            assertThat(wholeMessages(receiver, LATER)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void theLossOfTheFinalDotsReplyRepeatsOnlyThoseItWasFor(Queue queue, Conversation conversation) throws Exception {
        try (ReceivingServer receiver = receiver(conversation);
                JamesServer james = james(queue, receiver)) {
            receiver.answer(Stage.MESSAGE, TAKEN.get(0), Answer.drop(), 1);

            sendToAllFive(james, receiver);

            for (String recipient : TAKEN) {
                assertThat(wholeMessages(receiver, recipient)).as(recipient).isEqualTo(2);
            }
            assertThat(wholeMessages(receiver, LATER)).isEqualTo(1);
        }
    }

    private static ReceivingServer receiver(Conversation conversation) throws Exception {
        ReceivingServer receiver = ReceivingServer.start();
        receiver.offer(conversation.offer);
        receiver.answer(Stage.RCPT, LATER, Answer.reply("450 4.2.1 not now"), 1);
        receiver.answer(Stage.RCPT, NOBODY, Answer.reply("550 5.1.1 no such user"));
        return receiver;
    }

    private static JamesServer james(Queue queue, ReceivingServer receiver) throws Exception {
        return JamesServer.start(JamesSetup.james()
                .queue(queue)
                .user(ALICE, "secret")
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts><resendDelays>1s</resendDelays>"));
    }

    /** Waits until all is done; then four have got the mail, one copy with a 250 each, and one DSN tells of the fifth. */
    private static void sendToAllFive(JamesServer james, ReceivingServer receiver) throws Exception {
        james.send(ALICE, TAKEN.get(0), LATER, TAKEN.get(1), NOBODY, TAKEN.get(2));
        soon().untilAsserted(() -> {
            assertThat(receiver.mailsTo(LATER)).hasSize(1);
            assertThat(receiver.mailsTo(TAKEN.get(0))).hasSize(1);
            assertThat(james.inbox(ALICE)).hasSize(1);
        });
        nothingIsLeft(james, "outgoing");
        for (String recipient : TAKEN) {
            assertThat(receiver.mailsTo(recipient)).as(recipient).hasSize(1);
        }
        assertThat(receiver.mailsTo(LATER)).hasSize(1);
        assertThat(wholeMessages(receiver, NOBODY)).isZero();
        assertThat(james.inbox(ALICE)).hasSize(1);
        assertThat(Dsn.of(james.inbox(ALICE).get(0)).all("final-recipient")).containsExactly("rfc822; " + NOBODY);
    }

    /** Those that came to their last byte, whatever the answer was. */
    private static long wholeMessages(ReceivingServer receiver, String recipient) {
        return receiver.mails().stream()
                .filter(mail -> mail.recipients().contains(recipient))
                .count();
    }
}
