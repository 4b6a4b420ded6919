/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.Admission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the mail of another queue of James, such as one that RemoteDelivery has read before, as long as the service
 * runs: mail that waits there for its next attempt comes out when its time has come. A mail is admitted first and then
 * acknowledged: after a crash between the two it is there twice, and never lost.
 */
final class QueueAdoption {

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueAdoption.class);
    private static final int ASKED_FOR_AT_ONCE = 16;
    private static final Duration UNREADABLE_PAUSE = Duration.ofSeconds(30);

    private final String name;
    private final Admission admission;
    private final DispatcherThread thread;
    private final QueueReader reader;
    /** Those admitted whose acknowledgement the broker did not take: it delivers them again. */
    private final Set<Adopted> unacknowledged = ConcurrentHashMap.newKeySet();

    private volatile boolean stopped;

    /** What tells a mail from others of the same name. */
    private record Adopted(String name, Date lastUpdated, List<MailAddress> recipients) {
        static Adopted of(Mail mail) {
            return new Adopted(mail.getName(), mail.getLastUpdated(), List.copyOf(mail.getRecipients()));
        }
    }

    QueueAdoption(MailQueue queue, Admission admission, DispatcherThread thread) {
        this.name = queue.getName().asString();
        this.admission = admission;
        this.thread = thread;
        this.reader = new QueueReader(queue, item -> taken(item, false), thread);
    }

    void start() {
        LOGGER.info("the mail of queue {} is taken over", name);
        reader.start();
    }

    /** Called by the dispatcher's thread only. */
    void tick() {
        reader.want(ASKED_FOR_AT_ONCE);
    }

    /** @param again whether it could not be read before */
    private void taken(MailQueueItem item, boolean again) {
        if (stopped) {
            complete(item, CompletionStatus.RETRY);
            return;
        }
        try {
            Mail mail = item.getMail();
            Adopted adopted = Adopted.of(mail);
            if (!unacknowledged.contains(adopted)) {
                admission.adopt(mail);
                LOGGER.info("mail={} is taken over from queue {}", adopted.name(), name);
            }
            if (complete(item, CompletionStatus.SUCCESS)) {
                unacknowledged.remove(adopted);
            } else {
                unacknowledged.add(adopted);
            }
            LifecycleUtil.dispose(mail);
        } catch (MessagingException e) {
            LOGGER.debug("the service stops", e);
            complete(item, CompletionStatus.RETRY);
        } catch (RuntimeException e) {
            if (!again) {
                LOGGER.error("a mail of queue {} cannot be taken over; it stays there and is tried again", name, e);
            }
            // Not given back: a broker has its own idea of how often that may be.
            thread.later(UNREADABLE_PAUSE, () -> thread.io(() -> taken(item, true)));
        }
    }

    /** @return whether the broker took it */
    private boolean complete(MailQueueItem item, CompletionStatus status) {
        try {
            item.done(status);
            return true;
        } catch (MessagingException | RuntimeException e) {
            LOGGER.warn("queue {} does not take {} for a mail: {}", name, status, e.toString());
            return false;
        }
    }

    /** Takes over no more. Thread-safe. */
    void stop() {
        stopped = true;
        reader.stop();
    }

    /** Thread-safe. */
    void dispose() {
        reader.dispose();
    }
}
