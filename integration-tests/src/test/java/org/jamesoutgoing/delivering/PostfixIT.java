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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jamesoutgoing.testing.DnsServer;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.NeedsDnsServer;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** To a real Postfix, found through a real DNS server. */
class PostfixIT {

    @Nested
    class OnTheMemoryQueue extends ToPostfix {
        OnTheMemoryQueue() {
            super(Queue.MEMORY);
        }
    }

    @Nested
    class OnActiveMq extends ToPostfix {
        OnActiveMq() {
            super(Queue.ACTIVEMQ);
        }
    }

    @NeedsDnsServer
    @NeedsPostfix
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class ToPostfix {

        private static final String ALICE = "alice@james.test";
        private static final Pattern CONNECT = Pattern.compile("smtpd\\[\\d+]: connect from");

        private final Queue queue;
        private PostfixServer postfix;
        private DnsServer dns;
        private JamesServer james;

        ToPostfix(Queue queue) {
            this.queue = queue;
        }

        @BeforeAll
        void start() throws Exception {
            postfix = PostfixServer.start();
            dns = DnsServer.on("127.0.0.1", FreePort.choose())
                    .zone("example.org", "@ MX 10 mx\nmx A 127.0.0.1")
                    .zone("example.net", "@ MX 10 mx.example.org.")
                    .start();
            james = JamesServer.start(JamesSetup.james()
                    .queue(queue)
                    .user(ALICE, "secret")
                    .outgoing("<dnsServers>" + dns.hostAndPort() + "</dnsServers><port>" + postfix.port()
                            + "</port><localExchangers>true</localExchangers><resendDelays>1s</resendDelays>"));
        }

        @AfterAll
        void stop() throws Exception {
            james.close();
            dns.close();
            postfix.close();
        }

        private void arrivesOnce(String recipient) {
            soon().untilAsserted(() ->
                    assertThat(postfix.mailsTo(recipient)).as(postfix.log()).hasSize(1));
        }

        @Test
        void mailThatPostfixDefersIsTriedAgainUntilItTakesIt() throws Exception {
            postfix.answer("later@example.org", "450 4.2.1 not now", 2);

            james.send(ALICE, "later@example.org");

            arrivesOnce("later@example.org");
            assertThat(postfix.attempts("later@example.org")).isEqualTo(3);
            nothingIsLeft(james, "outgoing");
            assertThat(Dsn.about("later@example.org", james, ALICE)).isEmpty();
        }

        @Test
        void theSenderIsToldInPostfixsOwnWordsOfARecipientThatItRefuses() throws Exception {
            postfix.answer("nobody@example.org", "550 5.1.1 no such user here");

            james.send(ALICE, "nobody@example.org");

            soon().untilAsserted(() ->
                    assertThat(Dsn.about("nobody@example.org", james, ALICE)).hasSize(1));
            Dsn dsn = Dsn.about("nobody@example.org", james, ALICE).get(0);
            assertThat(dsn.all("status")).containsExactly("5.1.1");
            assertThat(dsn.all("diagnostic-code").get(0))
                    .startsWith("smtp; 550 5.1.1")
                    .contains("no such user here");
            assertThat(postfix.attempts("nobody@example.org")).isEqualTo(1);
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void ofSeveralRecipientsEachGetsWhatPostfixDecidesForIt() throws Exception {
            postfix.answer("busy@example.org", "451 4.3.0 try later", 1);
            postfix.answer("gone@example.org", "550 5.1.1 gone");

            james.send(
                    ALICE, "a@example.org", "busy@example.org", "b@example.org", "gone@example.org", "c@example.net");

            for (String recipient : List.of("a@example.org", "b@example.org", "c@example.net", "busy@example.org")) {
                arrivesOnce(recipient);
            }
            soon().untilAsserted(() ->
                    assertThat(Dsn.about("gone@example.org", james, ALICE)).hasSize(1));
            nothingIsLeft(james, "outgoing");
            for (String recipient : List.of("a@example.org", "b@example.org", "c@example.net", "busy@example.org")) {
                assertThat(postfix.mailsTo(recipient)).as(recipient).hasSize(1);
            }
            assertThat(postfix.attempts("a@example.org")).isEqualTo(1);
        }

        @Test
        void theMessageArrivesAsItWasSent() throws Exception {
            String line = "0123456789 abcdefghijklmnopqrstuvwxyz äöü\r\n";
            String body = ".\r\n..\r\n.dot\r\n\r\n" + line.repeat(20_000) + "end\r\n";
            try (SmtpSender smtp = james.smtp()) {
                smtp.send(
                        ALICE,
                        List.of("large@example.org"),
                        "From: <" + ALICE + ">\r\nSubject: large\r\nMIME-Version: 1.0\r\n"
                                + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                                + body);
            }

            arrivesOnce("large@example.org");
            String received = new String(
                    postfix.mailsTo("large@example.org").get(0).getBytes(StandardCharsets.ISO_8859_1),
                    StandardCharsets.UTF_8);
            assertThat(received.substring(received.indexOf("\n\n") + 2).equals(body.replace("\r\n", "\n")))
                    .as("same body")
                    .isTrue();
        }

        @Test
        void manyMailsTravelOverFewConnections() throws Exception {
            int mails = 300;
            long before = connections();
            List<String> recipients = new ArrayList<>();
            try (SmtpSender smtp = james.smtp()) {
                for (int i = 0; i < mails; i++) {
                    recipients.add("many" + i + "@example.org");
                    smtp.send(ALICE, List.of(recipients.get(i)), TestMessage.text(ALICE, "test " + i, "Hello.\r\n"));
                }
            }

            soon().untilAsserted(() -> assertThat(Pattern.compile("to=<many\\d+@example.org>, .*status=sent")
                            .matcher(postfix.log())
                            .results()
                            .count())
                    .isEqualTo(mails));
            nothingIsLeft(james, "outgoing");
            for (String recipient : recipients) {
                assertThat(postfix.attempts(recipient)).as(recipient).isEqualTo(1);
            }
            // 20 at a time at most, and a connection is given up after 100 mails or 15 s without one.
            assertThat(connections() - before).isLessThanOrEqualTo(30);
        }

        private long connections() {
            return CONNECT.matcher(postfix.log()).results().count();
        }
    }
}
