/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.james.mailrepository.api.MailKey;
import org.jamesoutgoing.queue.LedgerCounts;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.PostponedNotification;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.QueueUsage;
import org.jamesoutgoing.queue.RecordId;
import org.junit.jupiter.api.Test;

/** What the ledger counts is what a full listing counts, whatever became of the mails. */
class QueueCountsTest {

    private static final int MAILS = 10_000;
    private static final int DOMAINS = 40;
    private static final int SENDERS = 25;

    private final World world = new World();
    private final Random random = new Random(6);

    /** A third each: delivered, refused, put off; some hosts cannot be reached, some need several goes. */
    private String said(String host, String recipient) {
        int fate = Math.floorMod(recipient.hashCode(), 12);
        if (host.contains("dead")) {
            return "connect";
        }
        if (fate < 4) {
            return "250 2.1.5 OK";
        }
        return fate < 8 ? "550 5.1.1 no such user" : random.nextInt(3) == 0 ? "250 2.1.5 OK" : "450 4.2.1 later";
    }

    private void admitAll(World.Life process) throws Exception {
        for (int i = 0; i < MAILS; i++) {
            String domain = (i % 10 == 0 ? "dead" : "alive") + i % DOMAINS + ".example";
            process.admission.admit(
                    World.mail("mail" + i, "s" + i % SENDERS + "@here.example", "r" + i + "@" + domain));
            if (i % 500 == 0) {
                actOnSome(process);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What comes of it is seen in the counts.
    private void actOnSome(World.Life process) {
        int seen = 0;
        for (ListedMail mail : process.ledger.mails("")) {
            if (seen++ % 7 == 0) {
                process.act(mail.id(), any());
            }
            if (seen > 100) {
                return;
            }
        }
    }

    private QueueAction any() {
        return switch (random.nextInt(4)) {
            case 0 -> World.action(QueueAction.Kind.DELETE);
            case 1 -> new QueueAction(QueueAction.Kind.FAIL, Optional.of("enough"), Optional.empty());
            case 2 -> new QueueAction(QueueAction.Kind.HOLD, Optional.of("held"), Optional.empty());
            default -> World.action(QueueAction.Kind.RETRY);
        };
    }

    private void assertThatCountsAreRight(World.Life process) throws Exception {
        QueueLedger ledger = process.ledger;
        Map<QueueState, QueueUsage> byState = new EnumMap<>(QueueState.class);
        Map<String, Long> byDomain = new HashMap<>();
        Map<String, Long> bySender = new HashMap<>();
        for (ListedMail mail : ledger.mails("")) {
            byState.merge(mail.state(), new QueueUsage(1, mail.size()), QueueUsage::plus);
            mail.recipients().stream()
                    .map(recipient -> recipient.getDomain().asString())
                    .distinct()
                    .forEach(domain -> byDomain.merge(domain, 1L, Long::sum));
            bySender.merge(mail.sender().asString(), 1L, Long::sum);
        }
        for (QueueState state : QueueState.values()) {
            assertThat(ledger.usage(state)).as("%s", state).isEqualTo(byState.getOrDefault(state, QueueUsage.NOTHING));
        }
        for (int i = 0; i < DOMAINS; i++) {
            for (String domain : new String[] {"dead" + i + ".example", "alive" + i + ".example"}) {
                assertThat(LedgerCounts.toDomain(ledger, domain))
                        .as(domain)
                        .isEqualTo(byDomain.getOrDefault(domain, 0L));
            }
        }
        for (int i = 0; i < SENDERS; i++) {
            String sender = "s" + i + "@here.example";
            assertThat(LedgerCounts.ofSender(ledger, sender)).as(sender).isEqualTo(bySender.getOrDefault(sender, 0L));
        }
        // What is not under way is what is on the disk.
        assertThat(ledger.usage(QueueState.QUEUED)).isEqualTo(QueueUsage.NOTHING);
        assertThat(ledger.usage(QueueState.ACTIVE)).isEqualTo(QueueUsage.NOTHING);
        Iterator<MailKey> stored = world.disk.asSeenBy(Halt.never()).list();
        int mails = 0;
        while (stored.hasNext()) {
            RecordId recordId = RecordId.ofKey(stored.next().asString());
            // What is only to be told is no mail.
            if (!PostponedNotification.is(recordId)) {
                assertThat(ledger.find(recordId.id())).isPresent();
                mails++;
            }
        }
        assertThat(ledger.usage().mails()).isEqualTo(mails).isPositive();
    }

    @Test
    void afterTenThousandMailsOfMixedFatesAndAKillTheCountsAreThoseOfAFullListing() throws Exception {
        world.peers.answer(this::said);
        World.Life process = world.process();
        admitAll(process);
        process.settleDown();
        assertThatCountsAreRight(process);
        world.clock.advance(Duration.ofHours(3));
        process.settleDown();
        assertThatCountsAreRight(process);
        process.abandon();

        try (World.Life next = world.process()) {
            World.soon().until(() -> next.ledger.unread() == 0);
            world.clock.advance(Duration.ofHours(10));
            next.settleDown();
            assertThatCountsAreRight(next);
        }
    }
}
