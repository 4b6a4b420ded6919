/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jamesoutgoing.queue.SampleMails.addresses;
import static org.jamesoutgoing.queue.SampleMails.recipientsOf;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;

class MemoryWaitingRoomTest extends WaitingRoomContract {

    private final MemoryMailRepository memory = new MemoryMailRepository();

    @Override
    MailRepository open() {
        return memory;
    }

    @Test
    void aFullDiskIsReportedAndNothingWaits() {
        WaitingRoom full = new WaitingRoom(
                new MemoryMailRepository() {
                    @Override
                    public MailKey store(Mail mail) {
                        throw new IllegalStateException("No space left on device");
                    }
                },
                routes,
                new QueueLedger(() -> 0),
                Clock.fixed(NOW, ZoneOffset.UTC));
        Mail mail = sample("Mail-a", "x@a.example", "y@a.example");
        assertThatThrownBy(() -> full.park(mail, parked("a", 1, "y@a.example")))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("No space left on device");
        assertThat(full.size()).isZero();
        assertThat(mail.getName()).isEqualTo("Mail-a");
        assertThat(recipientsOf(mail)).containsExactly("x@a.example", "y@a.example");
    }

    @Test
    void aMailThatCannotBeRemovedStillWaits() throws Exception {
        WaitingRoom stubborn = new WaitingRoom(
                new MemoryMailRepository() {
                    @Override
                    public void remove(MailKey key) {
                        throw new IllegalStateException("read-only file system");
                    }
                },
                routes,
                new QueueLedger(() -> 0),
                Clock.fixed(NOW, ZoneOffset.UTC));
        stubborn.park(sample("Mail-a", "x@a.example"), parked("a", 1, "x@a.example"));
        assertThatThrownBy(() -> stubborn.remove(new RecordId("a", 1))).isInstanceOf(MessagingException.class);
        assertThat(stubborn.size()).isOne();
    }

    private WaitingRoom opened(Reluctant reluctant, QueueLedger ledger) throws Exception {
        WaitingRoom after = new WaitingRoom(reluctant, routes, ledger, clock);
        after.open();
        // Each has been tried once: another try would double the pause.
        await().atMost(Duration.ofMinutes(1))
                .until(() -> ledger.unread() == after.unreadable().size());
        return after;
    }

