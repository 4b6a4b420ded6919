/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.mailet.Mail;

/** A mail repository on a disk that outlives our process, and may be full. */
final class DurableRepository {

    private final MailRepository stored;
    private volatile boolean full;
    private volatile CountDownLatch reading = new CountDownLatch(0);

    DurableRepository(MailRepository stored) {
        this.stored = stored;
    }

    void full(boolean isFull) {
        full = isFull;
    }

    /** What is read now is not there before {@link #letReadsGo}. */
    void holdReads() {
        reading = new CountDownLatch(1);
    }

    void letReadsGo() {
        reading.countDown();
    }

    long size() throws MessagingException {
        return stored.size();
    }

    MailRepository asSeenBy(Halt halt) {
        return new MailRepository() {
            @Override
            public MailKey store(Mail mail) throws MessagingException {
                if (full) {
                    throw new MessagingException("No space left on device");
                }
                halt.step();
                return stored.store(mail);
            }

            @Override
            public Iterator<MailKey> list() throws MessagingException {
                return stored.list();
            }

            @Override
            public Mail retrieve(MailKey key) throws MessagingException {
                try {
                    reading.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new MessagingException("interrupted", e);
                }
                halt.alive();
                return stored.retrieve(key);
            }

            @Override
            public void remove(MailKey key) throws MessagingException {
                halt.step();
                stored.remove(key);
            }

            @Override
            public long size() throws MessagingException {
                return stored.size();
            }

            @Override
            public void removeAll() throws MessagingException {
                stored.removeAll();
            }
        };
    }
}
