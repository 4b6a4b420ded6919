/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jamesoutgoing.queue.SampleMails.addresses;
import static org.jamesoutgoing.queue.SampleMails.mail;
import static org.jamesoutgoing.queue.SampleMails.recipientsOf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.MovableClock;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.SampleRoutes;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds whichever of James's repositories the waiting room is in. */
abstract class WaitingRoomContract {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Instant LATER = NOW.plus(Duration.ofMinutes(10));

    final MovableClock clock = new MovableClock();
    private final List<Mail> toDispose = new ArrayList<>();
    final RoutingTable routes = SampleRoutes.table(SampleRoutes.independent());

    MailRepository repository;
    WaitingRoom room;

    /** The same stored mails as seen by another process. */
    abstract MailRepository open() throws Exception;

    @BeforeEach
    void start() throws Exception {
        repository = open();
        room = new WaitingRoom(repository, routes, new QueueLedger(() -> 0), clock);
        room.open();
    }

    @AfterEach
    void disposeOfMails() {
        room.close();
        toDispose.forEach(LifecycleUtil::dispose);
    }

    @Test
    void whatIsToBeToldLaterStandsInOneLineOfItsSenderAndSurvivesARestart() throws Exception {
        Notification notification = Notification.queueFull(addresses("a@one.example", "b@two.example"), "full", NOW);
        MailState first = PostponedNotification.of(
                MailState.admitted("one", "one", NOW, addresses("a@one.example")), notification, LATER);
        MailState second = PostponedNotification.of(
                MailState.admitted("two", "two", NOW, addresses("b@two.example")), notification, LATER);
        Mail mail = sample("mail", "a@one.example");
        String line = PostponedNotification.line(mail.getMaybeSender());
        assertThat(room.firstDue(line)).isEmpty();
        room.park(mail, first);
        room.park(mail, second);
        room.park(mail, first);

        restart(first.recordId().id(), second.recordId().id());
        room.routesChanged();
        assertThat(room.firstDue(line)).contains(LATER);
        assertThat(room.takeDue(LATER, 10, any -> false)).isEmpty();
        assertThat(room.takeLine(line, 1)).hasSize(1);
        List<ListedMail> rest = room.takeLine(line, 10);
        assertThat(rest).hasSize(1).allMatch(waiting -> waiting.recipients().isEmpty());
        assertThat(room.firstDue(line)).isEmpty();
        room.putBack(rest.get(0));
        assertThat(room.firstDue(line)).contains(LATER);
    }

    @Test
    void aMailIsLookedAtWithoutTakingIt() throws Exception {
        Mail mail = sample("mail", "a@one.example");
        MailState state = MailState.admitted("one", "mail", NOW, addresses("a@one.example"))
                .withRecordId(new RecordId("one", 1))
                .withDue(LATER);
        room.park(mail, state);

        restart();
        Mail seen = room.look("one").orElseThrow();
        toDispose.add(seen);
        assertThat(seen.getName()).isEqualTo("mail");
        assertThat(MailStateCodec.read(seen, NOW)).isEqualTo(state);
        assertThat(room.look("two")).isEmpty();

        ListedMail taken = room.take("one").orElseThrow();
        Mail taking = room.look("one").orElseThrow();
        toDispose.add(taking);
        room.remove(taken.recordId());
        assertThat(room.look("one")).isEmpty();
    }

    @Test
    void whatHasNobodyToDeliverToIsANotification() throws Exception {
        Mail mail = sample("mail", "a@one.example");
        MailState state = MailState.admitted("one", "mail", NOW, addresses("a@one.example"));
        assertThat(room.notifications()).isZero();
        room.park(mail, state.withRecordId(new RecordId("one", 1)));
        room.park(mail, state.withRecordId(new RecordId("two", 1)).withRecipients(List.of()));

        assertThat(room.notifications()).isEqualTo(1);
        assertThat(room.size()).isEqualTo(2);
    }

