/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whatever a value is, the line's fields are those that were written. */
class LogLineTest {

    private static final Pattern FIELD =
            Pattern.compile("([a-z]+)=(\"(?:[^\"\\\\]|\\\\[\"\\\\])*\"|[^\" =\\\\]+)(?: |$)");

    /** As a machine reads a line; fails where it is not a list of fields. */
    static Map<String, String> parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(line);
        int at = 0;
        while (at < line.length()) {
            assertThat(field.region(at, line.length()).lookingAt())
                    .as("a field at %s of %s", at, line)
                    .isTrue();
            String value = field.group(2);
            String plain = value.startsWith("\"")
                    ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
                    : value;
            assertThat(fields.put(field.group(1), plain)).as("twice").isNull();
            at = field.end();
        }
        return fields;
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "\"",
                "\\",
                "=",
                " ",
                "\n",
                "\r\n",
                "\t",
                "\0",
                "outcome=accepted",
                "\" outcome=\"accepted",
                "\u2028",
                "\u202e",
                "\ud800",
                "{}",
                "%n",
                "mx.example.org",
                "");
        return Arbitraries.oneOf(pieces, Arbitraries.strings().ofMaxLength(40))
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 2000)
    void nothingInAValueForgesAFieldOrALine(
            @ForAll("hostile") String host, @ForAll("hostile") String reply, @ForAll("hostile") String recipient) {
        String line = new LogLine()
                .with("to", recipient)
                .with("host", Optional.of(host))
                .with("outcome", "deferred")
                .quoted("reply", reply)
                .text();

        assertThat(line.codePoints())
                .noneMatch(c -> Character.isISOControl(c)
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.SURROGATE);
        Map<String, String> fields = parse(line);
        assertThat(fields.keySet()).containsExactly("to", "host", "outcome", "reply");
        assertThat(fields).containsEntry("outcome", "deferred");
    }

    @Test
    void aPrintableValueIsReadBackAsItWasWritten() {
        String value = "550 5.1.1 \"bob\" \\ =? 不明";
        assertThat(parse(new LogLine().with("reply", value).text())).containsEntry("reply", value);
    }

    @Test
    void plainValuesStandAsTheyAre() {
        assertThat(new LogLine()
                        .with("host", "mx1.example.org")
                        .with("address", "2001:db8::1")
                        .with("tls", "TLSv1.3/TLS_AES_256_GCM_SHA384")
                        .with("sender", "<>")
                        .with("next", Optional.empty())
                        .quoted("reply", "ok")
                        .text())
                .isEqualTo(
                        "host=mx1.example.org address=2001:db8::1 tls=TLSv1.3/TLS_AES_256_GCM_SHA384 sender=<> next=-"
                                + " reply=\"ok\"");
    }

    @Test
    void anEmptyValueIsNotNothing() {
        assertThat(new LogLine().with("host", "").text()).isEqualTo("host=\"\"");
    }

    @Test
    void aValueHasAnEnd() {
        assertThat(new LogLine().with("reply", "😀".repeat(5000)).text())
                .hasSizeLessThan(1100)
                .endsWith("…\"");
    }
}
