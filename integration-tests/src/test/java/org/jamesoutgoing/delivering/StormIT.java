/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.soon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.Test;

/** A sender whose mails all fail is not buried in failure messages, and learns of each failure, whatever happens meanwhile. */
class StormIT {

    private static final String PROGRAM = "program@senders.test";
    private static final int MAILS = 30;
    private static final Pattern FAILED = Pattern.compile("(?m)^Final-Recipient: rfc822; (\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsBeyondTheLimitIsToldTogetherAfterTheServerWasKilled() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "refused", Answer.reply("550 5.1.1 no such user"));
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts><dsnLimit>2/1m</dsnLimit>");
            try (JamesProcess james = JamesProcess.prepare(setup)) {
                james.start();
                try (SmtpSender smtp = james.smtp()) {
                    for (int i = 0; i < MAILS; i++) {
                        smtp.send(
                                PROGRAM, List.of(recipient(i)), TestMessage.text(PROGRAM, "number " + i, "Hello.\r\n"));
                    }
                }
                soon().untilAsserted(() -> {
                    assertThat(receiver.mailsTo(PROGRAM)).hasSize(2);
                    assertThat(glance(james).get("notices").asInt()).isEqualTo(MAILS - 2);
                });
                james.kill();
                james.start();
                // The next one may go half a minute after the second.
                soon().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                    assertThat(told(receiver)).hasSize(MAILS);
                    assertThat(glance(james).get("notices").asInt()).isZero();
                });
                assertThat(told(receiver)).as("each failure once").containsExactlyInAnyOrderElementsOf(recipients());
                assertThat(receiver.mailsTo(PROGRAM))
                        .as("two failure messages at once, and one about all others")
                        .hasSize(3);
                james.stop();
            }
        }
    }

    private static String recipient(int i) {
        return "refused" + i + "@far.test";
    }

    private static List<String> recipients() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < MAILS; i++) {
            all.add(recipient(i));
        }
        return all;
    }

    /** Whose failures the sender was told of. */
    private static List<String> told(ReceivingServer receiver) {
        List<String> told = new ArrayList<>();
        for (ReceivedMail mail : receiver.mailsTo(PROGRAM)) {
            Matcher failed = FAILED.matcher(mail.text());
            while (failed.find()) {
                told.add(failed.group(1));
            }
        }
        return told;
    }

    private static JsonNode glance(JamesProcess james) throws Exception {
        return JSON.readTree(james.webadmin("GET", "/outgoing", "").body()).get(0);
    }
}