    /** Another process comes up; the mails are not necessarily read yet. */
    final void restart() throws Exception {
        room.close();
        start();
    }

    /** Another process comes up, and has read these mails. */
    final void restart(String... ids) throws Exception {
        restart();
        for (String id : ids) {
            room.read(id);
        }
    }

    final Mail sample(String name, String... recipients) {
        Mail mail = mail(name, recipients);
        toDispose.add(mail);
        return mail;
    }

    static MailState parked(String id, int sequence, String... recipients) {
        return parked(id, sequence, addresses(recipients));
    }

    static MailState parked(String id, int sequence, List<MailAddress> recipients) {
        return MailState.admitted(id, "Mail-" + id, NOW, recipients)
                .withRecordId(new RecordId(id, sequence))
                .withAttempt(new PastAttempt(
                        NOW,
                        Optional.of("mx.example"),
                        Optional.empty(),
                        Optional.empty(),
                        "deferred",
                        "421 record " + sequence))
                .withDue(LATER);
    }

    final void park(String id, int sequence, String... recipients) throws MessagingException {
        room.park(sample("Mail-" + id, recipients), parked(id, sequence, recipients));
    }

    final List<ListedMail> due() {
        return room.takeDue(LATER, 1000, any -> true);
    }

    final ListedMail onlyDue() {
        List<ListedMail> due = due();
        assertThat(due).hasSize(1);
        return due.get(0);
    }

    final Mail load(ListedMail waiting) throws MessagingException {
        Mail mail = room.load(waiting);
        toDispose.add(mail);
        return mail;
    }

    static String text(Mail mail) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        mail.getMessage().writeTo(bytes);
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    final List<String> keys() throws MessagingException {
        List<String> keys = new ArrayList<>();
        for (Iterator<MailKey> i = repository.list(); i.hasNext(); ) {
            keys.add(i.next().asString());
        }
        return keys;
    }

