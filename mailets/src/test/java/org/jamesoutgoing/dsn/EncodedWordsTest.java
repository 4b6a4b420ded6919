/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UnsupportedEncodingException;
import java.util.Arrays;
import javax.mail.internet.MimeUtility;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EncodedWordsTest {
    @Test
    void plainTextStaysPlain() {
        assertThat(EncodedWords.encode("Lunch on Friday? (12:00)")).isEqualTo("Lunch on Friday? (12:00)");
    }

    @Test
    void whatLooksEncodedIsEncoded() { // RFC 2047 §7
        assertThat(EncodedWords.encode("a =?UTF-8?Q?b?=")).isEqualTo("=?UTF-8?B?YSA9P1VURi04P1E/Yj89?=");
    }

    @Property(tries = 300)
    void eachWordIsShortAndOfWholeCharacters(@ForAll("texts") String text)
            throws UnsupportedEncodingException { // RFC 2047 §5
        String[] words = EncodedWords.encode(text + "\u00e9").split(" ", -1);

        assertThat(words).allMatch(word -> word.length() <= 75);
        StringBuilder decoded = new StringBuilder();
        for (String word : Arrays.asList(words)) {
            decoded.append(MimeUtility.decodeText(word));
        }
        assertThat(decoded).hasToString(text + "\u00e9");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", " ", "\u00e9", "\u20ac", "\ud83c\udf55", "=?", "word")
                .list()
                .ofMaxSize(60)
                .map(pieces -> String.join("", pieces));
    }
}
