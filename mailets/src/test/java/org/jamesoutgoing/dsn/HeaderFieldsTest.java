/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class HeaderFieldsTest {
    private static String field(String value) {
        return new String(new HeaderFields(ZoneOffset.UTC).add("Name", value).bytes(), US_ASCII);
    }

    @Test
    void aLineEndInAValueIsNoLineEnd() {
        assertThat(field("a\r\nB: c\u00e9\0")).isEqualTo("Name: a??B: c??\r\n");
    }

    @Test
    void linesBreakBeforeAWordAt78() { // RFC 5322 §2.1.1
        assertThat(field("1234567890 ".repeat(14).strip()))
                .isEqualTo("Name: 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\r\n"
                        + " 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\r\n"
                        + " 1234567890\r\n");
    }

    @Test
    void aWordUpTo900StaysWhole() {
        assertThat(field("x".repeat(890))).isEqualTo("Name: " + "x".repeat(890) + "\r\n");
    }

    @Property
    void unfoldingGivesTheValueBack(
            @ForAll @AlphaChars @Chars({' ', ' ', ' '}) @StringLength(max = 600) String value) { // RFC 5322 §2.2.3
        assertThat(field(value).replace("\r\n ", " ")).isEqualTo("Name: " + value + "\r\n");
    }

    @Property
    void noLineIsTooLongOrEmpty(
            @ForAll @AlphaChars @Chars(' ') @StringLength(min = 1, max = 5_000) String value) { // RFC 5322 §2.1.1
        String folded = field(value);
        String[] lines = folded.substring(0, folded.length() - 2).split("\r\n", -1);

        assertThat(lines).allMatch(line -> line.length() <= 998);
        assertThat(Arrays.stream(lines).skip(1)).allMatch(line -> line.startsWith(" ") && !line.isBlank());
    }
}