    /** A mail that has just been read may count twice for a moment. */
    final void assertWaiting(int mails) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(room.size()).isEqualTo(mails));
    }

    @Test
    void aParkedMailComesBackWhenItIsDueAndAsItWas() throws Exception {
        Mail mail = sample("Mail-a", "x@a.example", "y@a.example");
        mail.setAttribute(Attribute.convertToAttribute("other", "attribute"));
        MailState state = parked("a", 1, "y@a.example");
        room.park(mail, state);

        assertThat(room.takeDue(LATER.minusMillis(1), 10, any -> true)).isEmpty();
        ListedMail waiting = onlyDue();
        Mail loaded = load(waiting);

        assertThat(loaded.getName()).isEqualTo("Mail-a");
        assertThat(recipientsOf(loaded)).containsExactly("y@a.example");
        assertThat(loaded.getMaybeSender().asString()).isEqualTo("sender@sender.example");
        assertThat(loaded.getAttribute(AttributeName.of("other"))).isPresent();
        assertThat(text(loaded)).isEqualTo(SampleMails.TEXT);
        assertThat(MailStateCodec.read(loaded, NOW)).isEqualTo(state);
    }

    @Test
    void theIndexKnowsAMailWithoutReadingIt() throws Exception {
        park("a", 1, "x@a.example");
        assertThat(onlyDue())
                .isEqualTo(new ListedMail(
                        new RecordId("a", 1),
                        "Mail-a",
                        routes.destinationOf("a.example").key(),
                        LATER,
                        NOW,
                        Optional.empty(),
                        MaybeSender.getMailSender("sender@sender.example"),
                        addresses("x@a.example"),
                        SampleMails.TEXT.length(),
                        5,
                        "421 record 1",
                        Optional.empty(),
                        QueueState.DEFERRED));
    }

    @Test
    void theIndexIsTheSameAfterARestart() throws Exception {
        park("a", 3, "x@a.example", "y@b.example");
        ListedMail before = onlyDue();
        restart("a");
        assertThat(onlyDue()).isEqualTo(before);
    }

    @Test
    void parkingLeavesTheMailAsItWas() throws Exception {
        Mail mail = sample("Mail-a", "x@a.example", "y@b.example", "z@a.example");
        room.park(mail, parked("a", 1, "z@a.example"));
        assertThat(mail.getName()).isEqualTo("Mail-a");
        assertThat(recipientsOf(mail)).containsExactly("x@a.example", "y@b.example", "z@a.example");
        assertThat(text(mail)).isEqualTo(SampleMails.TEXT);
    }

    @Test
    void aRestartLosesNothing() throws Exception {
        String[] ids = IntStream.range(0, 50).mapToObj(i -> "id" + i).toArray(String[]::new);
        for (String id : ids) {
            park(id, 1, "x@" + id + ".example");
        }
        restart(ids);
        assertWaiting(50);
        List<ListedMail> due = due();
        assertThat(due.stream().map(waiting -> waiting.recordId().id())).containsExactlyInAnyOrder(ids);
        for (ListedMail waiting : due) {
            assertThat(text(load(waiting))).isEqualTo(SampleMails.TEXT);
        }
    }

    @Test
    void anEmptyRepositoryIsAnEmptyWaitingRoom() {
        assertWaiting(0);
        assertThat(due()).isEmpty();
        assertThat(room.isUnread("a")).isFalse();
        assertThatCode(() -> room.read("a")).doesNotThrowAnyException();
    }

    @Test
    void aTakenMailStaysStoredUntilItIsRemoved() throws Exception {
        park("a", 1, "x@a.example");
        ListedMail waiting = onlyDue();
        restart("a");
        assertThat(onlyDue().recordId()).isEqualTo(waiting.recordId());
        room.remove(waiting.recordId());
        assertWaiting(0);
        assertThat(keys()).isEmpty();
        restart("a");
        assertWaiting(0);
    }

    @Test
    void aMailThatIsPutBackIsTakenAgain() throws Exception {
        park("a", 1, "x@a.example");
        ListedMail waiting = onlyDue();
        assertThat(due()).isEmpty();
        room.putBack(waiting);
        assertThat(onlyDue()).isEqualTo(waiting);
    }

    @Test
    void aMailThatIsParkedAnewIsOneMail() throws Exception {
        park("a", 1, "x@a.example", "y@a.example");
        ListedMail first = onlyDue();
        room.park(load(first), parked("a", 2, "y@a.example"));
        room.remove(first.recordId());

        assertWaiting(1);
        assertThat(keys()).containsExactly("a.2");
        ListedMail second = onlyDue();
        assertThat(second.recordId()).isEqualTo(new RecordId("a", 2));
        assertThat(recipientsOf(load(second))).containsExactly("y@a.example");
        assertThat(text(load(second))).isEqualTo(SampleMails.TEXT);
    }

    @Test
    void ofTwoRecordsOfOneMailTheLaterIsValidAndTheEarlierIsRemoved() throws Exception {
        park("a", 2, "y@a.example");
        park("a", 1, "x@a.example", "y@a.example");
        park("a", 10, "z@a.example");
        restart("a");

        assertWaiting(1);
        assertThat(keys()).containsExactly("a.10");
        ListedMail waiting = onlyDue();
        assertThat(waiting.recordId()).isEqualTo(new RecordId("a", 10));
        assertThat(recipientsOf(load(waiting))).containsExactly("z@a.example");
    }

    @Test
    void aMailWhoseIdentityOnlyStartsLikeAnothersIsNotThatOne() throws Exception {
        park("a", 1, "x@a.example");
        park("a-1", 2, "x@a.example");
        restart("a", "a-1");
        assertWaiting(2);
        assertThat(keys()).containsExactlyInAnyOrder("a.1", "a-1.2");
    }

    @Test
    void thePartsOfAMailDoNotWaitBeforeItIsGone() throws Exception {
        park("a", 1, "x@a.example", "y@b.example");
        ListedMail whole = onlyDue();
        List<ListedMail> parts = List.of(
                room.store(load(whole), parked("a-0", 1, "x@a.example")),
                room.store(load(whole), parked("a-1", 1, "y@b.example")));
        assertThat(due()).isEmpty();

        room.split(whole.recordId(), parts);
        assertThat(due()).containsExactlyInAnyOrderElementsOf(parts);
        assertWaiting(2);
        assertThat(keys()).containsExactlyInAnyOrder("a-0.1", "a-1.1");
        restart("a-0", "a-1");
        assertThat(due()).containsExactlyInAnyOrderElementsOf(parts);
    }

    @Test
    void ofAMailWhoseSplitCameToNoEndThePartsAreLeftovers() throws Exception {
        park("a", 2, "x@a.example", "y@b.example", "z@c.example");
        ListedMail whole = onlyDue();
        room.store(load(whole), parked("a-0", 1, "x@a.example"));
        room.store(load(whole), parked("a-1", 1, "y@b.example"));
        restart("a", "a-0", "a-1");

        assertWaiting(1);
        assertThat(onlyDue().recordId()).isEqualTo(new RecordId("a", 2));
        assertThat(keys()).containsExactly("a.2");
    }

    @Test
    void whatOnlyLooksLikeAPartHasRecipientsOfItsOwn() throws Exception {
        park("a", 1, "x@a.example");
        park("a-0", 1, "y@b.example");
        restart("a", "a-0");
        assertWaiting(2);
        assertThat(keys()).containsExactlyInAnyOrder("a.1", "a-0.1");
    }

    @Test
    void rightAfterTheStartALaterRecordIsKnown() throws Exception {
        park("a", 2, "x@a.example");
        for (int i = 0; i < 20; i++) {
            restart();
            // The way of whoever finds the first record in the queue.
            if (room.isUnread("a")) {
                room.read("a");
            }
            assertThat(room.isUnread("a")).isFalse();
            assertThat(room.holdsLater(new RecordId("a", 0))).isTrue();
            assertThat(room.holdsLater(new RecordId("a", 1))).isTrue();
            assertThat(room.holdsLater(new RecordId("a", 2))).isFalse();
            assertThat(room.holdsLater(new RecordId("a", 3))).isFalse();
            assertThat(room.holdsLater(new RecordId("b", 0))).isFalse();
        }
    }

    @Test
    void aLaterRecordIsKnownAlsoWhileItIsTaken() throws Exception {
        park("a", 2, "x@a.example");
        ListedMail waiting = onlyDue();
        assertThat(room.holdsLater(new RecordId("a", 0))).isTrue();
        room.remove(waiting.recordId());
        assertThat(room.holdsLater(new RecordId("a", 0))).isFalse();
    }

    @Test
    void longNamesAndDomainsAndQuotedLocalPartsAreKept() throws Exception { // RFC 5321 §4.1.2, RFC 1035 §2.3.4
        String domain = ("d".repeat(62) + ".").repeat(4) + "e";
        String name = "Mail-" + "!very-long-name/\\:*?\"<>|".repeat(40) + "-to-" + domain;
        List<MailAddress> recipients = addresses("x".repeat(64) + "@" + domain, "\"a;b c\"@" + domain);
        Mail mail = mail(name, recipients);
        MailState state = MailState.admitted("a", name, NOW, recipients).parkedUntil(LATER);
        room.park(mail, state);
        LifecycleUtil.dispose(mail);
        restart("a");

        ListedMail waiting = onlyDue();
        assertThat(waiting.name()).isEqualTo(name);
        assertThat(load(waiting).getName()).isEqualTo(name);
        assertThat(MailStateCodec.read(load(waiting), NOW)).isEqualTo(state);
    }

    @Test
    void anIdentityOfFortyCharactersCanBeStored() throws Exception {
        String id = "z".repeat(40);
        park(id, 999_999_999, "x@a.example");
        restart(id);
        assertThat(onlyDue().recordId()).isEqualTo(new RecordId(id, 999_999_999));
    }

    @Test
    void twoHundredRecipientsAreKept() throws Exception {
        List<MailAddress> recipients = IntStream.range(0, 200)
                .mapToObj(i -> SampleMails.address("recipient-" + i + "@a.example"))
                .toList();
        Mail mail = mail("Mail-a", recipients);
        room.park(mail, parked("a", 1, recipients));
        LifecycleUtil.dispose(mail);
        restart("a");
        ListedMail waiting = onlyDue();
        assertThat(waiting.recipients()).isEqualTo(recipients);
        assertThat(load(waiting).getRecipients()).containsExactlyElementsOf(recipients);
    }

    @Test
    void aMailWithNobodyLeftToReachCanBeParkedForItsNotifications() throws Exception {
        MailState state = parked("a", 1, List.of())
                .withNotifications(List.of(
                        new Notification(DsnKind.SUCCESS, Notification.Addressee.SUCCESS_PROCESSOR, List.of())));
        room.park(sample("Mail-a", "x@a.example"), state);
        restart("a");
        assertThat(MailStateCodec.read(load(onlyDue()), NOW)).isEqualTo(state);
        assertThat(room.takeOverdue(Instant.MAX.minusSeconds(1), 10, any -> false))
                .isEmpty();
    }

    @Test
    void aMailOfSomebodyElseIsTakenAsItStands() throws Exception {
        Mail foreign = sample("Mail1700000000000-0a1b2c3d-4e5f-6789-abcd-ef0123456789", "x@a.example");
        foreign.setLastUpdated(Date.from(NOW.minusSeconds(60)));
        repository.store(foreign);
        restart(RecordId.ofKey(foreign.getName()).id());

        assertWaiting(1);
        ListedMail waiting = onlyDue();
        assertThat(waiting.name()).isEqualTo(foreign.getName());
        assertThat(waiting.acceptedAt()).isEqualTo(NOW.minusSeconds(60));
        Mail loaded = load(waiting);
        assertThat(recipientsOf(loaded)).containsExactly("x@a.example");

        room.park(
                loaded,
                MailStateCodec.read(loaded, NOW)
                        .withRecordId(waiting.recordId())
                        .parkedUntil(LATER));
        room.remove(waiting.recordId());
        assertThat(keys()).containsExactly(waiting.recordId().next().key());
        restart(waiting.recordId().id());
        assertThat(onlyDue().name()).isEqualTo(foreign.getName());
    }

    @Test
    void mailsOfSomebodyElseAreNeverLeftoversOfEachOther() throws Exception {
        List<String> names = List.of("Mail17-to-192.0.2.1", "Mail17-to-192.0.2.2", "Mail17-to-192.0.2");
        for (String name : names) {
            repository.store(sample(name, "x@a.example"));
        }
        restart(names.stream().map(name -> RecordId.ofKey(name).id()).toArray(String[]::new));
        assertThat(due().stream().map(ListedMail::name)).containsExactlyInAnyOrderElementsOf(names);
        assertThat(keys()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void aMailThatSomebodyElseRemovedIsGone() throws Exception {
        park("a", 1, "x@a.example");
        ListedMail waiting = onlyDue();
        repository.remove(new MailKey("a.1"));
        assertThatThrownBy(() -> room.load(waiting)).isInstanceOf(WaitingRoom.MailGoneException.class);
        room.forget(waiting);
        assertWaiting(0);
    }

    @Test
    void removingWhatIsNotThereIsNoTrouble() {
        assertThatCode(() -> room.remove(new RecordId("a", 1))).doesNotThrowAnyException();
    }

    @Test
    void aShorterQueueLifetimeMakesMailDueNow() throws Exception {
        room.park(sample("Mail-a", "x@a.example"), parked("a", 1, "x@a.example").withDue(NOW.plus(Duration.ofDays(2))));
        Instant inAnHour = NOW.plus(Duration.ofHours(1));
        assertThat(room.takeDue(inAnHour, 10, any -> true)).isEmpty();

        routes.replace(any -> Changed.of(SampleRoutes.independent(), "queueLifetime", Duration.ofHours(1)));
        assertThat(room.takeDue(inAnHour, 10, any -> true)).isEmpty();
        room.routesChanged();

        assertThat(room.takeDue(inAnHour.minusMillis(1), 10, any -> true)).isEmpty();
        assertThat(room.takeDue(inAnHour, 10, any -> true)).hasSize(1);
    }

    @Test
    void aMailThatExpiresBeforeItsSenderWouldBeToldIsOverdueThen() throws Exception {
        routes.replace(any -> Changed.of(SampleRoutes.independent(), "queueLifetime", Duration.ofHours(1)));
        park("a", 1, "x@a.example");
        Instant inAnHour = NOW.plus(Duration.ofHours(1));
        assertThat(room.takeOverdue(inAnHour.minusMillis(1), 10, any -> false)).isEmpty();
        assertThat(room.takeOverdue(inAnHour, 10, any -> false)).hasSize(1);
    }

    @Test
    void aNewRelayHostMakesOneDestinationOfAll() throws Exception {
        park("a", 1, "x@a.example");
        park("b", 1, "x@b.example");
        routes.replace(any -> SampleRoutes.relay("relay.example"));
        room.routesChanged();
        assertThat(due().stream().map(ListedMail::destination))
                .containsOnly(routes.destinationOf("any.example").key())
                .hasSize(2);
    }

    @Test
    void aDelayIsToldOnceAndNotToTheNullSender() throws Exception { // RFC 5321 §6.1
        park("told", 1, "x@a.example");
        Mail fromNobody = MailImpl.builder()
                .name("Mail-null")
                .sender(MaybeSender.nullSender())
                .addRecipients(addresses("x@a.example"))
                .mimeMessage(SampleMails.message(SampleMails.TEXT))
                .build();
        toDispose.add(fromNobody);
        room.park(fromNobody, parked("null", 1, "x@a.example"));
        Instant fourHours = NOW.plus(Duration.ofHours(4));

        assertThat(room.takeOverdue(fourHours.minusMillis(1), 10, any -> false)).isEmpty();
        List<ListedMail> overdue = room.takeOverdue(fourHours, 10, any -> false);
        assertThat(overdue.stream().map(waiting -> waiting.recordId().id())).containsExactly("told");
        room.park(load(overdue.get(0)), parked("told", 2, "x@a.example").withDelayTold(fourHours));

        assertThat(room.takeOverdue(NOW.plus(Duration.ofDays(1)).minusMillis(1), 10, any -> false))
                .isEmpty();
        assertThat(room.takeOverdue(NOW.plus(Duration.ofDays(1)), 10, any -> false).stream()
                        .map(ListedMail::name))
                .containsExactly("Mail-null");
        assertThat(room.takeOverdue(NOW.plus(Duration.ofDays(5)), 10, any -> false).stream()
                        .map(ListedMail::name))
                .containsExactly("Mail-told");
    }

    @Test
    void everyMailIsReadOnceHoweverManyAsk() throws Exception {
        String[] ids = IntStream.range(0, 20).mapToObj(i -> "id" + i).toArray(String[]::new);
        for (String id : ids) {
            park(id, 1, "x@a.example");
        }
        restart();
        Stream.of(ids).parallel().forEach(room::read);
        assertThat(Stream.of(ids)).noneMatch(room::isUnread);
        assertThat(due()).hasSize(20);
        assertThat(due()).isEmpty();
    }
}
