/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.Mail;

/**
 * Gives everything that waits back to the outgoing queue as RemoteDelivery knows it, for taking the extension out: without
 * our attributes, under its own name, to the recipients that are left. What was held is no longer held: RemoteDelivery knows
 * no such thing.
 *
 * <p>A mail is put into the queue before it leaves the waiting room: killed in between, it is in both, and would be delivered
 * twice.
 */
public final class Drain {

    private final MailQueue queue;
    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final AtomicLong drained = new AtomicLong();
    /** In the queue, and in the waiting room still. */
    private final Set<RecordId> moved = new HashSet<>();

    /** The service must not take anything out of either any more. */
    public Drain(MailQueue queue, WaitingRoom waitingRoom, QueueLedger ledger) {
        this.queue = queue;
        this.waitingRoom = waitingRoom;
        this.ledger = ledger;
    }

    /**
     * Does it; blocks that long.
     *
     * @throws MessagingException when a mail cannot be moved; the rest stays in the waiting room, and it may be run again
     */
    public synchronized void run() throws MessagingException {
        for (RecordId recordId : Set.copyOf(moved)) {
            remove(recordId);
        }
        waitingRoom.readAllNow();
        for (ListedMail listed : ledger.mails("")) {
            ListedMail waiting = waitingRoom.take(listed.id()).orElse(null);
            if (waiting == null) {
                continue;
            }
            try {
                move(waiting);
                drained.incrementAndGet();
            } catch (RuntimeException | MessagingException e) {
                if (!moved.contains(waiting.recordId())) {
                    waitingRoom.putBack(waiting);
                }
                throw new MessagingException("mail " + waiting.name() + " cannot be moved: " + e, new Exception(e));
            }
        }
    }

    private void move(ListedMail waiting) throws MessagingException {
        Mail mail = waitingRoom.load(waiting);
        try {
            mail.setName(waiting.name());
            mail.setRecipients(waiting.recipients());
            mail.setErrorMessage(waiting.reason());
            MailStateCodec.remove(mail);
            queue.enQueue(mail);
            moved.add(waiting.recordId());
        } finally {
            LifecycleUtil.dispose(mail);
        }
        remove(waiting.recordId());
    }

    private void remove(RecordId recordId) throws MessagingException {
        waitingRoom.remove(recordId);
        moved.remove(recordId);
    }

    /**
     * How many records are in the waiting room still. After {@link #run}: failure messages that could not be sent yet, mail
     * that an attempt has not given back, mail that cannot be read.
     */
    public int left() {
        return waitingRoom.size();
    }

    /** How many mails were moved so far. */
    public long drained() {
        return drained.get();
    }
}
