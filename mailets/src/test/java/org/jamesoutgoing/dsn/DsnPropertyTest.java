/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.octets;
import static org.jamesoutgoing.dsn.Samples.report;
import static org.jamesoutgoing.dsn.Samples.request;

import java.util.Optional;
import javax.mail.MessagingException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.dsn.template.DsnKind;

/** Whatever strangers write: a valid report with exactly our fields ({@link ParsedDsn#valid}) and our groups. */
class DsnPropertyTest {
    @Property(tries = 500)
    void noTextInjectsAFieldOrBreaksTheReport(
            @ForAll DsnKind kind,
            @ForAll("texts") String subject,
            @ForAll("texts") String reply,
            @ForAll("texts") String other)
            throws MessagingException { // RFC 5322 §2.2
        byte[] original = ("Subject: " + subject + "\r\nMessage-ID: " + other + "\r\n\r\nHi\r\n").getBytes(ISO_8859_1);
        RecipientReport hostile = new RecipientReport(
                BOB, other, Optional.of(reply), Optional.of(other), other, Samples.ATTEMPT, Optional.empty());

        ParsedDsn dsn = ParsedDsn.valid(
                composer().compose(request(kind, mail(original), hostile, report(CAROL, "5.1.1", other))));

        assertThat(dsn.groups()).hasSize(3);
        assertThat(dsn.parts()).hasSize(3);
    }

    @Property(tries = 500)
    void noOriginalBreaksTheReport(@ForAll DsnKind kind, @ForAll("messages") byte[] original)
            throws MessagingException { // RFC 2046 §5.1.1
        MailImpl mail = mail(original);

        ParsedDsn dsn = ParsedDsn.valid(composer().compose(request(kind, mail, report(BOB, "5.1.1", "550 no"))));

        assertThat(dsn.groups()).hasSize(2);
        String canonical = new String(BodyEncoding.canonical(original), ISO_8859_1);
        dsn.returned().ifPresent(part -> {
            String returned = new String(part.body(), ISO_8859_1);
            assertThat(canonical).startsWith(returned);
            assertThat(returned.equals(canonical) || !part.type().equals("message/rfc822"))
                    .isTrue();
        });
    }

    @Property(tries = 200)
    void composingTwiceGivesTheSameOctets(@ForAll("messages") byte[] original) throws MessagingException {
        DsnRequest request = request(DsnKind.FAILURE, mail(original), report(BOB, "5.1.1", "550 no"));

        assertThat(octets(composer().compose(request)))
                .isEqualTo(octets(composer().compose(request)));
    }

    /** All of Unicode, lone surrogates too, rich in what has a meaning somewhere. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> meaningful = Arbitraries.of(
                "\r\n",
                "\n",
                "\r",
                "\0",
                "\r\n\r\n",
                "\r\n ",
                "Bcc: x@y",
                ":",
                "<a@b>",
                "=?UTF-8?B?DQpYOiB5DQo=?=",
                "=?",
                "?=",
                "550 ",
                "5.1.1",
                "--=_4f2a",
                "--=_4f2a--",
                " ",
                "\t",
                "\u00e9",
                "\u202e",
                "\u2028",
                "\ud83c\udf55",
                "\ud800",
                "\\x{",
                ";",
                "\"",
                "x".repeat(200));
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(20);
        return Arbitraries.oneOf(meaningful, anything).list().ofMaxSize(12).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<byte[]> messages() {
        Arbitrary<String> meaningful = Arbitraries.of(
                "Subject: a\r\n",
                "Content-Type: multipart/mixed; boundary=b\r\n",
                "\r\n",
                "\n",
                "\r",
                "\r\n\r\n",
                "--b\r\n",
                "--b--\r\n",
                "--=_4f2a\r\n",
                "\r\n--=_4f2a--\r\n",
                "\0",
                ".\r\n",
                "\u00e9",
                " folded\r\n",
                "y".repeat(999),
                "y".repeat(998) + "\r\n",
                "line\r\n".repeat(12_000));
        Arbitrary<String> anything =
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(40);
        return Arbitraries.oneOf(meaningful, anything).list().ofMaxSize(10).map(pieces -> String.join("", pieces)
                .getBytes(ISO_8859_1));
    }
}
