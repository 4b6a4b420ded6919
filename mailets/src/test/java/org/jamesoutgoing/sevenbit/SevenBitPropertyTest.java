/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every message. */
class SevenBitPropertyTest {

    private static final List<String> TEXT_ENCODINGS = List.of("", "7bit", "8bit", "8BIT (as ever)", "x-unknown");

    @Property(tries = 1000)
    void aReaderSeesTheSameParts(@ForAll("messages") String message) throws Exception {
        byte[] octets = Messages.octets(message);
        byte[] converted = Messages.convert(octets);
        assertSevenBit(converted);
        assertThat(ReadMessage.parts(converted)).isEqualTo(ReadMessage.parts(octets));
    }

    @Property(tries = 1000)
    void aSecondConversionChangesNothing(@ForAll("messages") String message) throws Exception {
        byte[] converted = Messages.convert(Messages.octets(message));
        assertThat(Messages.convert(converted)).isEqualTo(converted);
    }

    @Property(tries = 2000)
    void whateverComesIsConvertedToSevenBitOrRefused(@ForAll("hostile") String message) {
        byte[] octets = Messages.octets(message);
        convertIfPossible(octets).ifPresent(converted -> {
            assertSevenBit(converted);
            assertThat(convertIfPossible(octets))
                    .hasValueSatisfying(again -> assertThat(again).isEqualTo(converted));
            if (message.chars().allMatch(c -> c < 0x80) && !message.contains("inary")) {
                assertThat(converted).isEqualTo(octets);
            }
        });
    }

    private static Optional<byte[]> convertIfPossible(byte[] octets) {
        try {
            return Optional.of(Messages.convert(octets));
        } catch (NotConvertibleException e) {
            return Optional.empty();
        }
    }

    private static void assertSevenBit(byte[] octets) {
        for (byte octet : octets) {
            assertThat(octet).isNotNegative();
        }
    }

    // ---- messages as people send them

    @Provide
    Arbitrary<String> messages() {
        return entity(3).map(entity -> "Subject: x\r\nMIME-Version: 1.0\r\n" + entity);
    }

    private static Arbitrary<String> entity(int depth) {
        Arbitrary<String> leaf = Arbitraries.oneOf(textPart(), binaryPart());
        return depth == 0
                ? leaf
                : Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(3, leaf),
                        net.jqwik.api.Tuple.of(2, Arbitraries.lazy(() -> multipart(depth))),
                        net.jqwik.api.Tuple.of(1, Arbitraries.lazy(() -> message(depth))));
    }

    private static Arbitrary<String> textPart() {
        Arbitrary<String> text = Arbitraries.strings()
                .withChars("abc =\t.\u00e4\u00f6\u00fc\u00df?")
                .withCharRange('A', 'Z')
                .ofMaxLength(200)
                .list()
                .ofMaxSize(6)
                .map(lines -> String.join("\r\n", lines));
        return Combinators.combine(
                        Arbitraries.of("", "text/plain", "text/html; charset=iso-8859-1", "message/delivery-status"),
                        Arbitraries.of(TEXT_ENCODINGS),
                        text)
                .as(SevenBitPropertyTest::part);
    }

    private static Arbitrary<String> binaryPart() {
        Arbitrary<String> body =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Messages::text);
        return Combinators.combine(
                        Arbitraries.of("image/png; name=x", "application/octet-stream", "message/global"),
                        Arbitraries.of("binary", "8bit"),
                        body)
                .as(SevenBitPropertyTest::part);
    }

    private static String part(String type, String encoding, String body) {
        return (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                + (encoding.isEmpty() ? "" : "Content-Transfer-Encoding: " + encoding + "\r\n")
                + "\r\n"
                + body;
    }

    private static Arbitrary<String> multipart(int depth) {
        return Combinators.combine(
                        Arbitraries.of("mixed", "alternative", "signed"),
                        Arbitraries.of("7bit", "8bit", "binary"),
                        entity(depth - 1).list().ofMinSize(1).ofMaxSize(3))
                .as((type, encoding, parts) -> {
                    String boundary = "boundary of " + depth;
                    StringBuilder text = new StringBuilder("Content-Type: multipart/" + type + "; boundary=\""
                            + boundary + "\"\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n");
                    parts.forEach(part -> text.append("--")
                            .append(boundary)
                            .append("\r\n")
                            .append(part)
                            .append("\r\n"));
                    return text.append("--").append(boundary).append("--\r\n").toString();
                });
    }

    private static Arbitrary<String> message(int depth) {
        return Combinators.combine(
                        Arbitraries.of("", "Content-Transfer-Encoding: 8bit\r\n"),
                        Arbitraries.of("a", "Gr\u00c3\u00bc\u00c3\u009fe und mehr", "\u00fc"),
                        entity(depth - 1))
                .as((encoding, subject, inner) -> "Content-Type: message/rfc822\r\n" + encoding + "\r\nSubject: inner "
                        + "\r\nMIME-Version: 1.0\r\nX-Other: " + subject + "\r\n" + inner);
    }

    // ---- messages as nobody sends them

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> piece = Arbitraries.of(
                "\r\n",
                "\r\n\r\n",
                "\n",
                "\r",
                "\0",
                " ",
                "\t",
                "--",
                "--b",
                "--b--",
                "--c",
                "\u00fc",
                "\u00c3\u00bc",
                "=",
                "=?utf-8?q?x?=",
                "(",
                ")",
                "\"",
                "<",
                ">",
                "@",
                ",",
                ";",
                ":",
                "\\",
                "*",
                "'",
                "Content-Type:",
                "multipart/mixed; boundary=b",
                "multipart/digest; boundary=\"c\"",
                "message/rfc822",
                "text/plain",
                "image/png",
                "message/partial",
                "; name=",
                "; boundary=",
                "; filename*0=",
                "Content-Transfer-Encoding:",
                "base64",
                "quoted-printable",
                "8bit",
                "binary",
                "MIME-Version: 1.0\r\n",
                "Subject:",
                "From:",
                "To: a ",
                "Message-ID:",
                "Content-Disposition: attachment",
                "Received:",
                "x",
                "y z",
                "1234567890".repeat(120),
                "\r\n--b\r\n",
                "\r\n--c\r\n",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
        return piece.list().ofMaxSize(60).map(pieces -> String.join("", pieces));
    }
}
