/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How mail gets in: one part for each destination, each into the outgoing queue, or, when that is in trouble, into the
 * waiting room.
 *
 * <p>It never answers trouble with an exception. To James an exception means the {@code error} processor, which bounces;
 * a mail must not bounce because a disk is full or a broker restarts. So the calling spool thread tries on, in both
 * places, until one takes the mail. Meanwhile the mail stays the spool's, which has it back after a crash. It gives up when
 * the thread is interrupted, at the end of the process, and when it is the mail that is in trouble, not the places: a mail
 * that none of them has taken for {@link #PATIENCE}, while the waiting room takes others, is put into James's error repository. Nobody
 * is told but the administrator, who may have it processed once more. Where that repository does not take it either, as on
 * the same full disk, it is tried on.
 */
public final class Admission {

    /** Recipients that are already admitted, on a mail of which only some are: a re-run admits only the rest. */
    private static final AttributeName ADMITTED = AttributeName.of("outgoing-admitted");

    /** The token of {@link QueueLedger#reserve}, on a mail whose room was reserved when it came in. */
    public static final AttributeName RESERVATION = AttributeName.of("outgoing-reservation");

    private static final Logger LOGGER = LoggerFactory.getLogger(Admission.class);
    /** Long enough to clear a disk or to restart a broker. One of James's twenty or so spool threads waits that long. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** How long a refusal is reported when the queue has not been given a mail since: it may be well again. */
    private static final Duration REFUSAL_REMEMBERED = Duration.ofMinutes(5);

    /** Waits between two tries; tests do not. */
    @FunctionalInterface
    public interface Pause {
        void rest(Duration duration) throws InterruptedException;
    }

    /** What becomes of mail that is inside James when the queue is full. */
    public sealed interface WhenFull {
        /** It is kept in the waiting room, admitted by no limit yet, until there is room. */
        record Overflow() implements WhenFull {}

        /** Its sender gets a failure message. */
        record Fail() implements WhenFull {}

        /** It goes to another processor. */
        record HandOver(String processor) implements WhenFull {}
    }

    /** Puts a mail into James's spool. */
    @FunctionalInterface
    public interface Spool {
        void send(Mail mail, String processor) throws MessagingException;
    }

    /** James's repository for mail that it cannot process. */
    @FunctionalInterface
    public interface ErrorRepository {
        void store(Mail mail) throws MessagingException;
    }

    /**
     * How much is admitted, and what becomes of the rest.
     *
     * @param limits those of now
     * @param spool for what goes to another processor
     * @param errors for what can be admitted nowhere
     */
    public record Policy(Supplier<QueueLimits> limits, WhenFull whenFull, Spool spool, ErrorRepository errors) {

        /** Everything is admitted. */
        public static Policy unlimited() {
            return new Policy(() -> QueueLimits.NONE, new WhenFull.Overflow(), (mail, processor) -> {}, mail -> {
                throw new MessagingException("there is none");
            });
        }
    }

    /** The last time that the queue took no mail. */
    private record Refusal(String why, Instant at) {}

    private final MailQueue queue;
    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final Policy policy;
    private final RoutingTable routes;
    private final MailPriorities priorities;
    private final Clock clock;
    private final Pause pause;
    /** Null: it took the last mail. */
    private volatile Refusal refusal;

    public Admission(
            MailQueue queue,
            WaitingRoom waitingRoom,
            QueueLedger ledger,
            Policy policy,
            RoutingTable routes,
            MailPriorities priorities,
            Clock clock,
            Pause pause) {
        this.queue = queue;
        this.waitingRoom = waitingRoom;
        this.ledger = ledger;
        this.policy = policy;
        this.routes = routes;
        this.priorities = priorities;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Takes the mail. When it returns, every recipient is safely in the outgoing queue or the waiting room; or with a mail
     * that can be stored in neither, in James's error repository. Blocks.
     *
     * @throws MessagingException only when the thread is interrupted before that
     */
    public void admit(Mail mail) throws MessagingException {
        String name = mail.getName();
        List<MailAddress> all = List.copyOf(mail.getRecipients());
        Set<String> admitted = admittedOf(mail);
        List<MailAddress> rest = all.stream()
                .filter(recipient -> !admitted.contains(recipient.asString()))
                .toList();
        if (rest.isEmpty()) {
            LOGGER.info("mail={} has no recipients left to deliver to", name);
            return;
        }
        if (mail.getMessage() == null) {
            mail.setMessage(emptyMessage());
        }
        priorities.admit(mail);
        mail.removeAttribute(ADMITTED);
        Optional<String> reserved = reservedFor(mail);
        boolean complete = false;
        try {
            for (MailSplit part : MailSplit.of(rest, routes)) {
                admitPart(mail, name, part, reserved);
                part.recipients().forEach(recipient -> admitted.add(recipient.asString()));
            }
            complete = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("interrupted before mail " + name + " was admitted", e);
        } finally {
            if (!complete) {
                remember(mail, admitted);
            }
            MailStateCodec.remove(mail);
            mail.setName(name);
            mail.setRecipients(all);
            reserved.ifPresent(ledger::free);
        }
    }

    /**
     * Takes a mail that another queue of James had, as it stands: no limit turns it away, for James has had it before. When it
     * returns, the mail is safe, as after {@link #admit}. Blocks.
     *
     * @throws MessagingException only when the thread is interrupted before that
     * @throws RuntimeException when a later version has written its state
     */
    public void adopt(Mail mail) throws MessagingException {
        MailState state = MailStateCodec.read(mail, clock.instant()).inQueue();
        if (state.recipients().isEmpty()) {
            LOGGER.info("mail={} has no recipients left to deliver to", state.name());
            return;
        }
        if (mail.getMessage() == null) {
            mail.setMessage(emptyMessage());
        }
        String destination = routes.destinationOf(
                        state.recipients().get(0).getDomain().asString())
                .key();
        ledger.admit(ListedMail.of(mail, state, destination), QueueLimits.NONE, Optional.empty());
        try {
            keep(mail, state, inQueue(mail, state), inWaitingRoom(mail, state));
        } catch (InterruptedException e) {
            ledger.end(state.recordId());
            Thread.currentThread().interrupt();
            throw new MessagingException("interrupted before mail " + state.name() + " was taken over", e);
        }
    }

    private void admitPart(Mail mail, String name, MailSplit part, Optional<String> reserved)
            throws InterruptedException {
        MailState state = MailState.admitted(RecordId.newId(), part.nameFor(name), clock.instant(), part.recipients());
        Optional<QueueLimits.Reached> full = ledger.admit(
                ListedMail.of(mail, state, part.destination().key()),
                policy.limits().get(),
                reserved);
        try {
            if (full.isEmpty()) {
                keep(mail, state, inQueue(mail, state), inWaitingRoom(mail, state));
            } else {
                turnAway(mail, state, full.get());
            }
        } catch (InterruptedException e) {
            ledger.end(state.recordId());
            throw e;
        }
    }

    private Target inQueue(Mail mail, MailState state) {
        return new Target("outgoing queue", () -> enQueue(mail, state));
    }

    private Target inWaitingRoom(Mail mail, MailState state) {
        return new Target("waiting room", () -> park(mail, state));
    }

    /** Every mail could be put there: one that it refuses while it takes others is at fault itself, however the queue is. */
    private boolean waitingRoomTakesOthers() {
        try {
            waitingRoom.tryOut();
            return true;
        } catch (MessagingException | RuntimeException e) {
            LOGGER.debug("the waiting room takes no other mail either", e);
            return false;
        }
    }

    /** The queue is full for this mail, which James has accepted: it is taken care of all the same. */
    private void turnAway(Mail mail, MailState state, QueueLimits.Reached limit) throws InterruptedException {
        Instant now = clock.instant();
        Hold overflow = new Hold(Hold.Kind.OVERFLOW, limit.reason(), now, Optional.empty());
        Target inOverflow = inWaitingRoom(mail, state.withHold(overflow));
        if (policy.whenFull() instanceof WhenFull.Fail && !mail.getMaybeSender().isNullSender()) {
            Route route = routes.routeOf(state.recipients().get(0).getDomain().asString());
            List<Notification> refusal = Notification.queueFull(state.recipients(), limit.reason(), now)
                    .under(route.dsns().queueFull());
            keep(
                    mail,
                    state,
                    inWaitingRoom(mail, state.withRecipients(List.of()).withNotifications(refusal)));
            LOGGER.info("mail={} is refused: {}", state.name(), limit.reason());
        } else if (policy.whenFull() instanceof WhenFull.HandOver elsewhere) {
            keep(
                    mail,
                    state,
                    new Target(
                            "processor " + elsewhere.processor(), () -> handOver(mail, state, elsewhere.processor())),
                    inOverflow);
            LOGGER.info("mail={} goes to processor {}: {}", state.name(), elsewhere.processor(), limit.reason());
        } else {
            keep(mail, state, inOverflow);
            LOGGER.info("mail={} waits for room: {}", state.name(), limit.reason());
        }
    }

    /** Where a mail can be kept safe. */
    private record Target(String name, Put put) {}

    @FunctionalInterface
    private interface Put {
        void run() throws MessagingException;
    }

    private void enQueue(Mail mail, MailState state) throws MessagingException {
        mail.setName(state.name());
        mail.setRecipients(state.recipients());
        MailStateCodec.write(state, mail);
        try {
            queue.enQueue(mail);
            refusal = null;
        } catch (MessagingException | RuntimeException e) {
            refusal = new Refusal(e.toString(), clock.instant());
            throw e;
        }
    }

    /** Why the queue did not take the last mail, if that is not long ago. */
    public Optional<String> queueTrouble() {
        return Optional.ofNullable(refusal)
                .filter(last -> last.at().plus(REFUSAL_REMEMBERED).isAfter(clock.instant()))
                .map(Refusal::why);
    }

    private void park(Mail mail, MailState state) throws MessagingException {
        mail.setName(state.name());
        waitingRoom.park(mail, state.parkedUntil(clock.instant()));
    }

    private void handOver(Mail mail, MailState state, String processor) throws MessagingException {
        String before = mail.getState();
        MailStateCodec.remove(mail);
        mail.setName(state.name());
        mail.setRecipients(state.recipients());
        try {
            policy.spool().send(mail, processor);
        } finally {
            mail.removeAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName());
            mail.setState(before);
        }
    }

    /** Tries the targets in turn, again and again, until one takes the mail. */
    private void keep(Mail mail, MailState state, Target... targets) throws InterruptedException {
        Instant since = clock.instant();
        Duration rest = FIRST_PAUSE;
        for (int tries = 1; ; tries++) {
            List<String> troubles = new ArrayList<>();
            for (Target target : targets) {
                try {
                    target.put().run();
                    if (!troubles.isEmpty()) {
                        LOGGER.warn("mail={} is put into the {}; before: {}", state.name(), target.name(), troubles);
                    }
                    return;
                } catch (MessagingException | RuntimeException e) {
                    troubles.add(target.name() + ": " + e);
                }
            }
            if (!clock.instant().isBefore(since.plus(PATIENCE))
                    && waitingRoomTakesOthers()
                    && isPutAside(mail, state, troubles)) {
                return;
            }
            LOGGER.warn("mail={} can be put nowhere; try {} failed, trying on: {}", state.name(), tries, troubles);
            pause.rest(rest);
            rest = rest.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? rest.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** @param troubles is told of one more when it fails */
    private boolean isPutAside(Mail mail, MailState state, List<String> troubles) {
        String error = mail.getErrorMessage();
        MailStateCodec.remove(mail);
        mail.setName(state.name());
        mail.setRecipients(state.recipients());
        mail.setErrorMessage("no place for outgoing mail takes it: " + troubles);
        try {
            policy.errors().store(mail);
        } catch (MessagingException | RuntimeException e) {
            troubles.add("error repository: " + e);
            return false;
        } finally {
            mail.setErrorMessage(error);
        }
        ledger.end(state.recordId());
        LOGGER.error(
                "mail={} is not delivered; it is in James's error repository, since it can be put nowhere else while"
                        + " other mails can: {}",
                state.name(),
                troubles);
        return true;
    }

    private static Optional<String> reservedFor(Mail mail) {
        Optional<String> token = mail.getAttribute(RESERVATION)
                .flatMap(attribute -> attribute.getValue().valueAs(String.class));
        mail.removeAttribute(RESERVATION);
        return token;
    }

    private static Set<String> admittedOf(Mail mail) {
        Set<String> admitted = new HashSet<>();
        mail.getAttribute(ADMITTED)
                .flatMap(attribute -> attribute.getValue().valueAs(String.class))
                .ifPresent(text -> admitted.addAll(List.of(text.split("\n"))));
        return admitted;
    }

    private static void remember(Mail mail, Set<String> admitted) {
        if (!admitted.isEmpty()) {
            mail.setAttribute(new Attribute(ADMITTED, AttributeValue.of(String.join("\n", new ArrayList<>(admitted)))));
        }
    }

    private static MimeMessage emptyMessage() throws MessagingException {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setText("");
        return message;
    }
}
