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
import static org.jamesoutgoing.queue.SampleMails.mail;
import static org.jamesoutgoing.queue.SampleMails.recipientsOf;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.MovableClock;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.SampleRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final MovableClock clock = new MovableClock();
    private final RoutingTable routes = SampleRoutes.table(SampleRoutes.independent());
    private final ScriptedQueue queue = new ScriptedQueue();
    private final Disk disk = new Disk();
    private final QueueLedger ledger = new QueueLedger(() -> 0);
    private final WaitingRoom waitingRoom = new WaitingRoom(disk, routes, ledger, clock);
    private final List<Duration> pauses = new ArrayList<>();
    private final MailImpl mail = mail("Mail1", "x@a.example", "y@b.example", "z@A.Example");

    /** What happens while the admission rests. */
    private Admission.Pause duringPause = pause -> {};

    /** A disk that may be full. */
    private static final class Disk extends MemoryMailRepository {
        boolean full;
        Predicate<Mail> poison = any -> false;

        @Override
        public MailKey store(Mail mail) {
            if (full || poison.test(mail)) {
                throw new IllegalStateException("No space left on device");
            }
            return super.store(mail);
        }
    }

    @AfterEach
    void dispose() {
        LifecycleUtil.dispose(mail);
        LifecycleUtil.dispose(another);
        errors.forEach(LifecycleUtil::dispose);
        queue.taken.forEach(LifecycleUtil::dispose);
    }

    @Test
    void everyDomainGetsAPartOfItsOwn() throws Exception { // RFC 5321 §2.4: domains in any case
        admit();
        assertThat(queue.names()).containsExactly("Mail1-to-a.example", "Mail1-to-b.example");
        assertThat(recipientsOf(queue.taken.get(0))).containsExactly("x@a.example", "z@a.example");
        assertThat(recipientsOf(queue.taken.get(1))).containsExactly("y@b.example");
        assertThat(waitingRoom.size()).isZero();
    }

    @Test
    void everythingForARelayHostIsOnePart() throws Exception {
        routes.replace(any -> SampleRoutes.relay("relay.example:587", "other.example"));
        admit();
        assertThat(queue.names()).containsExactly("Mail1-to-relay.example");
        assertThat(recipientsOf(queue.taken.get(0))).containsExactly("x@a.example", "y@b.example", "z@a.example");
    }

    @Test
    void everyPartCarriesItsStateAndAnIdentityOfItsOwn() throws Exception {
        admit();
        MailState first = stateOf(queue.taken.get(0));
        MailState second = stateOf(queue.taken.get(1));
        assertThat(first)
                .isEqualTo(MailState.admitted(
                        first.recordId().id(), "Mail1-to-a.example", NOW, addresses("x@a.example", "z@a.example")));
        assertThat(second.recordId().id()).isNotEqualTo(first.recordId().id());
        assertThat(second.recordId().sequence()).isZero();
    }

    @Test
    void aQuotedLocalPartIsKeptInTheState() throws Exception { // RFC 5321 §4.1.2; James's JMS queues lose it
        MailImpl quoted = mail("Mail1", "\"a;b\"@a.example", "c@a.example");
        admit(quoted);
        assertThat(stateOf(queue.taken.get(0)).recipients()).isEqualTo(addresses("\"a;b\"@a.example", "c@a.example"));
        LifecycleUtil.dispose(quoted);
    }

    @Test
    void theMailIsAfterwardsAsItWas() throws Exception {
        mail.setAttribute(Attribute.convertToAttribute("other", "attribute"));
        mail.setState("transport");
        MimeMessage message = mail.getMessage();
        admit();
        assertThat(mail.getName()).isEqualTo("Mail1");
        assertThat(recipientsOf(mail)).containsExactly("x@a.example", "y@b.example", "z@a.example");
        assertThat(mail.getState()).isEqualTo("transport");
        assertThat(mail.attributeNames().map(name -> name.asString())).containsExactly("other");
        assertThat(mail.getMessage()).isSameAs(message);
        assertThat(WaitingRoomContract.text(mail)).isEqualTo(SampleMails.TEXT);
    }

    @Test
    void theMailIsAfterwardsAsItWasAlsoWhenTheWaitingRoomTookIt() throws Exception {
        queue.failing = true;
        admit();
        assertThat(mail.getName()).isEqualTo("Mail1");
        assertThat(recipientsOf(mail)).containsExactly("x@a.example", "y@b.example", "z@a.example");
        assertThat(mail.attributes()).isEmpty();
    }

    @Test
    void theMessageOfEveryPartIsTheWholeMessage() throws Exception {
        admit();
        for (Mail part : queue.taken) {
            assertThat(WaitingRoomContract.text(part)).isEqualTo(SampleMails.TEXT);
        }
    }

    @Test
    void attributesTravelWithEveryPart() throws Exception {
        mail.setAttribute(Attribute.convertToAttribute("other", "attribute"));
        admit();
        assertThat(queue.taken).allMatch(part -> part.attributes().count() == 2);
    }

    @Test
    void mailIsOfHighPriorityOnlyWhereThatIsAskedFor() throws Exception {
        admit();
        assertThat(queue.taken).noneMatch(AdmissionTest::isOfHighPriority);
        queue.taken.clear();
        new Admission(
                        queue,
                        waitingRoom,
                        ledger,
                        Admission.Policy.unlimited(),
                        routes,
                        MailPriorities.ofThisJames(true),
                        clock,
                        pause -> {})
                .admit(mail);
        assertThat(queue.taken).hasSize(2).allMatch(AdmissionTest::isOfHighPriority);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheQueueDoesNotTakeTheWaitingRoomDoes(boolean checked) throws Exception {
        queue.failing = true;
        queue.checked = checked;
        admit();
        assertThat(queue.taken).isEmpty();
        assertThat(pauses).isEmpty();
        List<ListedMail> due = waitingRoom.takeDue(NOW, 10, any -> true);
        assertThat(due.stream().map(ListedMail::name))
                .containsExactlyInAnyOrder("Mail1-to-a.example", "Mail1-to-b.example");
        assertThat(due).allMatch(waiting -> waiting.recordId().sequence() == 1);
        assertThat(due).allMatch(waiting -> waiting.reason().equals("not tried yet"));
    }

    @Test
    void whenNeitherTakesTheMailItIsTriedOnWithGrowingPauses() throws Exception {
        queue.failing = true;
        disk.full = true;
        duringPause = pause -> {
            if (pauses.size() == 12) {
                queue.failing = false;
            }
        };
        admit();
        assertThat(pauses.stream().limit(8).map(Duration::toMillis))
                .containsExactly(200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L);
        assertThat(pauses).hasSize(12).allMatch(pause -> pause.compareTo(Duration.ofSeconds(10)) <= 0);
        assertThat(queue.names()).containsExactly("Mail1-to-a.example", "Mail1-to-b.example");
        assertThat(waitingRoom.size()).isZero();
    }

    @Test
    void alsoTheWaitingRoomIsTriedAgain() throws Exception {
        queue.failing = true;
        disk.full = true;
        duringPause = pause -> disk.full = false;
        admit();
        assertThat(pauses).hasSize(1);
        assertThat(waitingRoom.size()).isEqualTo(2);
    }

    /** What a mail has in it that no queue and no repository takes, nobody knows. */
    private void poison() {
        Predicate<Mail> toA =
                any -> any.getRecipients().stream().anyMatch(to -> to.asString().endsWith("@a.example"));
        queue.poison = toA;
        disk.poison = toA;
    }

    private final MailImpl another = mail("Mail2", "x@c.example");
    private final List<Mail> errors = new ArrayList<>();
    private boolean errorsFull;
    private final Admission watched = new Admission(
            queue,
            waitingRoom,
            ledger,
            new Admission.Policy(
                    () -> QueueLimits.NONE, new Admission.WhenFull.Overflow(), (any, to) -> {}, this::keepError),
            routes,
            MailPriorities.ofThisJames(false),
            clock,
            pause -> {
                pauses.add(pause);
                clock.advance(pause);
                duringPause.rest(pause);
            });

    private void keepError(Mail error) throws MessagingException {
        if (errorsFull) {
            throw new MessagingException("No space left on device");
        }
        MailImpl copy = MailImpl.duplicate(error);
        copy.setName(error.getName());
        errors.add(copy);
    }

    private void admitAnother() {
        try {
            watched.admit(another);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMailThatNoPlaceTakesWhileTheyTakeOthersGoesToJamessErrorRepository() throws Exception {
        poison();
        duringPause = pause -> {
            if (pauses.size() == 3) {
                admitAnother();
            }
        };
        watched.admit(mail);
        assertThat(Duration.between(NOW, clock.instant()))
                .isBetween(Admission.PATIENCE, Admission.PATIENCE.plusSeconds(10));
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.getName()).isEqualTo("Mail1-to-a.example");
            assertThat(recipientsOf(error)).containsExactly("x@a.example", "z@a.example");
            assertThat(error.getAttribute(MailStateCodec.ATTRIBUTE)).isEmpty();
            assertThat(error.getErrorMessage()).contains("No space left on device");
        });
        assertThat(queue.names()).containsExactly("Mail2-to-c.example", "Mail1-to-b.example");
        assertThat(ledger.usage().mails()).isEqualTo(2);
        assertThat(disk.size()).as("what was tried out is removed").isZero();
        assertThat(mail.getErrorMessage()).isNull();
        assertThat(mail.getName()).isEqualTo("Mail1");
    }

    @Test
    void whileNothingIsTakenAtAllEveryMailIsTriedOn() throws Exception {
        queue.failing = true;
        disk.full = true;
        duringPause = pause -> {
            if (clock.instant().isAfter(NOW.plus(Duration.ofDays(1)))) {
                queue.failing = false;
            }
        };
        watched.admit(mail);
        assertThat(errors).isEmpty();
        assertThat(queue.names()).containsExactly("Mail1-to-a.example", "Mail1-to-b.example");
    }

    /** Twenty such mails hold all spool threads of James: then no other mail comes that could show how the queue is. */
    @Test
    void aMailThatTheWaitingRoomRefusesWhileItTakesOthersHoldsNoThreadForEverHoweverTheQueueIs() throws Exception {
        poison();
        queue.failing = true;
        watched.admit(mail);
        assertThat(Duration.between(NOW, clock.instant()))
                .isLessThan(Admission.PATIENCE.multipliedBy(2).plusMinutes(1));
        assertThat(errors).hasSize(1);
        assertThat(waitingRoom.size()).as("the part that can be stored").isOne();
    }

    @Test
    void whenTheErrorRepositoryTakesNothingEitherTheMailIsTriedOn() throws Exception {
        poison();
        errorsFull = true;
        duringPause = pause -> {
            if (pauses.size() == 3) {
                admitAnother();
            }
            if (clock.instant().isAfter(NOW.plus(Duration.ofHours(1)))) {
                disk.poison = any -> false;
            }
        };
        watched.admit(mail);
        assertThat(errors).isEmpty();
        assertThat(waitingRoom.size()).isOne();
    }

    @Test
    void afterAnUnexpectedExceptionARunAdmitsOnlyTheRest() throws Exception {
        int[] asked = {0};
        Admission failing = new Admission(
                queue,
                waitingRoom,
                ledger,
                new Admission.Policy(
                        () -> {
                            if (++asked[0] == 2) {
                                throw new IllegalStateException("a bug");
                            }
                            return QueueLimits.NONE;
                        },
                        new Admission.WhenFull.Overflow(),
                        (any, to) -> {},
                        any -> {}),
                routes,
                MailPriorities.ofThisJames(false),
                clock,
                pause -> {});
        assertThatThrownBy(() -> failing.admit(mail)).isInstanceOf(IllegalStateException.class);
        failing.admit(mail);
        assertThat(queue.names()).containsExactly("Mail1-to-a.example", "Mail1-to-b.example");
        assertThat(mail.attributes()).isEmpty();
    }

    /** A broker may have taken what it says it has not. */
    @Test
    void howeverOftenAPartIsTriedItIsTheSameMail() throws Exception {
        queue.failing = true;
        queue.lying = true;
        disk.full = true;
        duringPause = pause -> queue.failing = pauses.size() < 3;
        admit(mailTo("x@a.example"));
        assertThat(queue.taken).hasSize(4);
        assertThat(queue.taken.stream().map(AdmissionTest::stateOf).distinct()).hasSize(1);
    }

    @Test
    void whatALyingBrokerTookIsAnEarlierRecordOfWhatWaits() throws Exception {
        queue.failing = true;
        queue.lying = true;
        admit(mailTo("x@a.example"));
        assertThat(waitingRoom.holdsLater(stateOf(queue.taken.get(0)).recordId()))
                .isTrue();
    }

    @Test
    void whenInterruptedItRemembersWhomItHasAdmitted() throws Exception {
        interruptAtTheSecondPart();
        assertThat(queue.names()).containsExactly("Mail1-to-a.example");
        assertThat(mail.getName()).isEqualTo("Mail1");
        assertThat(recipientsOf(mail)).containsExactly("x@a.example", "y@b.example", "z@a.example");
        assertThat(mail.getAttribute(MailStateCodec.ATTRIBUTE)).isEmpty();
    }

    @Test
    void aRunAfterAnInterruptionAdmitsOnlyTheRest() throws Exception {
        interruptAtTheSecondPart();
        recover();
        admit();
        assertThat(queue.names()).containsExactly("Mail1-to-a.example", "Mail1-to-b.example");
        assertThat(queue.taken.get(1).attributeNames().map(name -> name.asString()))
                .containsExactly(MailStateCodec.ATTRIBUTE.asString());
        assertThat(mail.attributes()).isEmpty();
    }

    @Test
    void aSecondInterruptionForgetsNothing() throws Exception {
        interruptAtTheSecondPart();
        assertInterrupted();
        recover();
        admit();
        assertThat(queue.names()).containsExactly("Mail1-to-a.example", "Mail1-to-b.example");
    }

    /** As it has always been written: the mail may have been in the spool of a James with an earlier version. */
    @Test
    void whomAnEarlierVersionHasAdmittedIsNotAdmittedAgain() throws Exception {
        mail.setAttribute(Attribute.convertToAttribute("outgoing-admitted", "x@a.example\nz@a.example"));
        admit();
        assertThat(queue.names()).containsExactly("Mail1-to-b.example");
    }

    @Test
    void aRunAfterAllWereAdmittedAdmitsNobody() throws Exception {
        interruptAtTheSecondPart();
        mail.setRecipients(addresses("x@a.example"));
        recover();
        admit();
        assertThat(queue.names()).containsExactly("Mail1-to-a.example");
    }

    /** The first part gets in; at the second the process ends. */
    private void interruptAtTheSecondPart() {
        queue.failingAfter = 1;
        disk.full = true;
        duringPause = pause -> {
            throw new InterruptedException();
        };
        assertInterrupted();
    }

    private void recover() {
        queue.failingAfter = Integer.MAX_VALUE;
        duringPause = pause -> {};
    }

    private void assertInterrupted() {
        try {
            assertThatThrownBy(this::admit)
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("Mail1");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void aMailWithoutRecipientsIsDoneAtOnce() throws Exception {
        admit(mailTo());
        assertThat(queue.taken).isEmpty();
        assertThat(waitingRoom.size()).isZero();
    }

    @Test
    void aMailWithoutMessageIsAdmittedWithAnEmptyOne() throws Exception {
        MailImpl empty = MailImpl.builder()
                .name("Mail1")
                .sender("sender@sender.example")
                .addRecipients(addresses("x@a.example"))
                .build();
        admit(empty);
        assertThat(queue.taken.get(0).getMessage().getContent()).isEqualTo("");
        LifecycleUtil.dispose(empty);
    }

    /** James derives no new name from one that has been duplicated seven times, and its memory queue duplicates. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 50})
    void aMailIsAdmittedHoweverOftenItWasDuplicated(int generations) throws Exception {
        String name = "Mail1" + "-!1234567".repeat(generations);
        MailImpl duplicate = mail(name, "x@a.example", "y@b.example");
        ManageableMailQueue memory = new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory())
                .createQueue(MailQueueName.of("outgoing"));

        new Admission(
                        memory,
                        waitingRoom,
                        ledger,
                        Admission.Policy.unlimited(),
                        routes,
                        MailPriorities.ofThisJames(false),
                        clock,
                        pause -> {
                            throw new AssertionError("there is no reason to try again");
                        })
                .admit(duplicate);

        List<String> names = new ArrayList<>();
        for (Iterator<ManageableMailQueue.MailQueueItemView> i = memory.browse(); i.hasNext(); ) {
            names.add(i.next().getMail().getName());
        }
        waitingRoom.takeDue(NOW, 10, any -> true).forEach(waiting -> names.add(waiting.name()));
        assertThat(names).containsExactlyInAnyOrder(name + "-to-a.example", name + "-to-b.example");
        memory.close();
        LifecycleUtil.dispose(duplicate);
    }

    @Test
    void aPartThatComesByAgainKeepsItsName() throws Exception {
        MailImpl again = mail("Mail1-to-a.example", "x@a.example");
        admit(again);
        assertThat(queue.names()).containsExactly("Mail1-to-a.example");
        LifecycleUtil.dispose(again);
    }

    @Test
    void aThousandDomainsMakeAThousandParts() throws Exception {
        String[] recipients =
                IntStream.range(0, 1000).mapToObj(i -> "x@d" + i + ".example").toArray(String[]::new);
        MailImpl wide = mail("Mail1", recipients);
        admit(wide);
        assertThat(queue.taken.stream().flatMap(part -> recipientsOf(part).stream()))
                .containsExactly(recipients);
        assertThat(queue.taken.stream().map(part -> stateOf(part).recordId().id()))
                .doesNotHaveDuplicates();
        LifecycleUtil.dispose(wide);
    }

    private void admit() throws MessagingException {
        admit(mail);
    }

    private void admit(Mail other) throws MessagingException {
        new Admission(
                        queue,
                        waitingRoom,
                        ledger,
                        Admission.Policy.unlimited(),
                        routes,
                        MailPriorities.ofThisJames(false),
                        clock,
                        pause -> {
                            pauses.add(pause);
                            duringPause.rest(pause);
                        })
                .admit(other);
    }

    private MailImpl mailTo(String... recipients) {
        mail.setRecipients(addresses(recipients));
        return mail;
    }

    private static MailState stateOf(Mail part) {
        assertThat(part.getAttribute(MailStateCodec.ATTRIBUTE)).isPresent();
        return MailStateCodec.read(part, NOW);
    }

    private static boolean isOfHighPriority(Mail part) {
        return part.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                .map(attribute -> attribute.getValue().value())
                .equals(Optional.of(MailPrioritySupport.HIGH_PRIORITY));
    }
}
