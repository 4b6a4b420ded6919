/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts exported mails into the waiting room, each once, however often it is run and whenever the process is killed: a mail is
 * stored, then listed as imported, and only then may it be delivered. What was stored and not listed when the process died is
 * listed before the next one delivers ({@link #settle}).
 *
 * <p>{@link #run} is called once, and blocks; the counts may be read by others meanwhile.
 */
public final class MailImport {

    private static final Logger LOGGER = LoggerFactory.getLogger(MailImport.class);
    /** So many are listed at once: that is a write to the disk of its own. */
    private static final int AT_ONCE = 100;

    private final WaitingRoom waitingRoom;
    private final Clock clock;
    private final AtomicLong imported = new AtomicLong();
    private final AtomicLong present = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();

    public MailImport(WaitingRoom waitingRoom, Clock clock) {
        this.waitingRoom = waitingRoom;
        this.clock = clock;
    }

    /**
     * Lists as imported what an import stored that was killed. To be called when the waiting room is open, and before anything of
     * it is delivered.
     */
    public static void settle(WaitingRoom waitingRoom, ExportedMails from) throws IOException, MessagingException {
        if (from.isImportBegun()) {
            from.markImported(from.left().stream()
                    .filter(recordId -> waitingRoom.knows(recordId.id()))
                    .toList());
        }
    }

    /**
     * Imports what is not imported yet. A mail of which the service has a record, whichever, is not touched.
     *
     * @throws MessagingException when a mail cannot be stored; the others may be imported by another run
     * @throws IOException when it cannot be listed as imported; as above
     * @throws InterruptedException when the thread is interrupted; as above
     */
    public void run(ExportedMails from) throws MessagingException, IOException, InterruptedException {
        from.beginImport();
        List<RecordId> listed = new ArrayList<>();
        List<ListedMail> stored = new ArrayList<>();
        try {
            for (RecordId recordId : from.left()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (waitingRoom.knows(recordId.id())) {
                    listed.add(recordId);
                    present.incrementAndGet();
                } else {
                    store(recordId, from, stored);
                }
                if (listed.size() + stored.size() >= AT_ONCE) {
                    release(from, listed, stored);
                }
            }
        } finally {
            release(from, listed, stored);
        }
    }

    private void store(RecordId recordId, ExportedMails from, List<ListedMail> stored) throws MessagingException {
        Mail mail;
        MailState state;
        try {
            mail = from.retrieve(recordId);
        } catch (MessagingException e) {
            unreadable(recordId, e);
            return;
        }
        try {
            state = MailStateCodec.read(mail, clock.instant()).withRecordId(recordId);
            mail.setName(state.name());
            stored.add(waitingRoom.store(mail, state));
        } catch (MailStateCodec.NewerFormatException e) {
            unreadable(recordId, e);
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    private void unreadable(RecordId recordId, Exception why) {
        unreadable.incrementAndGet();
        LOGGER.error("mail {} is not imported: {}", recordId.key(), why.toString());
    }

    private void release(ExportedMails from, List<RecordId> listed, List<ListedMail> stored) throws IOException {
        stored.forEach(mail -> listed.add(mail.recordId()));
        from.markImported(listed);
        waitingRoom.add(stored);
        imported.addAndGet(stored.size());
        listed.clear();
        stored.clear();
    }

    /** How many wait now. */
    public long imported() {
        return imported.get();
    }

    /** How many the service had before. */
    public long present() {
        return present.get();
    }

    /** How many cannot be read here: damaged, or of a later version. They may be imported by another run. */
    public long unreadable() {
        return unreadable.get();
    }
}
