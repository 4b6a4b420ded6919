/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.junit.jupiter.api.Test;

/** RemoteDelivery's attributes: matchers and mailets of bounce processors read them. */
class ErrorAttributesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static RecipientReport report(Outcome outcome, String status, String reply) throws Exception {
        return RecipientReport.of(
                new MailAddress("bob@there.example"),
                outcome,
                status,
                Optional.of(reply),
                Optional.empty(),
                Optional.empty(),
                Optional.of("rcpt"),
                reply,
                NOW);
    }

    private static Optional<Object> attribute(RecipientReport told, String name) {
        return ErrorAttributes.of(told).stream()
                .filter(attribute -> attribute.getName().equals(AttributeName.of(name)))
                .map(Attribute::getValue)
                .<Object>map(value -> value.value())
                .findFirst();
    }

    @Test
    void aRefusalHasItsReplyAndItsCode() throws Exception {
        RecipientReport refused = report(Outcome.FAILED, "5.1.1", "550 5.1.1 no such user");
        assertThat(attribute(refused, "delivery-error")).contains("550 5.1.1 no such user");
        assertThat(attribute(refused, "delivery-error-code")).contains(550);
        assertThat(attribute(refused, "is-delivery-permanent-error")).contains(true);
    }

    @Test
    void whatWasTriedTooOftenHasNoCode() throws Exception {
        RecipientReport expired =
                report(Outcome.DEFERRED, "4.2.0", "450 4.2.0 later").expired("not delivered in 3 attempts", true);
        assertThat(attribute(expired, "delivery-error")).contains("450 4.2.0 later");
        assertThat(attribute(expired, "delivery-error-code")).isEmpty();
        assertThat(attribute(expired, "is-delivery-permanent-error")).contains(false);
    }
}
