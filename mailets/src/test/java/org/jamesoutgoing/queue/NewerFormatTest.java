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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.MovableClock;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.SampleRoutes;
import org.junit.jupiter.api.Test;

/** A mail that a later version has stored, after a step back to this one. */
class NewerFormatTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final RoutingTable routes = SampleRoutes.table(SampleRoutes.independent());
    private final MemoryMailRepository repository = new MemoryMailRepository();
    private final MovableClock clock = new MovableClock();

    private void format(String record, int format) throws Exception {
        Mail stored = repository.retrieve(new MailKey(record));
        String json = (String) stored.getAttribute(MailStateCodec.ATTRIBUTE)
                .orElseThrow()
                .getValue()
                .value();
        String changed = json.replaceFirst("\\{(\"format\":\\d+,)?", "{\"format\":" + format + ",");
        stored.setAttribute(new Attribute(MailStateCodec.ATTRIBUTE, AttributeValue.of(changed)));
        repository.store(stored);
    }

    @Test
    void itIsCountedAndShownAndTriedAgain() throws Exception {
        new WaitingRoom(repository, routes, new QueueLedger(() -> 0), Clock.fixed(NOW, ZoneOffset.UTC))
                .park(
                        mail("Mail-a", "x@a.example"),
                        MailState.admitted("a", "Mail-a", NOW, addresses("x@a.example"))
                                .parkedUntil(NOW));
        format("a.1", 2);
        QueueLedger ledger = new QueueLedger(() -> 0);
        WaitingRoom room = new WaitingRoom(repository, routes, ledger, clock);
        room.open();
        room.read("a");

        assertThat(room.takeDue(clock.instant().plus(Duration.ofDays(1)), 10, any -> true))
                .isEmpty();
        assertThat(ledger.unread()).isOne();
        assertThat(room.unreadable()).containsOnlyKeys("a");
        assertThat(room.unreadable().get("a"))
                .endsWith(": its state has format 2, written by a later version; this one reads up to 1");
        assertThat(repository.size()).isOne();

        format("a.1", 1);
        clock.advance(UnreadMails.LONGEST_PAUSE);
        room.readAgain();
        assertThat(ledger.unread()).isZero();
        assertThat(room.unreadable()).isEmpty();
        assertThat(room.takeDue(clock.instant().plus(Duration.ofDays(1)), 10, any -> true))
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.recipients()).isEqualTo(addresses("x@a.example")));
        room.close();
    }

    /** Guarantee 2: only the later version knows who has the mail by now. */
    @Test
    void noEarlierRecordCountsInItsPlaceHoweverLongItTakes() throws Exception {
        WaitingRoom before =
                new WaitingRoom(repository, routes, new QueueLedger(() -> 0), Clock.fixed(NOW, ZoneOffset.UTC));
        MailState first = MailState.admitted("a", "Mail-a", NOW, addresses("x@a.example", "y@a.example"))
                .parkedUntil(NOW);
        before.park(mail("Mail-a", "x@a.example", "y@a.example"), first);
        before.park(
                mail("Mail-a", "y@a.example"),
                first.withRecipients(addresses("y@a.example")).parkedUntil(NOW));
        format("a.2", 2);
        WaitingRoom room = new WaitingRoom(repository, routes, new QueueLedger(() -> 0), clock);
        room.open();
        room.read("a");
        clock.advance(UnreadMails.PATIENCE.plus(UnreadMails.LONGEST_PAUSE));
        room.readAgain();

        assertThat(room.isUnread("a")).isTrue();
        assertThat(room.takeDue(clock.instant(), 10, any -> true)).isEmpty();
        assertThat(repository.size()).isEqualTo(2);
        room.close();
    }

    /** Guarantee 2: a later version would deliver the part besides. */
    @Test
    void aMailDoesNotCountAsLongAsAPartOfItIsOfALaterVersion() throws Exception {
        WaitingRoom before =
                new WaitingRoom(repository, routes, new QueueLedger(() -> 0), Clock.fixed(NOW, ZoneOffset.UTC));
        MailState whole = MailState.admitted("a", "Mail-a", NOW, addresses("x@a.example", "y@b.example"))
                .parkedUntil(NOW);
        before.park(mail("Mail-a", "x@a.example", "y@b.example"), whole);
        before.park(
                mail("Mail-a", "y@b.example"),
                whole.part(RecordId.partId("a", 0), "Mail-a-to-b", addresses("y@b.example"))
                        .parkedUntil(NOW));
        format("a-0.1", 2);
        QueueLedger ledger = new QueueLedger(() -> 0);
        WaitingRoom room = new WaitingRoom(repository, routes, ledger, clock);
        room.open();
        room.read("a");

        assertThat(room.isUnread("a")).isTrue();
        assertThat(room.takeDue(clock.instant(), 10, any -> true)).isEmpty();
        assertThat(repository.size()).isEqualTo(2);

        format("a-0.1", 1);
        room.read("a");
        assertThat(room.takeDue(clock.instant(), 10, any -> true))
                .extracting(ListedMail::id)
                .containsExactly("a");
        room.close();
    }
}
