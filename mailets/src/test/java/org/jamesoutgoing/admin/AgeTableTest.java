/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.RecordId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTableTest {

    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

    @Test
    void theClassesAreThoseOfQshape() {
        assertThat(AgeTable.of(List.of(), NOW, AgeTable.CLASSES).minutes())
                .containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L);
    }

    @ParameterizedTest
    @CsvSource({
        "PT-1H, 0",
        "PT0S, 0",
        "PT4M59S, 0",
        "PT5M, 1",
        "PT9M, 1",
        "PT10M, 2",
        "PT1279M, 8",
        "PT1280M, 9",
        "P400D, 9"
    })
    void aMailIsInTheClassOfItsAge(Duration age, int ageClass) throws Exception {
        AgeTable table = AgeTable.of(List.of(mail(age, "bob@b.example")), NOW, AgeTable.CLASSES);

        assertThat(table.total().byAge().indexOf(1L)).isEqualTo(ageClass);
        assertThat(table.domains())
                .containsExactly(new AgeTable.Row("b.example", 1, table.total().byAge()));
    }

    @Test
    void domainsComeByTheirNumberOfMailsAndThenByName() throws Exception {
        AgeTable table = AgeTable.of(
                List.of(
                        mail(Duration.ZERO, "bob@z.example"),
                        mail(Duration.ofHours(1), "bob@c.example"),
                        mail(Duration.ZERO, "bob@a.example"),
                        mail(Duration.ZERO, "carol@C.example")),
                NOW,
                3);

        assertThat(table.domains())
                .containsExactly(
                        new AgeTable.Row("c.example", 2, List.of(1L, 0L, 1L)),
                        new AgeTable.Row("a.example", 1, List.of(1L, 0L, 0L)),
                        new AgeTable.Row("z.example", 1, List.of(1L, 0L, 0L)));
        assertThat(table.total()).isEqualTo(new AgeTable.Row("TOTAL", 4, List.of(3L, 0L, 1L)));
        assertThat(table.cut(1).domains()).hasSize(1);
        assertThat(table.cut(1).total()).isEqualTo(table.total());
    }

    @Test
    void aMailToSeveralDomainsCountsOnceForEachAndOnceInAll() throws Exception {
        AgeTable table =
                AgeTable.of(List.of(mail(Duration.ZERO, "bob@b.example", "carol@b.example", "dave@d.example")), NOW, 2);

        assertThat(table.total().mails()).isEqualTo(1);
        assertThat(table.domains()).extracting(AgeTable.Row::mails).containsExactly(1L, 1L);
    }

    private static ListedMail mail(Duration age, String... recipients) throws AddressException {
        MailAddress[] addresses = new MailAddress[recipients.length];
        for (int i = 0; i < recipients.length; i++) {
            addresses[i] = new MailAddress(recipients[i]);
        }
        return new ListedMail(
                new RecordId("id", 1),
                "name",
                "",
                NOW,
                NOW.minus(age),
                Optional.empty(),
                MaybeSender.nullSender(),
                Arrays.asList(addresses),
                1000,
                5,
                "not tried yet",
                Optional.empty(),
                QueueState.DEFERRED);
    }
}
