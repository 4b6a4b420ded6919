/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantee 2 of the design: a recipient that got its 250 is not sent the mail again. */
class PartialResultsIT {

    private static final String ALICE = "alice@james.test";

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(50));
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void acceptedRecipientsAreNotSentTheMailAgainWhileDeferredOnesAreAndFailedOnesAreInOneDsn(Queue queue)
            throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "later@", Answer.reply("450 4.2.1 not now"), 1);
            receiver.answer(Stage.RCPT, "nobody@", Answer.reply("550 5.1.1 no such user"));
            // The second attempt, which is for the deferred one alone, is lost after its final dot (RFC 5321 §4.2).
            receiver.answer(Stage.MESSAGE, "later@", Answer.drop(), 1);
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .user(ALICE, "secret")
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                            + "<resendDelays>1s</resendDelays><tls>none</tls>");
            try (JamesServer james = JamesServer.start(setup)) {
                james.send(ALICE, "a@far.test", "b@far.test", "c@far.test", "later@far.test", "nobody@far.test");
                soon().untilAsserted(() -> {
                    assertThat(accepted(receiver, "later@far.test")).isEqualTo(1);
                    assertThat(james.inbox(ALICE)).hasSize(1);
                });
                soon().untilAsserted(() -> {
                    assertThat(james.queue("outgoing").getSize()).isZero();
                    assertThat(james.repositoryKeys("durable://var/mail/outgoing-waiting"))
                            .isEmpty();
                });
                for (String recipient : new String[] {"a@far.test", "b@far.test", "c@far.test"}) {
                    assertThat(received(receiver, recipient)).as(recipient).isEqualTo(1);
                }
                assertThat(received(receiver, "later@far.test"))
                        .as("once lost after the final dot, once accepted")
                        .isEqualTo(2);
                assertThat(received(receiver, "nobody@far.test")).isZero();
                assertThat(james.inbox(ALICE)).hasSize(1);
                assertThat(Dsn.of(james.inbox(ALICE).get(0)).all("final-recipient"))
                        .containsExactly("rfc822; nobody@far.test");
            }
        }
    }

    private static long received(ReceivingServer receiver, String recipient) {
        return receiver.mails().stream()
                .filter(mail -> mail.recipients().contains(recipient))
                .count();
    }

    private static long accepted(ReceivingServer receiver, String recipient) {
        return receiver.mails().stream()
                .filter(mail -> mail.accepted() && mail.recipients().contains(recipient))
                .count();
    }
}
