/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPartsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user%other.test",
                "other.test!user",
                "\"user@other.test\"",
                "\"user\\@other.test\"",
                "user\\@other.test",
                "user\\%other.test",
                "\"@relay.test:user\"",
                "\"relay.test:user\"",
                "\"user%other.test\"",
                "us\u00e9r",
                "\"us\ter\""
            })
    void whatMightNameAnotherHostCouldRoute(String localPart) { // RFC 5321 appendix F.2
        assertThat(LocalParts.couldRoute(localPart)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user",
                "first.last",
                "user+tag",
                "user-tag=x",
                "SRS0=a=b=other.test=user",
                "prvs=123=user",
                "o'neill",
                "\"a b\"",
                "\"quoted\"",
                "a/b",
                "#$&*?^`{|}~_"
            })
    void whatIsOnlyANameCouldNot(String localPart) {
        assertThat(LocalParts.couldRoute(localPart)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "User, user",
        "\"User\", user",
        "\"U\\ser\", user",
        "\"a b\", a b",
        "a\\.b, a.b",
        "\", \"",
        "\"a\\\\\", a\\"
    })
    void quotesAndCaseMakeNoDifference(String localPart, String canonical) { // RFC 5321 §4.1.2
        assertThat(LocalParts.canonical(localPart)).isEqualTo(canonical);
    }

    @Test
    void aLoneBackslashStays() {
        assertThat(LocalParts.canonical("a\\")).isEqualTo("a\\");
    }
}
