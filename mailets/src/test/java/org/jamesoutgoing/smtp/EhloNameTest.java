/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.await;
import static org.jamesoutgoing.smtp.Mails.envelope;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.net.InetAddress;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5321 §4.1.1.1: a full name, or an address literal. */
class EhloNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.example.com",
                "james.test",
                "MAIL.Example.com",
                "mx-1.a_b.example",
                "mail.xn--mnchen-3ya.example",
                "mail.xn--p1ai",
                "[192.0.2.1]",
                "[IPv6:2001:db8::1]",
            })
    void aNameWithADotAndAnAddressLiteralAreSaidAsTheyAre(String name) throws Exception {
        assertThat(EhloName.isSaid(name)).isTrue();
        assertThat(EhloName.of(name, InetAddress.getByName("192.0.2.9"))).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "localhost.localdomain",
                "mail.localdomain",
                "mail.localhost",
                "mail",
                "mail.",
                ".mail",
                "mail..example",
                "mail.example.",
                "mail.-.example",
                "192.0.2.1",
                "2001:db8::1",
                "[mail]",
                "[2001:db8::1]",
                "[IPv6:192.0.2.1]",
                "mail.example@x",
            })
    void anythingElseIsNotSaid(String name) throws Exception {
        assertThat(EhloName.isSaid(name)).isFalse();
        assertThat(EhloName.of(name, InetAddress.getByName("192.0.2.9"))).isEqualTo("[192.0.2.9]");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, [192.0.2.1]", "2001:db8::1, [IPv6:2001:db8::1]", "fe80::1, [IPv6:fe80::1]"})
    void theLiteralIsWrittenAsItsFamilyIs(String address, String literal) throws Exception { // RFC 5321 §4.1.3
        assertThat(EhloName.of("localhost", InetAddress.getByName(address))).isEqualTo(literal);
    }

    @Test
    void theAddressIsOursOnTheConnectionThatItIsSaidOn() { // RFC 5321 §4.1.4
        try (FakeSmtpServer server = new FakeSmtpServer();
                SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults())) {
            server.on("EHLO", "502 5.5.1 from before 1995");
            await(client.deliver(
                    server.host(), Changed.of(settings(), "heloName", "localhost"), envelope("a@x.test"), message()));
            assertThat(server.commands).contains("EHLO [127.0.0.1]", "HELO [127.0.0.1]");
        }
    }
}
