/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.core.MaybeSender;
import org.jamesoutgoing.queue.QueueLimits.Reached.Kind;
import org.junit.jupiter.api.Test;

/** Every mail is in exactly one state, and no limit is exceeded by one mail. */
class QueueLedgerTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int SUBMITTERS = 16;

    private final QueueLedger ledger = new QueueLedger(() -> 0);

    private static ListedMail mail(String id, int sequence, String sender, String... recipients) {
        return new ListedMail(
                new RecordId(id, sequence),
                "Mail-" + id,
                "",
                NOON,
                NOON,
                Optional.empty(),
                MaybeSender.getMailSender(sender),
                SampleMails.addresses(recipients),
                100,
                5,
                "",
                Optional.empty(),
                QueueState.DEFERRED);
    }

    private static ListedMail mail(String id) {
        return mail(id, 0, "sender@here.example", "bob@there.example");
    }

    private Optional<QueueLimits.Reached> admit(ListedMail mail, QueueLimits limits) {
        return ledger.admit(mail, limits, Optional.empty());
    }

    private static ListedMail sized(String id, int octets) {
        return mail(id).ofSize(octets);
    }

    // ---- states

    @Test
    void aMailIsInOneStateAtATime() {
        admit(mail("a"), QueueLimits.NONE);
        assertThat(ledger.usage(QueueState.QUEUED)).isEqualTo(new QueueUsage(1, 100));
        ledger.put(QueueState.ACTIVE, mail("a"));
        assertThat(ledger.usage(QueueState.QUEUED)).isEqualTo(QueueUsage.NOTHING);
        assertThat(ledger.usage(QueueState.ACTIVE)).isEqualTo(new QueueUsage(1, 100));
        ledger.put(QueueState.DEFERRED, mail("a", 1, "sender@here.example", "bob@there.example"));
        assertThat(ledger.usage()).isEqualTo(new QueueUsage(1, 100));
        assertThat(ledger.find("a").orElseThrow().state()).isEqualTo(QueueState.DEFERRED);
    }

    @Test
    void theEndOfAnEarlierRecordIsNotTheEndOfTheMail() {
        admit(mail("a"), QueueLimits.NONE);
        ledger.put(QueueState.DEFERRED, mail("a", 1, "sender@here.example", "bob@there.example"));
        ledger.end(new RecordId("a", 0));
        assertThat(ledger.usage().mails()).isOne();
        ledger.end(new RecordId("a", 1));
        assertThat(ledger.usage()).isEqualTo(QueueUsage.NOTHING);
        assertThat(ledger.toDomain("there.example")).isZero();
        assertThat(ledger.ofSender(MaybeSender.getMailSender("sender@here.example")))
                .isZero();
    }

    @Test
    void anEarlierRecordDoesNotReplaceALaterOne() {
        ledger.put(QueueState.HELD, mail("a", 2, "sender@here.example", "bob@there.example"));
        ledger.put(QueueState.QUEUED, mail("a"));
        assertThat(ledger.find("a").orElseThrow().state()).isEqualTo(QueueState.HELD);
    }

    @Test
    void aMailToTwoDomainsCountsForBothAndOnceInAll() {
        admit(mail("a", 0, "s@here.example", "x@one.example", "y@TWO.example", "z@one.example"), QueueLimits.NONE);
        assertThat(ledger.usage().mails()).isOne();
        assertThat(ledger.toDomain("One.Example")).isOne();
        assertThat(ledger.toDomain("two.example")).isOne();
    }

    @Test
    void anEntryWithoutRecipientsIsNotListed() {
        ledger.put(QueueState.DEFERRED, mail("a", 1, "s@here.example"));
        assertThat(ledger.mails("")).isEmpty();
        assertThat(ledger.usage()).isEqualTo(QueueUsage.NOTHING);
    }

    // ---- limits

    @Test
    void eachLimitIsReachedAtItsNumber() {
        record Case(QueueLimits limits, Kind kind) {}
        for (Case each : List.of(
                new Case(new QueueLimits(2, 0, 0, 0), Kind.MAILS),
                new Case(new QueueLimits(0, 299, 0, 0), Kind.OCTETS),
                new Case(new QueueLimits(0, 0, 2, 0), Kind.DOMAIN),
                new Case(new QueueLimits(0, 0, 0, 2), Kind.SENDER))) {
            QueueLedger fresh = new QueueLedger(() -> 0);
            assertThat(fresh.admit(mail("a"), each.limits(), Optional.empty())).isEmpty();
            assertThat(fresh.admit(mail("b"), each.limits(), Optional.empty())).isEmpty();
            assertThat(fresh.admit(mail("c"), each.limits(), Optional.empty()))
                    .map(QueueLimits.Reached::kind)
                    .contains(each.kind());
            assertThat(fresh.usage().mails()).isEqualTo(2);
        }
    }

    @Test
    void theLimitOfOneDomainOrSenderDoesNotConcernOthers() {
        QueueLimits limits = new QueueLimits(0, 0, 1, 1);
        assertThat(admit(mail("a", 0, "a@here.example", "x@one.example"), limits))
                .isEmpty();
        assertThat(admit(mail("b", 0, "b@here.example", "x@two.example"), limits))
                .isEmpty();
        assertThat(admit(mail("c", 0, "A@here.example", "x@three.example"), limits))
                .map(QueueLimits.Reached::isOfSender)
                .contains(true);
    }

    @Test
    void theNullSenderHasNoLimitOfItsOwn() {
        QueueLimits limits = new QueueLimits(0, 0, 0, 1);
        for (String id : List.of("a", "b", "c")) {
            assertThat(admit(mail(id, 0, "", "x@one.example"), limits)).isEmpty();
        }
    }

    @Test
    void overflowCountsForNoLimitAndIsAdmittedWhenThereIsRoom() {
        QueueLimits limits = new QueueLimits(1, 0, 0, 0);
        admit(mail("a"), limits);
        ListedMail over = mail("b", 1, "sender@here.example", "bob@there.example");
        ledger.put(QueueState.OVERFLOW, over);
        assertThat(ledger.usage().mails()).isOne();
        assertThat(ledger.admitOverflow(over, limits)).isFalse();
        ledger.end(new RecordId("a", 0));
        assertThat(ledger.admitOverflow(over, limits)).isTrue();
        assertThat(ledger.find("b").orElseThrow().state()).isEqualTo(QueueState.DEFERRED);
        assertThat(ledger.admitOverflow(over, limits)).isFalse();
    }

    @Test
    void withSixteenSubmittersNoLimitIsExceededByOneMail() throws Exception {
        QueueLimits limits = new QueueLimits(500, 0, 300, 90);
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger worst = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(SUBMITTERS);
        try {
            List<Callable<Void>> submitters = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                int submitter = i;
                submitters.add(() -> {
                    for (int n = 0; n < 500; n++) {
                        String id = submitter + "-" + n;
                        ListedMail mail = mail(
                                id,
                                0,
                                "s" + n % 8 + "@here.example",
                                "bob@" + (n % 2 == 0 ? "even" : "odd") + ".example");
                        Optional<String> token = n % 3 == 0 ? Optional.of(id) : Optional.empty();
                        boolean reserved = token.isPresent()
                                && ledger.reserve(
                                                id,
                                                mail.sender(),
                                                mail.recipients()
                                                        .get(0)
                                                        .getDomain()
                                                        .asString(),
                                                100,
                                                limits)
                                        .isEmpty();
                        if (ledger.admit(mail, limits, token).isEmpty()) {
                            admitted.incrementAndGet();
                        } else {
                            assertThat(reserved).as("room was reserved").isFalse();
                        }
                        worst.accumulateAndGet((int) ledger.usage().mails(), Math::max);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(submitters)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(worst.get()).isEqualTo(500);
        assertThat(admitted.get()).isEqualTo(500);
        assertThat(ledger.toDomain("even.example")).isLessThanOrEqualTo(300);
        for (int sender = 0; sender < 8; sender++) {
            assertThat(ledger.ofSender(MaybeSender.getMailSender("s" + sender + "@here.example")))
                    .isLessThanOrEqualTo(90);
        }
    }

    // ---- room between RCPT and admission

    @Test
    void reservedRoomIsNobodyElses() {
        QueueLimits limits = new QueueLimits(1, 0, 0, 0);
        MaybeSender sender = MaybeSender.getMailSender("sender@here.example");
        assertThat(ledger.reserve("session", sender, "there.example", 0, limits))
                .isEmpty();
        assertThat(admit(mail("a"), limits)).isPresent();
        assertThat(ledger.admit(mail("b"), limits, Optional.of("session"))).isEmpty();
        assertThat(ledger.reserve("other", sender, "there.example", 0, limits)).isPresent();
    }

    @Test
    void askingTwiceForOneDomainReservesOnce() {
        QueueLimits limits = new QueueLimits(1, 0, 0, 0);
        MaybeSender sender = MaybeSender.getMailSender("sender@here.example");
        assertThat(ledger.reserve("session", sender, "there.example", 0, limits))
                .isEmpty();
        assertThat(ledger.reserve("session", sender, "There.Example", 0, limits))
                .isEmpty();
        assertThat(ledger.reserve("session", sender, "elsewhere.example", 0, limits))
                .isPresent();
    }

    @Test
    void freedRoomCanBeTakenAgain() {
        QueueLimits limits = new QueueLimits(1, 0, 0, 0);
        MaybeSender sender = MaybeSender.getMailSender("sender@here.example");
        ledger.reserve("session", sender, "there.example", 0, limits);
        ledger.free("session");
        assertThat(admit(mail("a"), limits)).isEmpty();
    }

    @Test
    void roomForAMailOfUnknownSizeIsThatOfAMeanOne() {
        QueueLimits limits = new QueueLimits(0, 1000, 0, 0);
        MaybeSender sender = MaybeSender.getMailSender("sender@here.example");
        admit(sized("a", 200), limits);
        admit(sized("b", 600), limits);
        ledger.put(QueueState.ACTIVE, sized("a", 200));
        assertThat(ledger.reserve("one", sender, "there.example", 0, limits))
                .as("400 octets do not fit into 200")
                .isPresent();
        assertThat(ledger.reserve("two", sender, "there.example", 200, limits))
                .as("as announced")
                .isEmpty();
    }

    @Test
    void aMailCountsWithTheSizeThatItWasAdmittedWith() {
        admit(sized("a", 1000), new QueueLimits(0, 1000, 0, 0));
        ledger.put(QueueState.ACTIVE, sized("a", 1014));
        assertThat(ledger.usage()).isEqualTo(new QueueUsage(1, 1000));
        ledger.end(new RecordId("a", 0));
        assertThat(ledger.usage()).isEqualTo(QueueUsage.NOTHING);
    }

    @Test
    void aMailLargerThanWasAnnouncedDoesNotExceedTheLimitOfOctets() {
        QueueLimits limits = new QueueLimits(0, 150, 0, 0);
        MaybeSender sender = MaybeSender.getMailSender("sender@here.example");
        ledger.reserve("one", sender, "there.example", 10, limits);
        ledger.reserve("two", sender, "there.example", 10, limits);
        assertThat(ledger.admit(mail("a"), limits, Optional.of("one"))).isEmpty();
        assertThat(ledger.admit(mail("b"), limits, Optional.of("two")))
                .map(QueueLimits.Reached::kind)
                .contains(Kind.OCTETS);
    }
}
