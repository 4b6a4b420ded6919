/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeLineTest {
    @ParameterizedTest
    @CsvSource({
        "'a\r\nb', a b",
        "' a \t\0 b ', a b",
        "'a\u0085b\u2028c\u2029d\u00a0e\u007ff', a b c d e f",
        "'a\u202eb\u2066c', abc",
        "'\ud800x', '\ufffdx'",
        "'', ''",
        "'\r\n', ''",
    })
    void whateverBreaksOrTurnsALineIsGone(String text, String line) {
        assertThat(SafeLine.of(text, 100)).isEqualTo(line);
    }

    @Test
    void aCutLeavesWholeCharacters() {
        assertThat(SafeLine.of("ab", 2)).isEqualTo("ab");
        assertThat(SafeLine.of("abc", 2)).isEqualTo("ab [...]");
        assertThat(SafeLine.of("a\ud83c\udf55b", 2)).isEqualTo("a [...]");
    }

    @Test
    void inAsciiOtherCharactersAreEscaped() { // RFC 6533 §3
        assertThat(SafeLine.ascii("caf\u00e9 \ud83c\udf55", 100)).isEqualTo("caf\\x{E9} \\x{1F355}");
        assertThat(SafeLine.ascii("\u00e9".repeat(5), 10)).isEqualTo("\\x{E9}\\x{E [...]");
    }
}
