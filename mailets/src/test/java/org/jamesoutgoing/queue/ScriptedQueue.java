/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;

/** A queue that takes mail, or not, as a test wants it; nothing ever comes out. */
final class ScriptedQueue implements MailQueue {

    /** Copies of what was taken. */
    final List<Mail> taken = new ArrayList<>();

    /** Takes nothing. */
    boolean failing;

    /** Takes nothing after so many. */
    int failingAfter = Integer.MAX_VALUE;

    /** Fails with the exception that queues declare, or with another. */
    boolean checked = true;

    /** Takes what it says it has not taken. */
    boolean lying;

    /** Takes all but these. */
    Predicate<Mail> poison = any -> false;

    List<String> names() {
        return taken.stream().map(Mail::getName).toList();
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        boolean fails = failing || taken.size() >= failingAfter || poison.test(mail);
        if (!fails || lying) {
            taken.add(copy(mail));
        }
        if (fails && checked) {
            throw new MailQueueException("the broker is down");
        } else if (fails) {
            throw new IllegalStateException("the broker is down");
        }
    }

    private static Mail copy(Mail mail) {
        try {
            MailImpl copy = MailImpl.duplicate(mail);
            copy.setName(mail.getName());
            return copy;
        } catch (MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void enQueue(Mail mail, Duration delay) {
        throw new AssertionError("no queue of James can be trusted with delays");
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Publisher<MailQueueItem> deQueue() {
        throw new UnsupportedOperationException();
    }

    @Override
    public MailQueueName getName() {
        return MailQueueName.of("outgoing");
    }

    @Override
    public void close() {}
}
