/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.MergedDsn;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.notify.Notifier;
import org.jamesoutgoing.notify.PostponedDsns;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what was postponed ({@link PostponedDsns}): all of one sender together, in one DSN for each kind. First the DSN is
 * handed over, then the entries are removed: a process killed in between tells it once more.
 *
 * <p>{@link #begin} belongs to the dispatcher's thread, the rest runs on the I/O threads, one at a time for each sender.
 */
final class MergedDsnSender {

    /** Told of in one DSN. Its text names 100 recipients at most, its delivery status names all. */
    static final int MOST_MAILS = 1000;

    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);
    private static final Logger LOGGER = LoggerFactory.getLogger(MergedDsnSender.class);

    /** What one DSN tells. */
    private static final class Batch {
        final List<ListedMail> entries = new ArrayList<>();
        final MergedDsn dsn;
        final String word;

        Batch(MergedDsn dsn, String word) {
            this.dsn = dsn;
            this.word = word;
        }
    }

    private final DispatcherThread thread;
    private final WaitingRoom waitingRoom;
    private final Notifier notifier;
    private final PostponedDsns postponed;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    MergedDsnSender(DispatcherThread thread, WaitingRoom waitingRoom, Notifier notifier, Clock clock) {
        this.thread = thread;
        this.waitingRoom = waitingRoom;
        this.notifier = notifier;
        this.postponed = notifier.postponed();
        this.clock = clock;
    }

    /** Whether this entry may be taken, and all others of its sender with it. If so, {@link #tell} must be called. */
    boolean begin(ListedMail first) {
        return postponed.mayTell(first.sender().asString()) && underWay.add(first.destination());
    }

    boolean isIdle() {
        return underWay.isEmpty();
    }

    /** Tells what is to be told to the sender of this entry. */
    void tell(ListedMail first) {
        thread.io(() -> {
            try {
                List<ListedMail> line = new ArrayList<>(waitingRoom.takeLine(first.destination(), MOST_MAILS - 1));
                line.add(first);
                line.sort(Comparator.comparing(ListedMail::acceptedAt).thenComparing(ListedMail::name));
                batches(line).values().forEach(batch -> tell(first.sender().asString(), batch));
            } finally {
                underWay.remove(first.destination());
            }
        });
    }

    private Map<DsnKind, Batch> batches(List<ListedMail> line) {
        Map<DsnKind, Batch> batches = new EnumMap<>(DsnKind.class);
        for (ListedMail waiting : line) {
            Mail mail = null;
            try {
                mail = waitingRoom.load(waiting);
                MailState state = MailStateCodec.read(mail, clock.instant());
                Notification notification = state.notifications().get(0);
                DsnRequest request = notifier.request(mail, state, notification).orElse(null);
                if (request == null) {
                    // DSNs of this kind have been switched off meanwhile.
                    remove(waiting);
                } else {
                    Batch batch = batches.computeIfAbsent(
                            notification.kind(), any -> new Batch(notifier.mergedDsn(), notification.word()));
                    batch.dsn.add(request);
                    batch.entries.add(waiting);
                }
            } catch (WaitingRoom.MailGoneException e) {
                waitingRoom.forget(waiting);
            } catch (MessagingException | RuntimeException e) {
                LOGGER.error("what is to be told of mail={} cannot be read", waiting.name(), e);
                thread.later(AFTER_TROUBLE, () -> waitingRoom.putBack(waiting));
            } finally {
                LifecycleUtil.dispose(mail);
            }
        }
        return batches;
    }

    private void tell(String sender, Batch batch) {
        if (!postponed.take(sender)) {
            batch.entries.forEach(waitingRoom::putBack);
            return;
        }
        try {
            if (batch.entries.size() == 1) {
                tellOne(batch.entries.get(0));
            } else {
                notifier.send(batch.dsn, sender, batch.word);
            }
        } catch (MessagingException | RuntimeException e) {
            LOGGER.warn(
                    "sender={} what is to be told of {} mails cannot be told now; it is kept and tried again: {}",
                    sender,
                    batch.entries.size(),
                    e.toString());
            postponed.pause(sender, AFTER_TROUBLE);
            batch.entries.forEach(waitingRoom::putBack);
            return;
        }
        batch.entries.forEach(this::remove);
    }

    /** One mail alone gets a DSN like any other, with what is returned of its original. */
    private void tellOne(ListedMail waiting) throws MessagingException {
        Mail mail = waitingRoom.load(waiting);
        try {
            MailState state = MailStateCodec.read(mail, clock.instant());
            Notification notification = state.notifications().get(0);
            DsnRequest request = notifier.request(mail, state, notification).orElse(null);
            if (request != null) {
                notifier.send(request, state.name());
            }
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    /** Tried until it is done: what was told must not be told again. */
    private void remove(ListedMail told) {
        try {
            waitingRoom.remove(told.recordId());
        } catch (MessagingException | RuntimeException e) {
            LOGGER.warn("mail={} what was told of it cannot be removed now: {}", told.name(), e.toString());
            thread.later(AFTER_TROUBLE, () -> thread.io(() -> remove(told)));
        }
    }
}
