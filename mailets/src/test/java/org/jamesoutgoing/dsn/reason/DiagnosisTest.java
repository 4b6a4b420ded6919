/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.reason;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosisTest {
    static Stream<Arguments> replies() {
        return ReplyPatterns.text("real-replies.txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" \\| ", 3))
                .map(line -> Arguments.of(Cause.valueOf(line[0]), line[1], line[2]));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @MethodSource("replies")
    void theRepliesOfRealServersAreUnderstood(Cause cause, String status, String reply) {
        // What has no enhanced code is x.0.0 to us.
        String code = status.equals("-") ? reply.charAt(0) + ".0.0" : status;

        assertThat(Diagnosis.of(code, Optional.of(reply), "mx: " + reply)).isEqualTo(new Diagnosis(cause, false));
    }

    @ParameterizedTest(name = "{0} without a reply: {2}")
    @CsvSource({
        "5.1.2, the domain example.com does not exist, NO_SUCH_DOMAIN",
        "5.1.3, the recipient's address is none, BAD_ADDRESS",
        "5.1.10, the domain example.com accepts no mail (null MX), NO_MAIL_ACCEPTED",
        "4.3.0, internal trouble: x, OWN_TROUBLE",
        "5.3.1, the queue is full, QUEUE_FULL",
        "5.3.4, the message has about 30000000 octets, TOO_LARGE",
        "4.4.1, mx.example.com: connection refused, UNREACHABLE",
        "4.4.2, mx.example.com: connection closed, CONNECTION_LOST",
        "4.4.3, the mail servers cannot be looked up, DNS_TROUBLE",
        "4.4.4, mx.example.com has no address now, NO_MAIL_SERVER",
        "5.4.4, the domain example.com has no mail server, NO_MAIL_SERVER",
        "5.4.6, mail for example.com loops back to this server, LOOP",
        "5.6.3, the message is 8-bit, NOT_CONVERTIBLE",
        "5.6.7, an address needs SMTPUTF8, NEEDS_SMTPUTF8",
        "5.6.9, the header needs SMTPUTF8, NEEDS_SMTPUTF8",
        "4.7.5, certificate expired, TLS_FAILED",
        "4.7.8, login refused, AUTHENTICATION_NEEDED",
        "5.7.30, the host does not offer REQUIRETLS, TLS_REQUIRED",
        "'', anything, OTHER",
        "5.9.99, anything, OTHER",
    })
    void ourOwnCodesMeanWhatTheySay(String status, String detail, Cause cause) { // RFC 3463
        assertThat(Diagnosis.of(status, Optional.empty(), detail)).isEqualTo(new Diagnosis(cause, false));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "none",
            value = {
                "452 4.2.2 over quota, mx: 452 4.2.2 over quota, MAILBOX_FULL",
                "450 4.7.1 Greylisted, mx: 450 4.7.1 Greylisted, GREYLISTED",
                "none, mx.example.com: connection timed out, UNREACHABLE",
                "none, the mail servers of example.com cannot be looked up: SERVFAIL, DNS_TROUBLE",
                "none, mx.example.com: TLS handshake: certificate expired, TLS_FAILED",
                "none, something else, OTHER",
                "450 4.4.7 still expired, x, REMOTE_TROUBLE",
            })
    void whatHasExpiredHasALastReasonToo(String reply, String last, Cause cause) {
        String detail = "not delivered within the queue lifetime; last: " + last;

        assertThat(Diagnosis.of("5.4.7", Optional.ofNullable(reply), detail)).isEqualTo(new Diagnosis(cause, true));
    }

    @Test
    void whereNoWordsTellItTheLastCodeDoes() {
        assertThat(Diagnosis.of("5.4.7", Optional.of("4.4.1"), Optional.empty(), "too late; last: x"))
                .isEqualTo(new Diagnosis(Cause.UNREACHABLE, true));
        assertThat(Diagnosis.of("5.4.7", Optional.of("4.4.7"), Optional.empty(), "too late; last: x"))
                .isEqualTo(new Diagnosis(Cause.OTHER, true));
        assertThat(Diagnosis.of("5.4.7", Optional.of("4.4.1"), Optional.of("452 4.2.2 full"), "too late; last: x"))
                .isEqualTo(new Diagnosis(Cause.MAILBOX_FULL, true));
    }

    @Property(tries = 300)
    void everyReplyHasACause(@ForAll @StringLength(max = 200) String status, @ForAll String reply) {
        assertThat(Diagnosis.of(status, Optional.of(reply), reply).cause()).isNotNull();
    }

    @Test
    void hostileRepliesTakeNoTime() {
        for (String piece :
                new String[] {"user ", "a", "mail ", " ", "spam", "message size ", "\u00e9", "not allowed to "}) {
            String reply = "550 " + piece.repeat(100_000 / piece.length());
            Assertions.assertTimeout(Duration.ofSeconds(2), () -> Diagnosis.of("5.0.0", Optional.of(reply), reply));
        }
    }
}
