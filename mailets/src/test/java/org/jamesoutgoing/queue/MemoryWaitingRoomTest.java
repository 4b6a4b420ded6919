/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.queue.SampleMails.addresses;
import static org.jamesoutgoing.queue.SampleMails.recipientsOf;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Iterator;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;

class MemoryWaitingRoomTest extends RepositoryWaitingRoomContract {

    private final MemoryMailRepository memory = new MemoryMailRepository();

    @Override
    MailRepository open() {
        return memory;
    }

    @Test
    void aFullDiskIsReportedAndNothingWaits() {
        RepositoryWaitingRoom full = new RepositoryWaitingRoom(
                new MemoryMailRepository() {
                    @Override
                    public MailKey store(Mail mail) {
                        throw new IllegalStateException("No space left on device");
                    }
                },
                routes,
                new QueueLedger(),
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
        RepositoryWaitingRoom stubborn = new RepositoryWaitingRoom(
                new MemoryMailRepository() {
                    @Override
                    public void remove(MailKey key) {
                        throw new IllegalStateException("read-only file system");
                    }
                },
                routes,
                new QueueLedger(),
                Clock.fixed(NOW, ZoneOffset.UTC));
        stubborn.park(sample("Mail-a", "x@a.example"), parked("a", 1, "x@a.example"));
        assertThatThrownBy(() -> stubborn.remove(new Stamp("a", 1))).isInstanceOf(MessagingException.class);
        assertThat(stubborn.size()).isOne();
    }

    @Test
    void aRecordThatCannotBeReadIsNotRemovedAndHidesNoEarlierOne() throws Exception {
        park("a", 1, "x@a.example");
        park("a", 2, "y@a.example");
        RepositoryWaitingRoom after = new RepositoryWaitingRoom(
                new Reluctant("a.2"), routes, new QueueLedger(), Clock.fixed(NOW, ZoneOffset.UTC));
        after.open();
        after.read("a");
        assertThat(after.takeDue(LATER, 10, any -> true)).singleElement().satisfies(waiting -> {
            assertThat(waiting.stamp()).isEqualTo(new Stamp("a", 1));
            assertThat(waiting.recipients()).isEqualTo(addresses("x@a.example"));
        });
        assertThat(after.holdsLater(new Stamp("a", 1))).isFalse();
        assertThat(keys()).containsExactlyInAnyOrder("a.1", "a.2");
    }

    @Test
    void aRepositoryThatCannotBeListedStopsTheStart() {
        RepositoryWaitingRoom broken = new RepositoryWaitingRoom(
                new Reluctant(null), routes, new QueueLedger(), Clock.fixed(NOW, ZoneOffset.UTC));
        assertThatThrownBy(broken::open).isInstanceOf(MessagingException.class);
    }

    /** The repository of the test, but for one key; without a key not even its list. */
    private final class Reluctant implements MailRepository {
        private final String unreadable;

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
            if (key.asString().equals(unreadable)) {
                throw new MessagingException("the database is down");
            }
            return memory.retrieve(key);
        }

        @Override
        public void remove(MailKey key) {
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
