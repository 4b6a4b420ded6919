/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.reason.ReasonClass;
import org.jamesoutgoing.smtp.HostOutcome;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.Reply;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.TransactionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptOutcomeTest {

    @ParameterizedTest
    @CsvSource({
        // the host's code where it is of the outcome's class, else ours
        "550, 5.7.10 encryption needed, 4.7.5, TLS",
        "550, encryption required, 4.7.5, TLS",
        "451, 4.7.1 greylisted, 4.7.1, GREYLISTED",
    })
    void aRefusalOfOurPlaintextHasAStatusOfTheClassOfTheOutcome( // RFC 3463 §3.1
            int code, String text, String status, ReasonClass reason) throws Exception {
        InetAddress address = InetAddress.getLoopbackAddress();
        RecipientResult deferred = new RecipientResult(
                "bob@there.example",
                HostOutcome.DEFERRED,
                TransactionStage.MAIL,
                Optional.of(Reply.of(code, text)),
                Optional.of("4.7.5"),
                code + " " + text + " (in plaintext, for TLS had failed: no handshake)",
                Optional.of(new InetSocketAddress(address, 25)));

        RecipientReport outcome = Attempt.report(
                new MailAddress("bob@there.example"),
                new SmtpHost("mx.there.example", 25, List.of(address)),
                deferred,
                Instant.EPOCH);

        assertThat(outcome.status()).isEqualTo(status);
        assertThat(outcome.reasonClass()).isEqualTo(reason);
    }
}