    /** What is due when what is unread was read once more, as soon as its first try has come to its end. */
    private static List<ListedMail> readAgain(WaitingRoom room) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> {
                            room.readAgain();
                            return room.takeDue(LATER, 10, any -> true);
                        },
                        due -> !due.isEmpty());
    }

    @Test
    void aMailThatCannotBeReadIsCountedAndShownAndReadAgain() throws Exception {
        park("a", 1, "x@a.example");
        for (boolean asNothing : new boolean[] {false, true}) {
            Reluctant reluctant = new Reluctant("a.1");
            reluctant.asNothing = asNothing;
            QueueLedger ledger = new QueueLedger(() -> 0);
            WaitingRoom after = opened(reluctant, ledger);
            Drain drain = new Drain(new ScriptedQueue(), after, ledger);
            for (int hour = 0; hour < 100; hour++) {
                assertThat(after.takeDue(LATER, 10, any -> true)).isEmpty();
                assertThat(after.size()).isEqualTo(1);
                assertThat(ledger.unread()).isEqualTo(1);
                assertThat(drain.left()).isEqualTo(1);
                assertThat(after.unreadable()).containsOnlyKeys("a");
                assertThat(after.isUnread("a")).isEqualTo(hour == 0);
                clock.advance(Duration.ofHours(1));
                after.readAgain();
            }
            assertThat(keys()).containsExactly("a.1");

            reluctant.unreadable = "none";
            after.readAgain();
            assertThat(ledger.unread()).as("not at every moment").isEqualTo(1);
            clock.advance(UnreadMails.LONGEST_PAUSE);
            after.readAgain();
            assertThat(after.takeDue(LATER, 10, any -> true)).hasSize(1);
            assertThat(ledger.unread()).isZero();
            assertThat(after.unreadable()).isEmpty();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(after.size()).isEqualTo(1));
        }
    }

    @Test
    void whatCannotBeReadWhenItIsTakenIsShownToo() throws Exception {
        park("a", 1, "x@a.example");
        Reluctant reluctant = new Reluctant("none");
        WaitingRoom after = opened(reluctant, new QueueLedger(() -> 0));
        ListedMail waiting = after.take("a").orElseThrow();
        reluctant.unreadable = "a.1";
        assertThatThrownBy(() -> after.load(waiting)).isInstanceOf(MessagingException.class);
        reluctant.asNothing = true;
        assertThatThrownBy(() -> after.load(waiting)).isNotInstanceOf(WaitingRoom.MailGoneException.class);
        assertThat(after.unreadable()).containsOnlyKeys("a");
        reluctant.unreadable = "none";
        LifecycleUtil.dispose(after.load(waiting));
        assertThat(after.unreadable()).isEmpty();
    }

    @Test
    void theLatestRecordIsWaitedForWhileItCannotBeRead() throws Exception {
        park("a", 1, "x@a.example", "y@a.example");
        park("a", 2, "y@a.example");
        Reluctant reluctant = new Reluctant("a.2");
        WaitingRoom after = opened(reluctant, new QueueLedger(() -> 0));
        assertThat(after.takeDue(LATER, 10, any -> true)).isEmpty();
        reluctant.unreadable = "none";
        clock.advance(UnreadMails.FIRST_PAUSE);
        assertThat(readAgain(after)).singleElement().satisfies(waiting -> assertThat(waiting.recordId())
                .isEqualTo(new RecordId("a", 2)));
        assertThat(keys()).containsExactly("a.2");
    }

    @Test
    void thePartsOfAMailThatTheRepositoryHasLostAreMails() throws Exception {
        park("a", 1, "x@a.example", "y@b.example");
        park("a-0", 1, "x@a.example");
        Reluctant reluctant = new Reluctant("a.1");
        reluctant.asNothing = true;
        reluctant.forgetful = true;
        QueueLedger ledger = new QueueLedger(() -> 0);
        WaitingRoom after = opened(reluctant, ledger);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(ledger.unread()).isZero());
        assertThat(after.takeDue(LATER, 10, any -> true))
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.recordId()).isEqualTo(new RecordId("a-0", 1)));
    }

    @Test
    void aLeftoverThatCannotBeRemovedIsRemovedLater() throws Exception {
        park("a", 1, "x@a.example", "y@a.example");
        park("a", 2, "y@a.example");
        Reluctant reluctant = new Reluctant("none");
        reluctant.readOnly = true;
        WaitingRoom after = opened(reluctant, new QueueLedger(() -> 0));
        assertThat(keys()).hasSize(2);
        reluctant.readOnly = false;
        after.readAgain();
        assertThat(keys()).containsExactly("a.2");
    }

    @Test
    void aRecordThatCannotBeReadForLongIsNotRemovedAndHidesNoEarlierOne() throws Exception {
        park("a", 1, "x@a.example");
        park("a", 2, "y@a.example");
        WaitingRoom after = opened(new Reluctant("a.2"), new QueueLedger(() -> 0));
        clock.advance(UnreadMails.PATIENCE);
        assertThat(readAgain(after)).singleElement().satisfies(waiting -> {
            assertThat(waiting.recordId()).isEqualTo(new RecordId("a", 1));
            assertThat(waiting.recipients()).isEqualTo(addresses("x@a.example"));
        });
        assertThat(after.holdsLater(new RecordId("a", 1))).isFalse();
        assertThat(keys()).containsExactlyInAnyOrder("a.1", "a.2");
    }

    @Test
    void aRepositoryThatCannotBeListedStopsTheStart() {
        WaitingRoom broken = new WaitingRoom(
                new Reluctant(null), routes, new QueueLedger(() -> 0), Clock.fixed(NOW, ZoneOffset.UTC));
        assertThatThrownBy(broken::open).isInstanceOf(MessagingException.class);
    }

    /** The repository of the test, but for one key; without a key not even its list. */
    private final class Reluctant implements MailRepository {
        private volatile String unreadable;
        private volatile boolean asNothing;
        /** Loses it when it is asked for. */
        private volatile boolean forgetful;

        private volatile boolean readOnly;

        Reluctant(String unreadable) {
            this.unreadable = unreadable;
        }

        @Override
        public MailKey store(Mail mail) {
            return memory.store(mail);
        }

        @Override
        public Iterator<MailKey> list() throws MessagingException {
            if (unreadable == null) {
                throw new MessagingException("the database is down");
            }
            return memory.list();
        }

        @Override
        public Mail retrieve(MailKey key) throws MessagingException {
            if (key.asString().equals(unreadable) && asNothing) {
                if (forgetful) {
                    memory.remove(key);
                }
                return null;
            }
            if (key.asString().equals(unreadable)) {
                throw new MessagingException("the database is down");
            }
            return memory.retrieve(key);
        }

        @Override
        public void remove(MailKey key) {
            if (readOnly) {
                throw new IllegalStateException("read-only file system");
            }
            memory.remove(key);
        }

        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public void removeAll() {
            memory.removeAll();
        }
    }
}
