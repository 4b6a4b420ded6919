/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What leaves is clean (RFC 5321 §2.3.8, §4.5.2, §4.5.3.1.6). */
class ContentNormaliserTest {

    private static String wire(String message, boolean dots, int portion) {
        return new String(wire(message.getBytes(ISO_8859_1), dots, portion), ISO_8859_1);
    }

    private static byte[] wire(byte[] message, boolean dots, int portion) {
        ContentNormaliser normaliser = new ContentNormaliser(dots);
        ByteBuf out = Unpooled.buffer();
        for (int at = 0; at < message.length; at += portion) {
            byte[] in = Arrays.copyOfRange(message, at, Math.min(message.length, at + portion));
            normaliser.write(in, in.length, out);
        }
        normaliser.finish(out);
        byte[] wire = new byte[out.readableBytes()];
        out.readBytes(wire);
        return wire;
    }

    private static String escape(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = true,
            nullValues = "NIL",
            value = {
                "'',            ''",
                "a,             a\\r\\n",
                "a\\r\\n,       a\\r\\n",
                "a\\n,          a\\r\\n",
                "a\\r,          a\\r\\n",
                "a\\r\\n\\r\\n, a\\r\\n\\r\\n",
                "a\\n\\nb,      a\\r\\n\\r\\nb\\r\\n",
                "a\\r\\rb,      a\\r\\n\\r\\nb\\r\\n",
                "a\\n\\rb,      a\\r\\n\\r\\nb\\r\\n",
                "a\\r\\0\\nb,   a\\r\\nb\\r\\n",
                "a\\0b,         ab\\r\\n",
                ".,             ..\\r\\n",
                ".a\\n.\\n..,   ..a\\r\\n..\\r\\n...\\r\\n",
                "a.b\\n\\0.,    a.b\\r\\n..\\r\\n",
                "a\\n.\\nb,     a\\r\\n..\\r\\nb\\r\\n", // SMTP smuggling: LF . LF
                "a\\r.\\rb,     a\\r\\n..\\r\\nb\\r\\n",
                "a\\r\\n.\\rb,  a\\r\\n..\\r\\nb\\r\\n",
                "a\\n.\\r\\nb,  a\\r\\n..\\r\\nb\\r\\n",
            })
    void lineEndsAndDots(String message, String expected) {
        String raw = message.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        assertThat(escape(wire(raw, true, 1000))).isEqualTo(expected);
        assertThat(escape(wire(raw, true, 1))).isEqualTo(expected);
    }

    @Test
    void linesOf998OctetsPassAndLongerOnesAreBrokenBeforeASpace() { // RFC 5322 §2.1.1
        String full = "x".repeat(998);
        assertThat(wire(full + "\r\n", true, 100)).isEqualTo(full + "\r\n");
        assertThat(wire(full + "y\r\n", true, 100)).isEqualTo(full + "\r\n y\r\n");
        assertThat(wire(full + ".\r\n.", true, 100)).isEqualTo(full + "\r\n .\r\n..\r\n");
        // The dot that is added does not count (RFC 5321 §4.5.3.1.6).
        assertThat(wire("." + "x".repeat(997), true, 100)).isEqualTo(".." + "x".repeat(997) + "\r\n");
        assertThat(wire("x".repeat(100_000), true, 4096).split("\r\n")).allMatch(line -> line.length() <= 998);
    }

    @Test
    void aCharacterIsNotBroken() {
        String text = "x".repeat(997) + "\u20ac" + "y";
        String wire = new String(wire(text.getBytes(StandardCharsets.UTF_8), true, 2000), StandardCharsets.UTF_8);
        assertThat(wire).isEqualTo("x".repeat(997) + "\r\n \u20acy\r\n");
        String only8bit = "\u0080".repeat(2000);
        assertThat(wire(only8bit, false, 100).replace("\r\n ", "").strip()).isEqualTo(only8bit);
    }

    @Provide
    Arbitrary<String> messages() {
        return Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.of("\r", "\n", "\r\n", ".", "\0", "\r\n.\r\n", "\n.\n", "\r.\r")),
                        Tuple.of(3, Arbitraries.of("a", " ", "\u00e4", "MAIL FROM:<x@y>")),
                        Tuple.of(1, Arbitraries.of("x".repeat(997), "y".repeat(999), "\u00e2\u0082\u00ac".repeat(400))))
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 5_000)
    void nothingInAMessageEndsItEarlyOnData(
            @ForAll("messages") String message, @ForAll @IntRange(min = 1, max = 3000) int portion) {
        String wire = wire(message, true, portion);
        assertClean(wire);
        assertThat("\r\n" + wire).doesNotContain("\r\n.\r\n");
        assertThat(wire.lines()).noneMatch(line -> line.startsWith(".") && !line.startsWith(".."));
        // The receiver takes the dots out and has what BDAT would have brought.
        assertThat(("\r\n" + wire).replace("\r\n..", "\r\n.").substring(2)).isEqualTo(wire(message, false, 100));
    }

    @Property(tries = 5_000)
    void nothingIsBareOnBdat(@ForAll("messages") String message, @ForAll @IntRange(min = 1, max = 3000) int portion) {
        assertClean(wire(message, false, portion));
    }

    private static void assertClean(String wire) {
        String withoutLineEnds = wire.replace("\r\n", "");
        assertThat(withoutLineEnds).doesNotContain("\r").doesNotContain("\n").doesNotContain("\0");
        assertThat(wire.isEmpty() || wire.endsWith("\r\n")).isTrue();
        assertThat(wire.split("\r\n")).allMatch(line -> line.length() <= 999);
    }

    @Property(tries = 2_000)
    void aCleanMessagePassesUnchanged(@ForAll("messages") String message) {
        String clean = wire(message, false, 1000);
        assertThat(wire(clean, false, 7)).isEqualTo(clean);
    }
}
