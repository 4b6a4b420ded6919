/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.SampleRoutes;
import org.junit.jupiter.api.Test;

/** Everything that waits goes back to the outgoing queue as RemoteDelivery knows it. */
class DrainTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final RoutingTable routes = SampleRoutes.table(SampleRoutes.independent());
    private final ManageableMailQueue queue = new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), clock)
            .createQueue(MailQueueName.of("outgoing"));
    private final QueueLedger ledger = new QueueLedger(() -> 0);
    private final Disk disk = new Disk();
    private final WaitingRoom room = new WaitingRoom(disk, routes, ledger, clock);

    /** A disk that may be read-only. */
    private static final class Disk extends MemoryMailRepository {
        boolean readOnly;

        @Override
        public void remove(MailKey key) {
            if (readOnly) {
                throw new IllegalStateException("read-only file system");
            }
            super.remove(key);
        }
    }

    private void park(String id, Optional<Hold> hold) throws Exception {
        MailState state = MailState.admitted(id, "Mail-" + id, NOW, SampleMails.addresses(id + "@a.example"))
                .parkedUntil(NOW.plus(Duration.ofHours(1)));
        room.park(
                SampleMails.mail("Mail-" + id, id + "@a.example", "done@a.example"),
                hold.isPresent() ? state.withHold(hold.get()) : state);
    }

    private List<Mail> queued() throws Exception {
        List<Mail> mails = new ArrayList<>();
        queue.browse().forEachRemaining(item -> mails.add(item.getMail()));
        return mails;
    }

    @Test
    void deferredAndHeldMailIsInTheQueueWithoutAnythingOfOurs() throws Exception {
        park("a", Optional.empty());
        park("b", Optional.of(new Hold(Hold.Kind.HELD, "why not", NOW, Optional.empty())));
        Drain drain = new Drain(queue, room, ledger);
        drain.run();
        assertThat(drain.drained()).isEqualTo(2);
        assertThat(drain.left()).isZero();
        assertThat(disk.size()).isZero();
        assertThat(ledger.usage()).isEqualTo(QueueUsage.NOTHING);
        assertThat(queued()).hasSize(2).allSatisfy(mail -> {
            assertThat(mail.getAttribute(MailStateCodec.ATTRIBUTE)).isEmpty();
            assertThat(mail.getRecipients()).hasSize(1);
            assertThat(mail.getName()).startsWith("Mail-");
        });
    }

    @Test
    void mailThatIsNotReadYetIsGivenBackToo() throws Exception {
        park("a", Optional.empty());
        QueueLedger fresh = new QueueLedger(() -> 0);
        WaitingRoom restarted = new WaitingRoom(disk, routes, fresh, clock);
        restarted.open();
        new Drain(queue, restarted, fresh).run();
        assertThat(queued()).hasSize(1);
    }

    @Test
    void whatIsInTheQueueIsNotPutThereAgainThoughItsRecordCouldNotBeRemoved() throws Exception {
        park("a", Optional.empty());
        disk.readOnly = true;
        Drain drain = new Drain(queue, room, ledger);
        assertThatThrownBy(drain::run).isInstanceOf(MessagingException.class);
        assertThat(drain.left()).isEqualTo(1);
        disk.readOnly = false;
        drain.run();
        assertThat(drain.left()).isZero();
        assertThat(disk.size()).isZero();
        assertThat(queued()).hasSize(1);
    }

    @Test
    void whatTheQueueDoesNotTakeStaysInTheWaitingRoom() throws Exception {
        park("a", Optional.empty());
        ScriptedQueue refusing = new ScriptedQueue();
        refusing.failing = true;
        assertThatThrownBy(() -> new Drain(refusing, room, ledger).run()).isInstanceOf(MessagingException.class);
        assertThat(disk.size()).isOne();
        refusing.failing = false;
        new Drain(refusing, room, ledger).run();
        assertThat(disk.size()).isZero();
    }
}
