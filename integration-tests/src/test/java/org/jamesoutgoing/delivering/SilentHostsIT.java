/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.apache.james.dnsservice.api.InMemoryDNSService;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantee 3 of mailets/README.md: one slow, dead or hostile next hop does not slow the others. */
class SilentHostsIT {

    private static final int MAILS = 5000;
    private static final int SILENT_HOSTS = 20;

    @ParameterizedTest
    @EnumSource(Queue.class)
    void oneMailInTenToHostsThatAcceptAndNeverAnswerDoesNotStopTheOthers(Queue queue) throws Exception {
        List<ReceivingServer> silent = new ArrayList<>();
        InMemoryDNSService dns = new InMemoryDNSService()
                .registerMxRecord("127.0.0.0", "127.0.0.0")
                .registerMxRecord("255.0.0.0", "255.0.0.0")
                .registerMxRecord("127.0.0.1", "127.0.0.1")
                .registerMxRecord("good.test", "127.0.1.1");
        try (ReceivingServer good = ReceivingServer.start("127.0.1.1", 0)) {
            for (int i = 0; i < SILENT_HOSTS; i++) {
                ReceivingServer host = ReceivingServer.start("127.0.2." + (i + 1), good.port());
                host.answer(Stage.GREETING, Answer.stall());
                silent.add(host);
                dns.registerMxRecord("silent" + i + ".test", host.address());
            }
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .outgoing("<port>" + good.port() + "</port><localExchangers>true</localExchangers>"
                            // What is stuck stays so longer than the test waits.
                            + "<greetingTimeout>1h</greetingTimeout>");
            try (JamesServer james = JamesServer.start(setup, JamesServer.dns(dns))) {
                try (SmtpSender smtp = james.smtp()) {
                    for (int i = 0; i < MAILS; i++) {
                        String domain = i % 10 == 0 ? "silent" + i / 10 % SILENT_HOSTS + ".test" : "good.test";
                        smtp.send(
                                "a@james.test", List.of("r" + i + "@" + domain), "Subject: " + i + "\r\n\r\nHello\r\n");
                    }
                }
                await().atMost(Patience.LIMIT)
                        .untilAsserted(() -> assertThat(good.mails()).hasSize(MAILS - MAILS / 10));
                assertThat(silent.stream()
                                .mapToInt(host -> host.connections().size())
                                .sum())
                        .as("connections to silent hosts")
                        .isPositive();
                close(silent); // first: James would wait for them
            }
        } finally {
            close(silent);
        }
    }

    /** One silent provider with a host name for each tenant: each next hop may have a connection, and there are more of them. */
    @Test
    void moreSilentNextHopsThanConnectionsDoNotStopGoodMail() throws Exception {
        int tenants = 40;
        InMemoryDNSService dns = new InMemoryDNSService()
                .registerMxRecord("127.0.0.0", "127.0.0.0")
                .registerMxRecord("255.0.0.0", "255.0.0.0")
                .registerMxRecord("127.0.0.1", "127.0.0.1")
                .registerMxRecord("good.test", "127.0.1.1");
        List<ReceivingServer> silent = new ArrayList<>();
        try (ReceivingServer good = ReceivingServer.start("127.0.1.1", 0)) {
            for (int i = 0; i < tenants; i++) {
                ReceivingServer host = ReceivingServer.start("127.0.3." + (i + 1), good.port());
                host.answer(Stage.GREETING, Answer.stall());
                silent.add(host);
                dns.registerMxRecord("tenant" + i + ".test", host.address());
            }
            JamesSetup setup = JamesSetup.james()
                    .outgoing("<port>" + good.port() + "</port><localExchangers>true</localExchangers>"
                            + "<greetingTimeout>1h</greetingTimeout><connections>20</connections>");
            try (JamesServer james = JamesServer.start(setup, JamesServer.dns(dns));
                    SmtpSender smtp = james.smtp()) {
                for (int i = 0; i < 10 * tenants; i++) {
                    smtp.send("a@james.test", List.of("r@tenant" + i % tenants + ".test"), "Subject: s\r\n\r\nHi\r\n");
                }
                await().atMost(Patience.LIMIT)
                        .until(() -> silent.stream()
                                        .filter(host -> !host.connections().isEmpty())
                                        .count()
                                >= 10);
                for (int i = 1; i <= 10; i++) {
                    int mails = i;
                    smtp.send("a@james.test", List.of("r" + i + "@good.test"), "Subject: g\r\n\r\nHi\r\n");
                    await().atMost(Patience.LIMIT)
                            .untilAsserted(() -> assertThat(good.mails()).hasSize(mails));
                }
                close(silent);
            }
        } finally {
            close(silent);
        }
    }

    private static void close(List<ReceivingServer> hosts) throws Exception {
        for (ReceivingServer host : hosts) {
            host.close();
        }
    }
}
