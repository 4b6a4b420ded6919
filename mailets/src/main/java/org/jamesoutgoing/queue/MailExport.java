/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.mail.MessagingException;

/**
 * Copies all that waits, with all that is known of it, while the service goes on: what is delivered meanwhile, or after that, is
 * in the export all the same. What is in the outgoing queue is not: a service that is suspended takes it out of there.
 *
 * <p>{@link #run} is called once, and blocks; the counts may be read by others meanwhile.
 */
public final class MailExport {

    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final Clock clock;
    private final AtomicLong exported = new AtomicLong();

    public MailExport(WaitingRoom waitingRoom, QueueLedger ledger, Clock clock) {
        this.waitingRoom = waitingRoom;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Copies what was accepted before this.
     *
     * @throws MessagingException when a mail cannot be stored there
     * @throws InterruptedException when the thread is interrupted
     */
    public void run(ExportedMails to) throws MessagingException, InterruptedException {
        Instant begun = clock.instant();
        waitingRoom.readAllNow();
        List<String> ids = waitingRoom.acceptedBy(begun);
        Set<String> seen = new HashSet<>(ids);
        Set<String> copied = new HashSet<>();
        while (!ids.isEmpty()) {
            for (String id : ids) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (waitingRoom.copy(id, to.mails())) {
                    copied.add(id);
                    exported.incrementAndGet();
                }
            }
            // A mail that was split before its turn came has parts with other ids; of one that is copied they are in
            // the copy.
            List<String> more = new ArrayList<>(waitingRoom.acceptedBy(begun));
            more.removeAll(seen);
            seen.addAll(more);
            more.removeIf(id -> RecordId.wholeId(id).filter(copied::contains).isPresent());
            ids = more;
        }
    }

    /** How many records are copied. */
    public long exported() {
        return exported.get();
    }

    /** How many mails of the waiting room cannot be read now, and so are in no export. */
    public long unreadable() {
        return waitingRoom.unreadable().size();
    }

    /** How many mails are in the outgoing queue now, being delivered out of it included. */
    public long queued() {
        return ledger.mails("").stream()
                .filter(mail -> mail.recordId().sequence() == 0)
                .count();
    }
}
