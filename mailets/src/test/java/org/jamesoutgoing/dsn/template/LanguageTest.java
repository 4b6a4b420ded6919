/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {
    @ParameterizedTest
    @CsvSource({
        "de, de",
        "de-CH, de-ch de",
        "zh-Hant-TW, zh-hant-tw zh-hant zh",
        "de_AT, de-at de",
        // RFC 4647 §3.4: a single character goes with what it introduces.
        "zh-x-private, zh-x-private zh",
    })
    void aLanguageFallsBackToAShorterOne(String tag, String range) { // RFC 4647 §3.4
        assertThat(String.join(
                        " ",
                        Language.parse(tag).orElseThrow().range().stream()
                                .map(Language::tag)
                                .toList()))
                .isEqualTo(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d",
                "deutsch",
                "de/../x",
                "../de",
                "de.",
                "d\u00e9",
                "*",
                "de-",
                "i-klingon",
                "de-toolongsubtag"
            })
    void whatIsNoTagIsNone(String tag) { // RFC 5646 §2.1
        assertThat(Language.parse(tag)).isEmpty();
    }

    @Test
    void aFieldNamesSeveral() { // RFC 3282 §2
        assertThat(Language.parseList(" en-GB, ,x y,de ,fr"))
                .extracting(Language::tag)
                .containsExactly("en-gb", "de", "fr");
        assertThat(Language.parseList("de,".repeat(10_000))).hasSize(10);
    }

    @ParameterizedTest
    @CsvSource({
        "failure.mustache, failure",
        "failure.en.mustache, failure",
        "Queue-Full.DE-ch.mustache, queue-full.de-ch",
        "failure, ",
        "failure.mustache.bak, ",
        "failed.mustache, ",
        "failure..mustache, ",
        ".mustache, ",
    })
    void aFileNameNamesKindAndLanguage(String file, String name) {
        assertThat(TemplateName.ofFile(file).map(TemplateName::toString).orElse(null))
                .isEqualTo(name);
    }
}
