/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.mailets.Notifying.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.jamesoutgoing.dsn.ParsedDsn;

/** Whatever stands in a mail or a parameter, the DSN is valid and has our fields only. */
class HostileNotificationPropertyTest {

    private static final String BOMB = "=?UTF-8?B?"
            + Base64.getEncoder().encodeToString("\r\nBcc: x@y\r\n".getBytes(StandardCharsets.UTF_8)) + "?=";

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(200),
                Arbitraries.of(
                        "x\r\nBcc: victim@example.com",
                        "x\nBcc: victim@example.com\n\nHello",
                        "\r\n--=_alternative--\r\n\r\n--=_--\r\n",
                        "{{subject}} {{#recipients}} {{>x}} [machine]",
                        BOMB.repeat(500),
                        "\0\u0001\u001b[31m\u0085\u2028\u202e",
                        "\ud800 \ufffe",
                        "$1 \\ $",
                        "\u00e9".repeat(50_000),
                        "x".repeat(50_000)));
    }

    @Property(tries = 300)
    void nothingIsInjected(
            @ForAll("texts") String subject,
            @ForAll("texts") String prefix,
            @ForAll("texts") String messageString,
            @ForAll("texts") String error)
            throws Exception {
        ParsedDsn dsn = Notifying.with("prefix", prefix, "messageString", messageString, "sender", "ms@here.test")
                .dsnAbout(mail("Subject: " + subject + "\r\n\r\nHi\r\n")
                        .errorMessage(error)
                        .attribute(attribute("delivery-error", "550 " + error))
                        .attribute(attribute("delivery-error-status", error))
                        .attribute(attribute("delivery-error-host", error)));

        // ParsedDsn has checked that there is no other field than ours.
        assertThat(dsn.header("From")).isEqualTo("ms@here.test");
        assertThat(dsn.header("To")).isEqualTo("<alice@example.org>");
        assertThat(dsn.groups()).hasSize(2);
        assertThat(dsn.alternatives()).hasSize(1);
    }

    private static Attribute attribute(String name, String value) {
        return new Attribute(AttributeName.of(name), AttributeValue.of(value));
    }
}
