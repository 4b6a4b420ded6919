/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.queue.SampleMails.addresses;
import static org.jamesoutgoing.queue.SampleMails.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.junit.jupiter.api.Test;

class MailStateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final MailState admitted = MailState.admitted("id", "Mail1", NOW, addresses("x@a.example"));

    @Test
    void atAdmissionAMailIsInTheQueueAndUntried() {
        assertThat(admitted.recordId()).isEqualTo(new RecordId("id", 0));
        assertThat(admitted.acceptedAt()).isEqualTo(NOW);
        assertThat(admitted.due()).isEqualTo(NOW);
        assertThat(admitted.attempts()).isZero();
        assertThat(admitted.history()).isEmpty();
        assertThat(admitted.notifications()).isEmpty();
        assertThat(admitted.delayTold()).isEmpty();
    }

    @Test
    void onlyTheLastTwentyAttemptsAreRemembered() {
        MailState state = admitted;
        for (int i = 1; i <= 50; i++) {
            state = state.withAttempt(attempt(i));
        }
        assertThat(state.attempts()).isEqualTo(50);
        assertThat(state.history())
                .isEqualTo(IntStream.rangeClosed(31, 50)
                        .mapToObj(MailStateTest::attempt)
                        .toList());
    }

    @Test
    void theTextOfAnAttemptIsCutToTwoHundredCharacters() {
        assertThat(new PastAttempt(
                                NOW, Optional.empty(), Optional.empty(), Optional.empty(), "failed", "x".repeat(1000))
                        .text())
                .hasSize(200);
    }

    @Test
    void parkingGivesTheNextRecordOfTheSameMail() {
        MailState parked = admitted.withAttempt(attempt(1)).parkedUntil(NOW.plusSeconds(60));
        assertThat(parked.recordId()).isEqualTo(new RecordId("id", 1));
        assertThat(parked.due()).isEqualTo(NOW.plusSeconds(60));
        assertThat(parked.acceptedAt()).isEqualTo(NOW);
        assertThat(parked.withRecordId(admitted.recordId()).withDue(NOW)).isEqualTo(admitted.withAttempt(attempt(1)));
    }

    @Test
    void aPartOfAMailIsAMailOfItsOwnWithTheHistoryOfTheWhole() {
        Notification notification = new Notification(DsnKind.DELAY, List.of());
        MailState whole = admitted.withAttempt(attempt(1))
                .withDelayTold(NOW)
                .withNotifications(List.of(notification))
                .parkedUntil(NOW.plusSeconds(60));
        MailState part = whole.part("id-1", "Mail1-to-b.example", addresses("y@b.example"));

        assertThat(part.recordId()).isEqualTo(new RecordId("id-1", 0));
        assertThat(part.name()).isEqualTo("Mail1-to-b.example");
        assertThat(part.recipients()).isEqualTo(addresses("y@b.example"));
        assertThat(part.acceptedAt()).isEqualTo(NOW);
        assertThat(part.attempts()).isEqualTo(1);
        assertThat(part.history()).isEqualTo(whole.history());
        assertThat(part.due()).isEqualTo(whole.due());
        assertThat(part.delayTold()).contains(NOW);
        assertThat(part.notifications()).isEmpty();
    }

    @Test
    void aMailOfSomebodyElseCountsFromItsLastUpdate() {
        MailImpl mail = mail("Mail1", "x@a.example");
        mail.setLastUpdated(Date.from(NOW.minus(Duration.ofHours(3))));
        MailState adopted = MailState.adopted(mail, NOW);
        assertThat(adopted.acceptedAt()).isEqualTo(NOW.minus(Duration.ofHours(3)));
        assertThat(adopted.due()).isEqualTo(NOW);
        assertThat(adopted.name()).isEqualTo("Mail1");
        assertThat(adopted.recipients()).isEqualTo(addresses("x@a.example"));
        assertThat(adopted.recordId().sequence()).isZero();
    }

    @Test
    void aMailOfSomebodyElseIsNeverFromTheFuture() {
        MailImpl mail = mail("Mail1", "x@a.example");
        mail.setLastUpdated(Date.from(NOW.plus(Duration.ofDays(400))));
        assertThat(MailState.adopted(mail, NOW).acceptedAt()).isEqualTo(NOW);
        mail.setLastUpdated(null);
        assertThat(MailState.adopted(mail, NOW).acceptedAt()).isEqualTo(NOW);
    }

    @Test
    void aMailOfSomebodyElseIsAnotherEachTimeItIsFound() {
        MailImpl mail = mail("Mail1", "x@a.example");
        assertThat(MailState.adopted(mail, NOW).recordId().id())
                .isNotEqualTo(MailState.adopted(mail, NOW).recordId().id());
    }

    private static PastAttempt attempt(int number) {
        return new PastAttempt(
                NOW, Optional.of("mx.example"), Optional.empty(), Optional.empty(), "deferred", "attempt " + number);
    }
}
