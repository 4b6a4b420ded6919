/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.SampleRoutes;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** What is in the outgoing queue and what the ledger says of it are the same after an audit. */
class QueueAuditTest {

    private final Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private final RoutingTable routes = SampleRoutes.table(SampleRoutes.independent());
    private final ManageableMailQueue queue = new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), clock)
            .createQueue(MailQueueName.of("outgoing"));
    private final QueueLedger ledger = new QueueLedger(() -> 0);

    private void admit(QueueLedger into, int mails) throws Exception {
        WaitingRoom room = new WaitingRoom(new MemoryMailRepository(), routes, into, clock);
        Admission admission = new Admission(
                queue,
                room,
                into,
                Admission.Policy.unlimited(),
                routes,
                MailPriorities.ofThisJames(false),
                clock,
                pause -> {});
        for (int i = 0; i < mails; i++) {
            admission.admit(SampleMails.mail("Mail" + i, "x" + i + "@a.example"));
        }
    }

    private void audit() {
        new QueueAudit(queue, ledger, routes, clock).run();
    }

    @Test
    void afterARestartTheQueuesMailsAreCounted() throws Exception {
        admit(new QueueLedger(() -> 0), 30);
        audit();
        assertThat(ledger.usage(QueueState.QUEUED).mails()).isEqualTo(30);
        assertThat(ledger.usage().octets()).isEqualTo(30L * SampleMails.TEXT.length());
        assertThat(ledger.toDomain("a.example")).isEqualTo(30);
    }

    @Test
    void whatSomebodyElseDeletedIsNoLongerCounted() throws Exception {
        admit(ledger, 30);
        queue.remove(ManageableMailQueue.Type.Recipient, "x7@a.example");
        audit();
        assertThat(ledger.usage().mails()).isEqualTo(29);
        queue.clear();
        audit();
        assertThat(ledger.usage()).isEqualTo(QueueUsage.NOTHING);
    }

    @Test
    void anAuditChangesNothingWhereAllIsRight() throws Exception {
        admit(ledger, 30);
        QueueUsage before = ledger.usage();
        audit();
        assertThat(ledger.usage()).isEqualTo(before);
    }

    @Test
    void whatIsBeingDeliveredIsNotTakenForQueued() throws Exception {
        admit(ledger, 1);
        ListedMail only = ledger.mails("").iterator().next();
        ledger.put(QueueState.ACTIVE, only);
        audit();
        assertThat(ledger.find(only.id()).orElseThrow().state()).isEqualTo(QueueState.ACTIVE);
        queue.clear();
        audit();
        assertThat(ledger.find(only.id())).isPresent();
    }

    private int shown() throws Exception {
        int shown = 0;
        for (ManageableMailQueue.MailQueueIterator items = queue.browse(); items.hasNext(); items.next()) {
            shown++;
        }
        return shown;
    }

    @Test
    void whatTheQueueHasReadyAndDoesNotShowIsStillThere() throws Exception {
        admit(ledger, 100);
        Disposable reader = Flux.from(queue.deQueue()).subscribeWith(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }
        });
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> shown() < 100);
            audit();
            // One may be on its way between the two lists that James adds up.
            assertThat(ledger.usage().mails()).isBetween(99L, 100L);
        } finally {
            reader.dispose();
        }
    }

    @Test
    void aMailOfALaterFormatKeepsNoOtherFromBeingCounted() throws Exception {
        admit(new QueueLedger(() -> 0), 3);
        Mail later = SampleMails.mail("Later", "x@a.example");
        later.setAttribute(new Attribute(MailStateCodec.ATTRIBUTE, AttributeValue.of("{\"format\":2}")));
        queue.enQueue(later);
        admit(new QueueLedger(() -> 0), 3);
        audit();
        assertThat(ledger.usage(QueueState.QUEUED).mails()).isEqualTo(6);
    }

    @Test
    void mailOfOthersIsCountedWhenItIsTaken() throws Exception {
        queue.enQueue(SampleMails.mail("FromRemoteDelivery", "x@a.example"));
        audit();
        assertThat(ledger.usage()).isEqualTo(QueueUsage.NOTHING);
        assertThat(ledger.admit(
                        ListedMail.of(
                                SampleMails.mail("Mail", "x@a.example"),
                                MailState.admitted("id", "Mail", clock.instant(), SampleMails.addresses("x@a.example")),
                                ""),
                        QueueLimits.NONE,
                        Optional.empty()))
                .isEmpty();
    }
}
