/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;

@NeedsPostfix
class PostfixServerIT {

    @Test
    void refusesAndTakesAsToldAndDeliversIntoAMailDirectory() throws Exception {
        try (PostfixServer postfix = PostfixServer.start();
                SmtpSender smtp = SmtpSender.connect("127.0.0.1", postfix.port())) {
            postfix.answer("later@example.org", "450 4.2.1 not now", 1);
            postfix.answer("nobody@example.org", "550 5.1.1 no such user");

            assertThatThrownBy(() -> smtp.send("a@x.test", List.of("later@example.org"), "Subject: 1\r\n\r\n"))
                    .hasMessageContaining("450 4.2.1");
            smtp.command("RSET");
            assertThatThrownBy(() -> smtp.send("a@x.test", List.of("nobody@example.org"), "Subject: 2\r\n\r\n"))
                    .hasMessageContaining("550 5.1.1");
            smtp.command("RSET");
            smtp.send("a@x.test", List.of("later@example.org", "bob@example.net"), "Subject: 3\r\n\r\nHello\r\n");

            await().atMost(Patience.LIMIT).untilAsserted(() -> {
                assertThat(postfix.mailsTo("later@example.org"))
                        .as(postfix.log())
                        .hasSize(1);
                assertThat(postfix.mailsTo("bob@example.net")).hasSize(1);
            });
            assertThat(postfix.mailsTo("bob@example.net").get(0)).contains("Subject: 3", "Hello");
            assertThat(postfix.mailsTo("nobody@example.org")).isEmpty();
            assertThat(postfix.attempts("later@example.org")).isEqualTo(2);
            assertThat(postfix.log()).contains("status=sent");
        }
    }

    @Test
    void twoAtOnce() throws Exception {
        try (PostfixServer one = PostfixServer.start();
                PostfixServer two = PostfixServer.start()) {
            for (PostfixServer server : List.of(one, two)) {
                SmtpSender.connect("127.0.0.1", server.port()).close();
            }
        }
    }
}
