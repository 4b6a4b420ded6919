/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XtextTest {
    @ParameterizedTest
    @CsvSource({"abc, abc", "a+2Bb, a+b", "a+3Db, a=b", "+2B+2B, ++", "a+20b, a b", "bob@example.com, bob@example.com"})
    void hexcharsStandForTheirCharacter(String xtext, String decoded) { // RFC 3461 §4
        assertThat(Xtext.decode(xtext)).contains(decoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a+2b", "a+", "a+4", "a=b", "a b", "a\r\nb", "\u00e9", "a+0Db", "a+7Fb", "+C3+A9"})
    void whatIsNoXtextOfPrintableAsciiIsRefused(String xtext) { // RFC 3461 §4.2
        assertThat(Xtext.decode(xtext)).isEmpty();
    }
}
