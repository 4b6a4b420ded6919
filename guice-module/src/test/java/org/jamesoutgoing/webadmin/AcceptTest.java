/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 §12.5.1. */
class AcceptTest {

    private static final List<String> OFFERED = List.of("message/rfc822", "text/plain", "text/html");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|message/rfc822",
                "*/*|message/rfc822",
                "text/html|text/html",
                "TEXT/HTML; charset=utf-8|text/html",
                "text/*|text/plain",
                "text/plain;q=0.5, text/html|text/html",
                "text/*;q=0.9, text/plain;q=0.1|text/html",
                "*/*;q=0.1, text/plain|text/plain",
                "text/html;q=0, */*|message/rfc822",
                "application/json, text/plain;q=0.001|text/plain",
                "text/html;q=nonsense|text/html"
            })
    void theBestLikedIsChosen(String header, String type) {
        assertThat(Accept.choose(header, OFFERED)).contains(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"application/json", "text/html;q=0", "*/*;q=0", "image/*"})
    void whatIsNotAcceptableIsNotChosen(String header) {
        assertThat(Accept.choose(header, OFFERED)).isEmpty();
    }

    @Test
    void aVeryLongHeaderIsReadInNoTime() {
        assertThat(Accept.choose("x/y,".repeat(100_000) + "text/html", OFFERED)).isEmpty();
    }
}
