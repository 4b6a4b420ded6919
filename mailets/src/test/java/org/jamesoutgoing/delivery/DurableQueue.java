/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A queue on a broker that outlives our process: what was handed out and not acknowledged comes again. */
final class DurableQueue {

    private final ArrayDeque<Mail> stored = new ArrayDeque<>();
    private final List<Mail> handedOut = new ArrayList<>();
    private volatile boolean refuses;
    private volatile int failingReads;
    private int givenBack;

    /** Mails that are not acknowledged. */
    synchronized int size() {
        return stored.size() + handedOut.size();
    }

    /** The broker notices that the process is gone. */
    synchronized void redeliver() {
        handedOut.forEach(stored::addFirst);
        handedOut.clear();
        notifyAll();
    }

    /** The broker takes and acknowledges nothing. */
    void refuse(boolean refusing) {
        refuses = refusing;
    }

    /** The next reads fail. */
    void failReads(int times) {
        failingReads = times;
    }

    private synchronized void put(Mail mail) throws MessagingException {
        MailImpl copy = MailImpl.duplicate(mail);
        copy.setName(mail.getName());
        copy.setState(mail.getState());
        stored.addLast(copy);
        notifyAll();
    }

    private synchronized Mail take(Halt halt) throws Exception {
        if (failingReads > 0) {
            failingReads--;
            throw new MailQueue.MailQueueException("the broker fails");
        }
        while (stored.isEmpty()) {
            wait(50);
            halt.alive();
        }
        halt.alive();
        Mail mail = stored.removeFirst();
        handedOut.add(mail);
        MailImpl copy = MailImpl.duplicate(mail);
        copy.setName(mail.getName());
        copy.setState(mail.getState());
        marks.put(copy, mail);
        return copy;
    }

    private final IdentityHashMap<Mail, Mail> marks = new IdentityHashMap<>();

    private synchronized void done(Mail copy, MailQueue.MailQueueItem.CompletionStatus status) {
        Mail mail = marks.remove(copy);
        if (mail != null && handedOut.remove(mail) && status != MailQueue.MailQueueItem.CompletionStatus.SUCCESS) {
            stored.addFirst(mail);
            givenBack++;
            notifyAll();
        }
    }

    /** How often a mail was given back. */
    synchronized int givenBack() {
        return givenBack;
    }

    /** The queue as one process sees it. */
    MailQueue asSeenBy(Halt halt) {
        return new MailQueue() {
            @Override
            public MailQueueName getName() {
                return MailQueueName.of("outgoing");
            }

            @Override
            public void enQueue(Mail mail, Duration delay) {
                throw new AssertionError("no queue of James can be trusted with delays");
            }

            @Override
            public void enQueue(Mail mail) throws MailQueueException {
                if (refuses) {
                    throw new MailQueueException("the broker refuses");
                }
                halt.step();
                try {
                    put(mail);
                } catch (MessagingException e) {
                    throw new MailQueueException("not stored", e);
                }
            }

            @Override
            public Publisher<Void> enqueueReactive(Mail mail) {
                return Mono.fromCallable(() -> {
                    enQueue(mail);
                    return null;
                });
            }

            @Override
            public Publisher<MailQueueItem> deQueue() {
                return Flux.generate(sink -> {
                    try {
                        Mail mail = take(halt);
                        sink.next(new MailQueueItem() {
                            @Override
                            public Mail getMail() {
                                return mail;
                            }

                            @Override
                            public void done(CompletionStatus status) throws MailQueueException {
                                if (refuses) {
                                    throw new MailQueueException("the broker refuses");
                                }
                                halt.step();
                                DurableQueue.this.done(mail, status);
                            }
                        });
                    } catch (Exception e) {
                        sink.error(e);
                    }
                });
            }

            @Override
            public void close() {}
        };
    }
}
