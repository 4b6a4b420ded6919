/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How mail gets in: one part for each destination, each into the outgoing queue, or, when that is in trouble, into the
 * waiting room.
 *
 * <p>It never answers trouble with an exception. To James an exception means the {@code error} processor, which bounces;
 * a mail must not bounce because a disk is full or a broker restarts. So the calling spool thread tries on, in both
 * places, until one takes the mail. Meanwhile the mail stays the spool's, which has it back after a crash. Only when the
 * thread is interrupted, at the end of the process, does it give up.
 */
public final class Admission {

    /** Recipients that are already admitted, on a mail of which only some are: a re-run admits only the rest. */
    private static final AttributeName ADMITTED = AttributeName.of("outgoing-admitted");

    private static final Logger LOGGER = LoggerFactory.getLogger(Admission.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** Waits between two tries; tests do not. */
    @FunctionalInterface
    public interface Pause {
        void rest(Duration duration) throws InterruptedException;
    }

    private final MailQueue queue;
    private final WaitingRoom waitingRoom;
    private final RoutingTable routes;
    private final boolean highPriority;
    private final Clock clock;
    private final Pause pause;

    public Admission(
            MailQueue queue,
            WaitingRoom waitingRoom,
            RoutingTable routes,
            boolean highPriority,
            Clock clock,
            Pause pause) {
        this.queue = queue;
        this.waitingRoom = waitingRoom;
        this.routes = routes;
        this.highPriority = highPriority;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Takes the mail. When it returns, every recipient is safely in the outgoing queue or the waiting room. Blocks.
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
        if (highPriority) {
            mail.setAttribute(MailPrioritySupport.HIGH_PRIORITY_ATTRIBUTE);
        }
        mail.removeAttribute(ADMITTED);
        try {
            for (Partition part : Partition.of(rest, routes)) {
                admitPart(mail, name, part);
                part.recipients().forEach(recipient -> admitted.add(recipient.asString()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            remember(mail, admitted);
            throw new MessagingException("interrupted before mail " + name + " was admitted", e);
        } finally {
            MailStateCodec.remove(mail);
            mail.setName(name);
            mail.setRecipients(all);
        }
    }

    private void admitPart(Mail mail, String name, Partition part) throws InterruptedException {
        MailState state = MailState.admitted(Ids.random(), part.nameFor(name), clock.instant(), part.recipients());
        Duration rest = FIRST_PAUSE;
        for (int tries = 1; ; tries++) {
            mail.setName(state.name());
            mail.setRecipients(part.recipients());
            MailStateCodec.write(state, mail);
            Exception trouble;
            try {
                queue.enQueue(mail);
                return;
            } catch (MessagingException | RuntimeException e) {
                trouble = e;
            }
            try {
                waitingRoom.park(mail, state.parkedUntil(clock.instant()));
                LOGGER.warn(
                        "mail={} is put into the waiting room, the outgoing queue does not take it: {}",
                        state.name(),
                        trouble.toString());
                return;
            } catch (MessagingException | RuntimeException e) {
                LOGGER.error(
                        "mail={} can be put neither into the outgoing queue ({}) nor into the waiting room ({});"
                                + " try {} failed, trying on",
                        state.name(),
                        trouble.toString(),
                        e.toString(),
                        tries);
            }
            pause.rest(rest);
            rest = rest.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? rest.multipliedBy(2) : LONGEST_PAUSE;
        }
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
