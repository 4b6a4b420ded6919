/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.GIVE_UP;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.address;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.noSuchUser;
import static org.jamesoutgoing.dsn.Samples.request;
import static org.jamesoutgoing.dsn.Samples.unreachable;
import static org.jamesoutgoing.dsn.Samples.withoutMessage;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Language;
import org.jamesoutgoing.dsn.template.Phrasebooks;
import org.jamesoutgoing.dsn.template.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TemplateValuesTest {
    private static Map<String, Object> values(DsnRequest request) {
        return TemplateValues.of(
                List.of(DsnFacts.of(request, ReturnLimits.DEFAULT, ZoneOffset.UTC)),
                new Phrasebooks(Optional.empty()).in(Language.ENGLISH));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> recipient(Map<String, Object> values, int index) {
        return ((List<Map<String, Object>>) values.get("recipients")).get(index);
    }

    private static Set<String> names(Variable.Scope scope) {
        return Variable.TABLE.stream()
                .filter(variable -> variable.scope() == scope)
                .map(Variable::name)
                .collect(Collectors.toSet());
    }

    private static RecipientReport counted(int attempts) {
        return new RecipientReport(
                BOB,
                "bob@example.com",
                "5.1.1",
                Optional.of("550 5.1.1 No such user"),
                Optional.of("mail.example.com[192.0.2.1]"),
                "No such user",
                Samples.ATTEMPT,
                Optional.of(GIVE_UP),
                attempts);
    }

    @ParameterizedTest
    @EnumSource(DsnKind.class)
    void exactlyTheVariablesOfTheTableHaveAValue(DsnKind kind) {
        for (Mail original : List.of(mail(MESSAGE), withoutMessage())) {
            Map<String, Object> values = values(request(kind, original, noSuchUser(BOB), unreachable(CAROL)));

            assertThat(values.keySet()).isEqualTo(names(Variable.Scope.MAIL));
            assertThat(recipient(values, 0).keySet()).isEqualTo(names(Variable.Scope.RECIPIENT));
            assertThat(recipient(values, 1).keySet()).isEqualTo(names(Variable.Scope.RECIPIENT));
            Variable.TABLE.forEach(variable -> assertThat(
                            variable.scope() == Variable.Scope.MAIL
                                    ? values.get(variable.name())
                                    : recipient(values, 0).get(variable.name()))
                    .as(variable.name())
                    .isInstanceOf(
                            switch (variable.type()) {
                                case TEXT -> String.class;
                                case CONDITION -> Boolean.class;
                                case LIST -> List.class;
                            }));
        }
    }

    @Test
    void theReasonIsThatOfTheLastAttemptAndTheStatusThatTheTimeIsUp() { // RFC 3463 §3.5
        RecipientReport expired = new RecipientReport(
                BOB,
                "bob@example.com",
                RecipientReport.Outcome.DEFERRED,
                "5.4.7",
                Optional.of("4.4.1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "too late",
                Samples.ATTEMPT,
                Optional.of(GIVE_UP),
                7);
        Map<String, Object> told = recipient(values(request(DsnKind.FAILURE, mail(MESSAGE), expired)), 0);
        Map<String, Object> unreachable =
                recipient(values(request(DsnKind.FAILURE, mail(MESSAGE), unreachable(BOB))), 0);

        assertThat(told).containsEntry("status", "5.4.7");
        assertThat(unreachable).containsEntry("status", "4.4.1");
        assertThat((String) told.get("reason"))
                .containsIgnoringCase("could not be reached")
                .isNotEqualTo(told.get("detail"));
    }

    @Test
    void theValuesAreThoseOfTheMail() {
        Mail original = asking(
                mail(MESSAGE),
                DsnParameters.builder().addRcptParameter(BOB, RecipientDsnParameters.of(address("team@example.com"))));
        DsnRequest request = new DsnRequest(
                DsnKind.FAILURE,
                original,
                Samples.ARRIVAL,
                List.of(counted(9), counted(3)),
                "mx.example.org",
                address("postmaster@example.org"),
                List.of(),
                Optional.of(Duration.ofDays(5)));

        Map<String, Object> values = values(request);

        assertThat(values)
                .containsEntry("host", "mx.example.org")
                .containsEntry("postmaster", "postmaster@example.org")
                .containsEntry("sender", "alice@example.org")
                .containsEntry("subject", "Lunch on Friday")
                .containsEntry("written", "Sun, 1 Mar 2026 09:00:00 +0100")
                .containsEntry("messageId", "<lunch.1@example.org>")
                .containsEntry("size", MESSAGE.length() + " bytes")
                .containsEntry("arrival", "Sunday, 1 March 2026 at 08:00 (UTC+00:00)")
                .containsEntry("expiry", "Friday, 6 March 2026 at 08:00 (UTC+00:00)")
                .containsEntry("lifetime", "5 days")
                .containsEntry("attempts", "9")
                .containsEntry("several", true)
                .containsEntry("count", "2")
                .containsEntry("more", "")
                .containsEntry("messageAttached", true)
                .containsEntry("headersAttached", false);
        assertThat(recipient(values, 1))
                .containsEntry("address", "bob@example.com")
                .containsEntry("originalRecipient", "team@example.com")
                .containsEntry("reason", "There is no mailbox with this address.")
                .containsEntry("detail", "No such user")
                .containsEntry("reply", "550 5.1.1 No such user")
                .containsEntry("server", "mail.example.com[192.0.2.1]")
                .containsEntry("status", "5.1.1")
                .containsEntry("attempts", "3")
                .containsEntry("lastAttempt", "Sunday, 1 March 2026 at 09:30 (UTC+00:00)");
    }

    @Test
    void whatIsNotKnownIsEmpty() {
        Map<String, Object> values = values(request(DsnKind.FAILURE, withoutMessage(), noSuchUser(BOB)));

        assertThat(values)
                .containsEntry("subject", "")
                .containsEntry("written", "")
                .containsEntry("messageId", "")
                .containsEntry("size", "")
                .containsEntry("expiry", "")
                .containsEntry("lifetime", "")
                .containsEntry("attempts", "")
                .containsEntry("several", false)
                .containsEntry("messageAttached", false)
                .containsEntry("headersAttached", false);
        assertThat(recipient(values, 0)).containsEntry("originalRecipient", "").containsEntry("attempts", "");
    }

    @Test
    void withoutATimeToGiveUpTheLifetimeTellsIt() {
        DsnRequest request = new DsnRequest(
                DsnKind.FAILURE,
                mail(MESSAGE),
                Samples.ARRIVAL,
                List.of(noSuchUser(BOB)),
                "mx",
                address("postmaster@example.org"),
                List.of(),
                Optional.of(Duration.ofHours(1)));

        assertThat(values(request)).containsEntry("expiry", "Sunday, 1 March 2026 at 09:00 (UTC+00:00)");
    }
}
