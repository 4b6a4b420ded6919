/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.reason;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The classes of reasons are the diagnosis of failure messages, made coarser. */
class ReasonClassTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            4.4.3 | dns
            5.1.2 | dns
            5.4.4 | dns
            4.4.1 | connect
            4.4.2 | connection-lost
            4.7.5 | tls
            4.7.8 | auth
            5.4.6 | loop
            4.3.0 | local
            """)
    void whatWeDecideOurselvesHasTheClassOfItsCode(String status, String word) {
        assertThat(ReasonClass.of(status, Optional.empty(), "in our words").word())
                .isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            550 5.1.1 no such user | mailbox-unknown
            452 4.2.2 over quota | mailbox-full
            552 5.3.4 message too big | too-large
            451 4.7.1 greylisted, try again later | greylisted
            451 4.7.1 too many connections from your address | rate-limited
            452 4.5.3 too many recipients | rate-limited
            554 5.7.1 relay access denied | policy
            554 5.7.1 blocked using zen.example | spam
            530 5.7.0 Must issue a STARTTLS command first | tls
            """)
    void aReplyHasTheClassOfItsMeaning(String reply, String word) {
        assertThat(ReasonClass.of(reply.substring(4, 9), Optional.of(reply), reply)
                        .word())
                .isEqualTo(word);
    }

    @Test
    void ofAMailThatExpiredTheLastObstacleCounts() {
        assertThat(ReasonClass.of("5.4.7", Optional.of("450 4.2.2 over quota"), "expired; last: …"))
                .isEqualTo(ReasonClass.MAILBOX_FULL);
    }

    /** They are part of metrics' names. */
    @ParameterizedTest
    @EnumSource(ReasonClass.class)
    void aWordIsLowerCaseLettersAndHyphens(ReasonClass reason) {
        assertThat(reason.word()).matches("[a-z]+(-[a-z]+)*");
    }
}
