/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.mailet.Mail;

/** A mail repository on a disk that outlives our process, and may be full. */
final class DurableRepository {

    private final MailRepository stored;
    private volatile boolean full;
    private volatile CountDownLatch reading = new CountDownLatch(0);
    private final AtomicInteger roomFor = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger failingRemovals = new AtomicInteger();

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

    /** Full after so many mails more. */
    void roomFor(int mails) {
        roomFor.set(mails);
    }

    /** The next removals fail. */
    void failRemovals(int times) {
        failingRemovals.set(times);
    }

    boolean failsToRemove() {
        return failingRemovals.get() > 0;
    }

    long size() throws MessagingException {
        return stored.size();
    }

    MailRepository asSeenBy(Halt halt) {
        return new MailRepository() {
            @Override
            public MailKey store(Mail mail) throws MessagingException {
                if (full || roomFor.get() <= 0) {
                    throw new MessagingException("No space left on device");
                }
                halt.step();
                roomFor.decrementAndGet();
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
                if (failingRemovals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new MessagingException("read-only file system");
                }
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
