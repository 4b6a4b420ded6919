/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import java.nio.file.Path;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A limit that an administrator sets while a real James runs counts for the next recipient, and after a restart. */
class LimitAdministrationIT {

    private static final String ALICE = "alice@james.test";

    @TempDir
    Path working;

    private static JamesSetup setup(Queue queue, String parameters) {
        return JamesSetup.james()
                .queue(queue)
                .user(ALICE, "secret")
                .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                .withExtensionLines()
                .outgoing(parameters);
    }

    /** What the server says to a recipient of a mail that is not sent then. */
    private static String rcpt(SmtpSender smtp, String parameter, String recipient) throws Exception {
        assertThat(smtp.command("MAIL FROM:<" + ALICE + ">" + parameter)).startsWith("250");
        String reply = smtp.command("RCPT TO:<" + recipient + ">");
        assertThat(smtp.command("RSET")).startsWith("250");
        return reply;
    }

    private static void patch(JamesServer james, String limits) throws Exception {
        assertThat(james.webadmin("PATCH", "/outgoing/limits", limits.replace('\'', '"'))
                        .statusCode())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @EnumSource(Queue.class)
    void itCountsAtOnceAndOverARestartUntilItIsDeleted(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, Answer.reply("450 4.2.1 not now"));
            JamesSetup setup = setup(
                    queue,
                    "<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts><resendDelays>1h</resendDelays>"
                            + "<maxQueueMails>5</maxQueueMails>");
            try (JamesServer james = JamesServer.start(setup, working);
                    SmtpSender smtp = james.smtp()) {
                james.send(ALICE, "a@one.test");
                soon().untilAsserted(() -> assertThat(new QueuedMails(james).list("?state=deferred"))
                        .hasSize(1));
                assertThat(rcpt(smtp, "", "b@one.test")).startsWith("250");
                patch(james, "{'mailsPerDomain': 1}");
                assertThat(rcpt(smtp, "", "b@one.test")).isEqualTo("452 4.3.1 too many mails wait for one.test: 1");
                assertThat(rcpt(smtp, "", "b@two.test")).startsWith("250");
                patch(james, "{'mailsPerDomain': null, 'size': '64K'}");
                assertThat(rcpt(smtp, " SIZE=65536", "b@one.test"))
                        .isEqualTo("452 4.3.1 the outgoing queue is full: 65536 octets");
                assertThat(rcpt(smtp, " SIZE=65536", ALICE)).startsWith("250");
                patch(james, "{'mails': 1, 'size': null}");
            }
            try (JamesServer james = JamesServer.start(setup, working);
                    SmtpSender smtp = james.smtp()) {
                assertThat(rcpt(smtp, "", "b@two.test")).isEqualTo("452 4.3.1 the outgoing queue is full: 1 mails");
                assertThat(james.webadmin("DELETE", "/outgoing/limits").statusCode())
                        .isEqualTo(204);
                assertThat(rcpt(smtp, "", "b@two.test")).startsWith("250");
            }
        }
    }

    @Test
    void aProcessorForTheFullQueueThatThereIsNotStopsTheStart() {
        JamesSetup setup = setup(Queue.MEMORY, "<queueFullAction>processor:nowhere</queueFullAction>");
        assertThatThrownBy(() -> JamesServer.start(setup, working).close()).hasStackTraceContaining("nowhere");
    }
}
