/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.sevenbit.Messages.convert;
import static org.jamesoutgoing.sevenbit.Messages.converted;
import static org.jamesoutgoing.sevenbit.Messages.octets;
import static org.jamesoutgoing.sevenbit.Messages.text;
import static org.jamesoutgoing.sevenbit.Messages.utf8;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies and structure: RFC 6152 §3, RFC 2045 §6, RFC 2046 §5. */
class SevenBitMessageTest {

    private static final String MIXED = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b b\"\n";

    @Test
    void textBecomesQuotedPrintable() throws Exception { // RFC 2045 §6.7
        assertThat(
                        convert(
                                """
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: 8bit

                        Grüße = 1 and some words that need no escape
                        tab\t
                        space\s
                        """))
                .isEqualTo(
                        """
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        Gr=C3=BC=C3=9Fe =3D 1 and some words that need no escape
                        tab=09
                        space=20
                        """);
    }

    @Test
    void textThatWouldBeMostlyEscapesBecomesBase64() throws Exception {
        String text = "Съешь ещё этих мягких французских булок\r\n".repeat(3);
        String converted = convert("Content-Type: text/plain; charset=utf-8\n\n" + text.replace("\r\n", "\n"));
        assertThat(converted).contains("Content-Transfer-Encoding: base64\n");
        assertThat(Base64.getMimeDecoder().decode(converted.substring(converted.indexOf("\n\n"))))
                .isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void whatIsNoTextBecomesBase64WithEveryOctet() throws Exception { // RFC 2045 §6.8
        byte[] every = new byte[600];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) (i * 7);
        }
        String head = "Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        String converted = text(convert(octets(head + text(every))));
        assertThat(converted).contains("Content-Transfer-Encoding: base64\r\n").doesNotContain("binary");
        String body = converted.substring(converted.indexOf("\r\n\r\n") + 4);
        assertThat(body.lines()).allMatch(line -> line.length() <= 76);
        assertThat(Base64.getMimeDecoder().decode(body)).isEqualTo(every);
    }

    @Test
    void anEncodedLineHasAtMost76CharactersAndSoftBreaks() throws Exception { // RFC 2045 §6.7 (5)
        String line = "ü xyzxyz xyz ".repeat(500) + " ".repeat(200);
        String converted = convert("Content-Type: text/plain\n\n" + line + "\nend\n");
        String body = converted.substring(converted.indexOf("\n\n") + 2);
        assertThat(body.lines()).allMatch(each -> each.length() <= 76 && !each.endsWith(" "));
        assertThat(Decoded.quotedPrintable(body)).isEqualTo(text(utf8(line)) + "\nend\n");
    }

    @Test
    void aMessageThatSaysNothingOfMimeIsLabelled() throws Exception { // RFC 1428 §3, RFC 2045 §4
        assertThat(convert("Subject: x\n\nMany Grüße from here\n"))
                .isEqualTo(
                        """
                        Subject: x
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        Many Gr=C3=BC=C3=9Fe from here
                        """);
        assertThat(text(convert(octets("Subject: x\r\n\r\nMany Gr\u00fc\u00dfe from here\r\n"))))
                .contains("charset=unknown-8bit")
                .endsWith("Many Gr=FC=DFe from here\r\n");
    }

    @Test
    void aPartWithoutEightBitOctetsStaysOctetByOctet() throws Exception {
        String part =
                """
                Content-type: TEXT/plain;
                 charset=us-ascii (as ever)
                X-Odd:   spaces\t
                Content-Transfer-Encoding:8bit

                From here = it stays, trailing space too\s
                .
                """;
        String message = MIXED
                + "Content-Transfer-Encoding: 8bit\n\npreamble\n--b b\n%s--b b \t\n\nthis ü is it\n--b b--\nepilogue\n";
        assertThat(convert(message.formatted(part)))
                .isEqualTo(MIXED
                        + "Content-Transfer-Encoding: 7bit\n\npreamble\n--b b\n"
                        + part
                        + "--b b \t\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding:"
                        + " quoted-printable\n\nthis =C3=BC is it\n--b b--\nepilogue\n");
    }

    @Test
    void aMessageWithoutEightBitOctetsStaysAsItIs() throws Exception {
        String message = MIXED + "\n--b b\n\nx\ry\nz\n--b b--";
        assertThat(text(convert(octets(message)))).isEqualTo(message);
    }

    @Test
    void multipartAndMessageAreWalkedIntoAndNeverEncoded() throws Exception { // RFC 2045 §6.4
        String converted = convert(
                MIXED
                        + """
                Content-Transfer-Encoding: 8bit

                --b b
                Content-Type: message/rfc822
                Content-Transfer-Encoding: binary

                Subject: inner
                Content-Type: multipart/digest; boundary=in
                Content-Transfer-Encoding: 8BIT

                --in

                Subject: Grüße

                Many Grüße from here
                --in--
                --b b
                Content-Type: application/x

                \u00e4
                --b b--
                """);
        assertThat(converted)
                .isEqualTo(
                        MIXED
                                + """
                        Content-Transfer-Encoding: 7bit

                        --b b
                        Content-Type: message/rfc822
                        Content-Transfer-Encoding: 7bit

                        Subject: inner
                        Content-Type: multipart/digest; boundary=in
                        Content-Transfer-Encoding: 7bit
                        MIME-Version: 1.0

                        --in

                        Subject: =?utf-8?b?R3LDvMOfZQ==?=
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        Many Gr=C3=BC=C3=9Fe from here
                        --in--
                        --b b
                        Content-Type: application/x
                        Content-Transfer-Encoding: base64

                        w6Q=
                        --b b--
                        """);
    }

    @Test
    void whatIsAroundPartsBecomesAscii() throws Exception { // RFC 2046 §5.1.1
        assertThat(convert(MIXED + "\nprä\n--b b\n\nx\n--b b--\nü\n"))
                .isEqualTo(MIXED + "\npr??\n--b b\n\nx\n--b b--\n??\n");
    }

    @Test
    void theLineEndBeforeABoundaryIsNotOfTheBody() throws Exception { // RFC 2046 §5.1.1
        assertThat(convert(MIXED + "\n--b b\nContent-Type: x/y\n\nü\n\n--b b--\n"))
                .contains("\n\nw7wNCg==\n--b b--\n");
        assertThat(convert(MIXED + "\n--b b\nContent-Type: text/plain\n\nalso this ü \n--b b--\n"))
                .contains("\n\nalso this =C3=BC=20\n--b b--\n");
    }

    @Test
    void aBoundaryOfAnOuterMultipartEndsTheInnerOne() throws Exception { // RFC 2046 §5.1.2
        String message = MIXED
                + "\n--b b\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\nx\n--b b\nContent-Type: text/plain\n\nalso this ü\n";
        assertThat(convert(message))
                .endsWith("--in\n\nx\n--b b\nContent-Type: text/plain\n"
                        + "Content-Transfer-Encoding: quoted-printable\n\nalso this =C3=BC\n");
    }

    @Test
    void aBoundaryIsSeenWhereTheReceiverWillSeeIt()
            throws Exception { // RFC 5321 §2.3.8: bare CR and LF end lines, NUL goes
        String converted = text(
                convert(
                        octets(
                                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\n\nx\r-\0-b\rContent-Type: x/y\n\n\u00fc\n--b--")));
        assertThat(converted)
                .endsWith("x\r-\0-b\rContent-Type: x/y\nContent-Transfer-Encoding: base64\r\n\n/A==\n--b--");
    }

    @Test
    void quotedPrintableWithEightBitOctetsIsMended() throws Exception {
        String head = "MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: Quoted-Printable\n\n";
        assertThat(convert(head + "=C3=BC ü=\n=3D\n"))
                .isEqualTo(head.replace("Quoted-P", "quoted-p") + "=C3=BC =C3=BC=\n=3D\n");
        String body = convert(head + "=3Dü".repeat(100));
        body = body.substring(body.indexOf("\n\n") + 2);
        assertThat(body.lines()).allMatch(line -> line.length() <= 76);
        assertThat(Decoded.quotedPrintable(body)).isEqualTo("=\u00c3\u00bc".repeat(100));
    }

    @Test
    void base64WithEightBitOctetsLosesWhatDecodersIgnore() throws Exception { // RFC 2045 §6.8
        assertThat(convert("MIME-Version: 1\nContent-Type: a/b\nContent-Transfer-Encoding: base64\n\nw6\u00e4Q=\n"))
                .endsWith("base64\n\nw6Q=\n");
    }

    @Test
    void signaturesThatDoNotSurviveAreKnown() throws Exception { // RFC 6152 §3
        String signed = "\nContent-Type: multipart/signed; boundary=b\n\n--b\n\nx%s\n--b\n\nsig\n--b--\n";
        assertThat(converted(utf8("DKIM-Signature: v=1\nSubject: ü" + signed.formatted("")))
                        .breaksDkim())
                .isTrue();
        assertThat(converted(utf8("Subject: x" + signed.formatted("ü"))).breaksSignedPart())
                .isTrue();
        assertThat(converted(utf8("Subject: x" + signed.formatted("ü"))).breaksDkim())
                .isFalse();
    }

    @Test
    void everyReadingIsTheSame() throws Exception {
        SevenBitMessage message = converted(utf8(MIXED + "Subject: ü\n\n--b b\n\nä\n--b b--\n"));
        byte[] first = message.open().readAllBytes();
        assertThat(message.open().readAllBytes()).isEqualTo(first);
        try (var in = message.open()) {
            for (byte octet : first) {
                assertThat(in.read()).isEqualTo(octet & 0xff);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // RFC 2045 §6.4: neither may be encoded.
                "Content-Type: multipart/mixed\n\nü\n",
                "Content-Type: multipart/mixed; boundary=\"ü\"\n\n--ü\n\nx\n--ü--\n",
                "Content-Type: message/partial; id=a; number=1\n\nü\n",
                // Nothing would be left of it.
                "Content-Type: multipart/mixed; boundary=never\n\nü\n",
                // RFC 2047 §5: no encoded words in addresses and identifiers.
                "From: ü@example.org\n\nx\n",
                "To: a <ü@example.org>\n\nx\n",
                "Cc: a@ü.example\n\nx\n",
                "To: \"ü\"@example.org\n\nx\n",
                "Message-ID: <ü@example.org>\n\nx\n",
                "Content-Type: text/ü\n\nx\n",
                "nö field\n\nx\n",
                "Fü: x\n\nx\n"
            })
    void whatHasNoSevenBitFormIsRefused(String message) {
        assertThatThrownBy(() -> convert(message)).isInstanceOf(NotConvertibleException.class);
    }
}
