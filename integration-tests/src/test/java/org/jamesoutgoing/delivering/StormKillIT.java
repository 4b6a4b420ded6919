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
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.mail.internet.MimeMessage;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.ImapInbox;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.Test;

/** kill -9 while failure messages beyond a sender's limit wait to be told together. */
class StormKillIT {

    private static final String ALICE = "alice@james.test";
    private static final int REFUSED = 10;
    private static final int AT_ONCE = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsBeyondTheLimitIsToldInOneDsnAfterTheKill() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, Answer.reply("550 5.1.1 no such user"));
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .user(ALICE, "secret")
                    .protocols(Protocol.SMTP, Protocol.IMAP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    // The fourth is due after forty seconds: the server is killed before that.
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>" + "<dsnLimit>" + AT_ONCE
                            + "/2m</dsnLimit>");
            try (JamesProcess james = JamesProcess.prepare(setup)) {
                james.start();
                send(james);
                soon().untilAsserted(() -> {
                    assertThat(dsns(james)).hasSize(AT_ONCE);
                    assertThat(postponed(james)).isEqualTo(REFUSED - AT_ONCE);
                });
                Set<String> told = new HashSet<>();
                dsns(james).forEach(dsn -> {
                    assertThat(dsn.recipients()).hasSize(1);
                    told.addAll(dsn.all("final-recipient"));
                });
                assertThat(told).hasSize(AT_ONCE);

                james.kill();
                // This flavour's mailboxes are forgotten by a kill: what lies there afterwards came afterwards.
                james.start();

                soon().untilAsserted(() -> assertThat(dsns(james)).isNotEmpty());
                soon().during(Duration.ofSeconds(3)).untilAsserted(() -> {
                    assertThat(dsns(james)).hasSize(1);
                    assertThat(postponed(james)).isZero();
                });
                Dsn merged = dsns(james).get(0);
                assertThat(merged.recipients()).hasSize(REFUSED - AT_ONCE).allSatisfy(group -> assertThat(group)
                        .containsEntry("action", "failed")
                        .containsEntry("status", "5.1.1"));
                assertThat(merged.all("x-original-message-id"))
                        .doesNotHaveDuplicates()
                        .doesNotContain("");
                told.addAll(merged.all("final-recipient"));
                assertThat(told)
                        .isEqualTo(IntStream.range(0, REFUSED)
                                .mapToObj(i -> "rfc822; " + recipient(i))
                                .collect(Collectors.toSet()));
            }
        }
    }

    private static String recipient(int i) {
        return "nobody" + i + "@far.test";
    }

    private static void send(JamesProcess james) throws Exception {
        try (SmtpSender smtp = james.smtp()) {
            for (int i = 0; i < REFUSED; i++) {
                smtp.send(
                        ALICE,
                        List.of(recipient(i)),
                        "Message-ID: <" + i + "@james.test>\r\n" + TestMessage.text(ALICE, "mail " + i, "Hello.\r\n"));
            }
        }
    }

    /** DSNs that wait to be told. */
    private static int postponed(JamesProcess james) throws Exception {
        JsonNode services = JSON.readTree(james.webadmin("GET", "/outgoing", "").body());
        return services.at("/0/notices").asInt(-1);
    }

    private static List<Dsn> dsns(JamesProcess james) throws Exception {
        List<Dsn> dsns = new ArrayList<>();
        for (byte[] octets : ImapInbox.messages(james.imapPort(), ALICE, "secret")) {
            dsns.add(Dsn.of(new MimeMessage(null, new ByteArrayInputStream(octets))));
        }
        return dsns;
    }
}
