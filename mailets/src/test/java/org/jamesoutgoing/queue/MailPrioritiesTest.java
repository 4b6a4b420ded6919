/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.MailPriorities.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code MAIL_PRIORITY} and {@code usePriority} in James 3.8 and in 3.9. */
class MailPrioritiesTest {

    private static final Scale JAMES_38 = new Scale(0, 5);
    private static final Scale JAMES_39 = new Scale(-9, 0);

    private static Mail mail(Object priority) {
        Mail mail = MailImpl.builder().name("mail").build();
        if (priority != null) {
            mail.setAttribute(new Attribute(MailPrioritySupport.MAIL_PRIORITY, AttributeValue.ofAny(priority)));
        }
        return mail;
    }

    private static Optional<Object> priorityOf(Mail mail) {
        return mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                .map(attribute -> attribute.getValue().value());
    }

    @Test
    void theScaleIsThatOfTheJamesThatItRunsIn() {
        assertThat(MailPriorities.ofThisJames(true))
                .isEqualTo(new MailPriorities(
                        new Scale(
                                (Integer) MailPrioritySupport.LOW_PRIORITY_ATTRIBUTE
                                        .getValue()
                                        .value(),
                                (Integer) MailPrioritySupport.NORMAL_PRIORITY_ATTRIBUTE
                                        .getValue()
                                        .value()),
                        true));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "38, true,  none, 9", "38, true,  3, 9", "38, false, none, none", "38, false, 3, 3",
                "39, true,  none, none", "39, true,  3, 3", "39, false, none, none", "39, false, 3, none"
            })
    void usePriorityDoesWhatItDoesInRemoteDelivery(int james, boolean used, Integer before, Integer after) {
        Mail mail = mail(before);
        new MailPriorities(james == 38 ? JAMES_38 : JAMES_39, used).admit(mail);
        assertThat(priorityOf(mail)).isEqualTo(Optional.ofNullable(after));
    }

    @Test
    void retriesHaveTheLowestOnlyWherePrioritiesAreUsed() {
        Mail mail = mail(7);
        new MailPriorities(JAMES_38, false).lower(mail);
        assertThat(priorityOf(mail)).contains(7);
        new MailPriorities(JAMES_38, true).lower(mail);
        assertThat(priorityOf(mail)).contains(0);
        assertThat(mail.attributes())
                .as("nothing that other programs would ask about")
                .hasSize(1);
        new MailPriorities(JAMES_39, true).lower(mail);
        assertThat(priorityOf(mail)).contains(-9);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"-9", "0", "9", "none"})
    void theNextServerIsToldAtEachAttemptWhatTheClientSaid(Integer said) { // RFC 6710 §4.1
        MailPriorities priorities = new MailPriorities(JAMES_39, true);
        Mail mail = mail(said);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(priorities.mtPriorityOf(mail)).isEqualTo(Optional.ofNullable(said));
            priorities.lower(mail);
        }
        priorities.admit(mail);
        assertThat(priorities.mtPriorityOf(mail)).as("sent on as a new mail").contains(-9);
    }

    @Test
    void theNextServerIsToldNothingByJames38() {
        assertThat(new MailPriorities(JAMES_38, true).mtPriorityOf(mail(9))).isEmpty();
    }

    @Test
    void whatIsNoPriorityCountsAsNotThere() {
        for (Object value : new Object[] {10, -10, 7L, "7", "9\r\nRSET", true}) {
            assertThat(JAMES_39.of(mail(value))).as("%s", value).isZero();
            assertThat(JAMES_38.of(mail(value))).as("%s", value).isEqualTo(5);
            assertThat(new MailPriorities(JAMES_39, true).mtPriorityOf(mail(value)))
                    .isEmpty();
        }
        assertThat(JAMES_38.of(mail(-1))).isEqualTo(5);
        assertThat(JAMES_38.of(mail(0))).isZero();
        assertThat(JAMES_39.of(mail(-9))).isEqualTo(-9);
        assertThat(JAMES_39.of(mail(null))).isZero();
    }
}
