/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jamesoutgoing.dns.MailDomain.Literal;
import org.jamesoutgoing.dns.MailDomain.Malformed;
import org.jamesoutgoing.dns.MailDomain.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class MailDomainTest {
    /** RFC 5890 §2.3.2.1, UTS #46 §4; the deviations of §1.2 keep their letters. */
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "Example.COM., example.com",
        "localhost, localhost",
        "under_score.example, under_score.example",
        "bücher.example, xn--bcher-kva.example",
        "BÜCHER.example, xn--bcher-kva.example",
        "bu\u0308cher.example, xn--bcher-kva.example",
        "XN--BCHER-KVA.example, xn--bcher-kva.example",
        "例え.テスト, xn--r8jz45g.xn--zckzah",
        "例え。テスト, xn--r8jz45g.xn--zckzah",
        "ｅｘａｍｐｌｅ．com, example.com",
        "straße.example, xn--strae-oqa.example",
        "STRAẞE.example, xn--strae-oqa.example",
        "βόλος.example, xn--nxasmm1c.example",
        "ΒΌΛΟσ.example, xn--nxasmq6b.example",
        "نامه\u200cای.example, xn--mgba3gch31f060k.example",
        "1.example, 1.example",
        "3com.1, 3com.1",
    })
    void aNameBecomesALabels(String spelling, String ascii) {
        assertThat(MailDomain.parse(spelling)).isEqualTo(new Name(ascii));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                ".",
                "..",
                ".example",
                "a..b",
                "a b",
                " a",
                "a\u0000b",
                "a\nb",
                "a@b",
                "a/b",
                "a:25",
                "a%b",
                "(c)",
                "\\.",
                "127.0.0.1",
                "::1",
                "…",
                "a＠b",
                "a／b",
                "\ud800",
                "ü ß",
                "\u0378 x",
                "*.example"
            })
    void whatNoDomainCanBeIsMalformed(String text) {
        assertThat(MailDomain.parse(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void lengthsAreLimited() { // RFC 1035 §2.3.4
        String label = "x".repeat(63);
        String longest = label + "." + label + "." + label + "." + "x".repeat(61);
        assertThat(MailDomain.parse(longest + ".")).isEqualTo(new Name(longest));
        assertThat(MailDomain.parse(longest + "x")).isInstanceOf(Malformed.class);
        assertThat(MailDomain.parse("x".repeat(64))).isInstanceOf(Malformed.class);
        assertThat(MailDomain.parse("ü".repeat(64))).isInstanceOf(Malformed.class);
        assertThat(MailDomain.parse("ß".repeat(64))).isInstanceOf(Malformed.class);
        assertThat(MailDomain.parse("x.".repeat(100_000))).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "[192.0.2.1], 192.0.2.1",
        "[IPv6:2001:db8::1], 2001:db8:0:0:0:0:0:1",
        "[ipv6:::1], 0:0:0:0:0:0:0:1",
        "[::1], 0:0:0:0:0:0:0:1",
        "[IPv6:::ffff:192.0.2.1], 192.0.2.1",
    })
    void anAddressLiteralIsRead(String text, String address) { // RFC 5321 §4.1.3
        MailDomain domain = MailDomain.parse(text);
        assertThat(domain).isInstanceOf(Literal.class);
        assertThat(((Literal) domain).text()).isEqualTo(text);
        assertThat(((Literal) domain).address().getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[]",
                "[192.0.2.1",
                "[192.0.2]",
                "[192.0.2.256]",
                "[192.0.2.1].",
                "[IPv6:192.0.2.1]",
                "[IPv6:]",
                "[tag:x]",
                "[example.com]"
            })
    void anotherLiteralIsMalformed(String text) {
        assertThat(MailDomain.parse(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void noInputMakesAnExceptionAndNoNameIsIllegal() {
        Random random = new Random(1);
        String alphabet = "aZ0-_.[]:\u00fc\u00df\u03c2\u200d\u3002\u05d0\u0660\ud83d\ude00\u0301\uff0e\u0000 xn--";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(
                        random.nextInt(10) == 0
                                ? (char) random.nextInt(0x10000)
                                : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            MailDomain domain = MailDomain.parse(text.toString());
            if (domain instanceof Name name) {
                assertThat(name.ascii()).matches("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");
                assertThat(MailDomain.parse(name.ascii())).isEqualTo(name);
            }
        }
    }

    @Test
    void theParentIsOneLabelShorterAndNoTopLevelDomain() {
        assertThat(new Name("a.b.example.com").parent()).contains(new Name("b.example.com"));
        assertThat(new Name("example.com").parent()).isEmpty();
        assertThat(new Name("com").parent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "a",
                "-",
                "_",
                "a.b.c.d.e",
                "1.2.3.4",
                "1.2.3.4a",
                "1.2.3.0x4",
                "1",
                "a.1",
                "1.a",
                "",
                ".",
                "a.",
                ".a",
                "a..b",
                "A.b",
                "ü.b",
                "a b",
                "a\n",
                "a.b\u3002c",
                "xn--mnchen-3ya.example",
                "::1"
            })
    void theQuickWayToTheOneSpellingComesToTheSameAsTheLongOne(String domain) {
        assertThat(MailDomain.parse(domain)).isEqualTo(MailDomain.parseAnySpelling(domain));
    }

    @Test
    void theQuickWayComesToTheSameAtTheLimitsOfLength() { // RFC 1035 §2.3.4
        for (int length = 61; length <= 66; length++) {
            String label = "a".repeat(length);
            theQuickWayToTheOneSpellingComesToTheSameAsTheLongOne(label);
            theQuickWayToTheOneSpellingComesToTheSameAsTheLongOne("b." + label + ".c");
        }
        for (int length = 250; length <= 258; length++) {
            theQuickWayToTheOneSpellingComesToTheSameAsTheLongOne(
                    "a.".repeat(130).substring(0, length - 1) + "b");
        }
    }

    @Test
    void theQuickWayComesToTheSameForAnyText() {
        Random random = new Random(4);
        String letters = "aZz09-_..  *@ü\u3002ß1";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder domain = new StringBuilder();
            for (int length = random.nextInt(9); length > 0; length--) {
                domain.append(letters.charAt(random.nextInt(letters.length())));
            }
            theQuickWayToTheOneSpellingComesToTheSameAsTheLongOne(domain.toString());
        }
    }
}
