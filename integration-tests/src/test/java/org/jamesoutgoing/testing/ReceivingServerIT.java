/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceivingServerIT {

    @Test
    void recordsWhatItTookAndFromWhichConnection() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start("127.0.0.2", 0);
                SmtpSender smtp = SmtpSender.connect("127.0.0.2", receiver.port())) {
            smtp.send("a@x.test", List.of("b@y.test", "c@y.test"), "Subject: dots\r\n\r\n.one\r\n..two\r\n");

            ReceivedMail mail = receiver.mailsTo("C@y.test").get(0);
            assertThat(mail.sender()).isEqualTo("a@x.test");
            assertThat(mail.recipients()).containsExactly("b@y.test", "c@y.test");
            assertThat(mail.text()).isEqualTo("Subject: dots\r\n\r\n.one\r\n..two\r\n");
            assertThat(new String(mail.wire(), StandardCharsets.US_ASCII)).endsWith("\r\n..one\r\n...two\r\n");
            assertThat(mail.connection()).isEqualTo(1);
            assertThat(receiver.connections().get(0).commands().get(0).line()).startsWith("EHLO");
        }
    }

    @Test
    void answersAsToldSoManyTimes() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start("::1", 0);
                SmtpSender smtp = SmtpSender.connect("::1", receiver.port())) {
            receiver.answer(Stage.RCPT, "later@", Answer.reply("450 4.2.1 not now"), 1);
            smtp.command("MAIL FROM:<a@x.test>");

            assertThat(smtp.command("RCPT TO:<later@y.test>")).startsWith("450");
            assertThat(smtp.command("RCPT TO:<later@y.test>")).startsWith("250");
        }
    }

    @Test
    void mayDropTheConnectionAfterTheFinalDot() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start();
                SmtpSender smtp = SmtpSender.connect("127.0.0.1", receiver.port())) {
            receiver.answer(Stage.MESSAGE, "a@x.test b@y.test", Answer.drop(), 1);

            assertThatThrownBy(() -> smtp.send("a@x.test", List.of("b@y.test"), "Subject: 1\r\n\r\n"))
                    .isInstanceOf(EOFException.class);
            assertThat(receiver.mails()).hasSize(1);
            assertThat(receiver.mailsTo("b@y.test")).isEmpty();
        }
    }

    @Test
    void takesChunks() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start();
                SmtpSender smtp = SmtpSender.connect("127.0.0.1", receiver.port())) {
            smtp.command("MAIL FROM:<>");
            smtp.command("RCPT TO:<b@y.test>");
            assertThat(smtp.command("BDAT 5\r\nabc")).startsWith("250");
            assertThat(smtp.command("BDAT 6 LAST\r\n.def")).startsWith("250");

            assertThat(receiver.mailsTo("b@y.test").get(0).text()).isEqualTo("abc\r\n.def\r\n");
        }
    }
}
