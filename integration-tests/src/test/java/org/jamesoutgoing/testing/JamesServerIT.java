/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The harness: a James that takes mail by SMTP and delivers it through the configured outgoing mailet. */
class JamesServerIT {

    @ParameterizedTest
    @EnumSource(Queue.class)
    void mailForAnotherDomainReachesTheRelayAndAFailureComesBack(Queue queue) throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "nobody@", Answer.reply("550 5.1.1 no such user"));
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .user("alice@james.test", "secret")
                    .outgoing(
                            "<outgoing>outgoing</outgoing><sendpartial>true</sendpartial><bounceProcessor>bounces</bounceProcessor>"
                                    + "<gateway>127.0.0.1</gateway><gatewayPort>" + receiver.port() + "</gatewayPort>");
            try (JamesServer james = JamesServer.start(setup)) {
                james.send("alice@james.test", "bob@example.org", "nobody@example.org");

                await().atMost(Patience.LIMIT).untilAsserted(() -> {
                    assertThat(receiver.mailsTo("bob@example.org")).hasSize(1);
                    assertThat(james.inbox("alice@james.test")).hasSize(1);
                });
                assertThat(receiver.mailsTo("bob@example.org").get(0).header("Subject"))
                        .isEqualTo("test");
                assertThat(james.queue("outgoing").getSize()).isZero();
            }
        }
    }

    @Test
    void everyProtocolListens() throws Exception {
        JamesSetup setup = JamesSetup.james().protocols(Protocol.values()).user("alice@james.test", "secret");
        try (JamesServer james = JamesServer.start(setup)) {
            String echo =
                    """
                    {"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"hello":true},"c1"]]}""";
            assertThat(james.jmap("alice@james.test", "secret", echo).body()).contains("\"hello\":true");
            assertThat(List.of(james.smtpPort(), james.imapPort(), james.webadminPort()))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void webadminAnswers() throws Exception {
        try (JamesServer james = JamesServer.start(
                JamesSetup.james().protocols(Protocol.SMTP, Protocol.WEBADMIN).withExtensionLines())) {
            assertThat(james.webadmin("GET", "/domains").body()).contains("james.test");
            assertThat(james.webadmin("GET", "/mailQueues").body()).contains("outgoing");
        }
    }
}
