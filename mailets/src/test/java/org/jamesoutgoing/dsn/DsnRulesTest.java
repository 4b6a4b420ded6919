/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.ALICE;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.noSuchUser;
import static org.jamesoutgoing.dsn.Samples.withoutMessage;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DsnRulesTest {
    @ParameterizedTest(name = "NOTIFY={0}: failure {1}, delay {2}, success {3}")
    @CsvSource(
            textBlock =
                    """
            absent,                true,  true,  false
            NEVER,                 false, false, false
            FAILURE,               true,  false, false
            DELAY,                 false, true,  false
            SUCCESS,               false, false, true
            FAILURE+DELAY,         true,  true,  false
            SUCCESS+FAILURE,       true,  false, true
            SUCCESS+DELAY,         false, true,  true
            SUCCESS+FAILURE+DELAY, true,  true,  true
            """)
    void notifyDecidesRecipientByRecipient(
            String notify, boolean failure, boolean delay, boolean success) { // RFC 3461 §4.1
        MailImpl mail = mail(MESSAGE);
        if (!notify.equals("absent")) {
            asking(mail, DsnParameters.builder().addRcptParameter(BOB, RecipientDsnParameters.of(notify(notify))));
        }
        assertThat(isDue(DsnKind.FAILURE, mail, BOB)).isEqualTo(failure);
        assertThat(isDue(DsnKind.DELAY, mail, BOB)).isEqualTo(delay);
        assertThat(isDue(DsnKind.SUCCESS, mail, BOB)).isEqualTo(success);

        // Whoever else is in the mail has his own NOTIFY: here none.
        assertThat(isDue(DsnKind.FAILURE, mail, CAROL)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(DsnKind.class)
    void nobodyIsToldAboutAMailFromTheEmptySender(DsnKind kind) { // RFC 5321 §6.1
        MailImpl mail = MailImpl.builder()
                .name("dsn-1")
                .sender(MaybeSender.nullSender())
                .addRecipient(BOB)
                .build();
        asking(
                mail,
                DsnParameters.builder().addRcptParameter(BOB, RecipientDsnParameters.of(EnumSet.allOf(Notify.class))));

        assertThat(DsnRules.due(kind, mail, List.of(noSuchUser(BOB)))).isEmpty();
    }

    @Test
    void orcptAloneAsksForNothing() { // RFC 3461 §4.2
        MailImpl mail = asking(
                withoutMessage(), DsnParameters.builder().addRcptParameter(BOB, RecipientDsnParameters.of(ALICE)));

        assertThat(isDue(DsnKind.FAILURE, mail, BOB)).isTrue();
        assertThat(isDue(DsnKind.SUCCESS, mail, BOB)).isFalse();
    }

    @Test
    void theReportsKeepTheirOrder() {
        MailImpl mail = asking(
                withoutMessage(),
                DsnParameters.builder().addRcptParameter(BOB, RecipientDsnParameters.of(EnumSet.of(Notify.NEVER))));
        RecipientReport alice = noSuchUser(ALICE);
        RecipientReport carol = noSuchUser(CAROL);

        assertThat(DsnRules.due(DsnKind.FAILURE, mail, List.of(carol, noSuchUser(BOB), alice)))
                .containsExactly(carol, alice);
    }

    @Test
    void damagedDsnAttributesOfAMailDoNotSilenceAFailure() {
        MailImpl mail = withoutMessage();
        mail.setAttribute(Attribute.convertToAttribute("dsn-ret", "RUBBISH"));
        mail.setAttribute(new Attribute(
                AttributeName.of("dsn-notify"),
                AttributeValue.of(Map.of("bob@example.com", AttributeValue.of("SOMETIMES")))));

        assertThat(isDue(DsnKind.FAILURE, mail, BOB)).isTrue();
        assertThat(isDue(DsnKind.SUCCESS, mail, BOB)).isFalse();
    }

    private static boolean isDue(DsnKind kind, MailImpl mail, MailAddress recipient) {
        return !DsnRules.due(kind, mail, List.of(noSuchUser(recipient))).isEmpty();
    }

    private static EnumSet<Notify> notify(String names) {
        return Arrays.stream(names.split("\\+"))
                .map(Notify::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Notify.class)));
    }
}
