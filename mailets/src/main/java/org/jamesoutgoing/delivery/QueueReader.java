/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Takes mail from the outgoing queue, as much as is asked for. When the queue fails, which ends James's stream of mails,
 * it subscribes again after a pause.
 *
 * <p>The queue is read on a thread of its own: James's queues block the thread that asks, and the subscription must stand
 * directly behind {@code deQueue()}, or the last mail starves on ActiveMQ.
 */
final class QueueReader {

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueReader.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** A queue that lets us subscribe may fail again as soon as it is asked for a mail. */
    private static final Duration SOUND_AFTER = Duration.ofSeconds(5);

    private final MailQueue queue;
    private final Consumer<MailQueueItem> taker;
    private final DispatcherThread dispatcher;
    private final Scheduler thread = Schedulers.newSingle("outgoing-queue-reader", true);
    private final AtomicInteger outstanding = new AtomicInteger();

    private volatile Subscriber current;
    private volatile boolean stopped;
    private volatile Duration pause = FIRST_PAUSE;
    /** Null: none. */
    private volatile String trouble;

    /**
     * @param taker gets each mail, on the thread that reads the queue; must not throw
     * @param dispatcher its timer subscribes again after a failure
     */
    QueueReader(MailQueue queue, Consumer<MailQueueItem> taker, DispatcherThread dispatcher) {
        this.queue = queue;
        this.taker = taker;
        this.dispatcher = dispatcher;
    }

    void start() {
        Subscriber subscriber = new Subscriber();
        current = subscriber;
        Flux.defer(() -> Flux.from(queue.deQueue()))
                .subscribeOn(thread)
                // Errors of a queue whose subscription has ended.
                .contextWrite(context -> context.put("reactor.onErrorDropped.local", (Consumer<Throwable>)
                        late -> LOGGER.debug("after the end: {}", late.toString())))
                .subscribe(subscriber);
    }

    /** Asks for so many mails that {@code wanted} are outstanding. Called by one thread, the dispatcher's. */
    void want(int wanted) {
        Subscriber subscriber = current;
        int missing = wanted - outstanding.get();
        if (missing > 0 && subscriber != null && subscriber.ready && !stopped) {
            outstanding.addAndGet(missing);
            subscriber.request(missing);
        }
    }

    /** Why nothing can be read from the queue, as far as it has shown. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    int outstanding() {
        return outstanding.get();
    }

    /** From now on what the queue still hands out must be given back by the taker. */
    void stop() {
        stopped = true;
    }

    void dispose() {
        stopped = true;
        Subscriber subscriber = current;
        if (subscriber != null) {
            subscriber.cancel();
        }
        thread.dispose();
    }

    private final class Subscriber extends BaseSubscriber<MailQueueItem> {
        volatile boolean ready;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            outstanding.set(0);
            ready = true;
            dispatcher.later(SOUND_AFTER, () -> {
                if (ready && current == this) {
                    trouble = null;
                }
            });
        }

        @Override
        protected void hookOnNext(MailQueueItem item) {
            outstanding.decrementAndGet();
            pause = FIRST_PAUSE;
            trouble = null;
            taker.accept(item);
        }

        @Override
        protected void hookOnComplete() {
            again("the queue ended its stream of mails");
        }

        @Override
        protected void hookOnError(Throwable e) {
            again(e.toString());
        }

        private void again(String why) {
            ready = false;
            if (stopped) {
                return;
            }
            trouble = why;
            Duration rest = pause;
            pause = rest.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? rest.multipliedBy(2) : LONGEST_PAUSE;
            LOGGER.warn(
                    "outgoing queue {} fails, reading it again in {} ms: {}",
                    queue.getName().asString(),
                    rest.toMillis(),
                    why);
            dispatcher.later(rest, QueueReader.this::start);
        }
    }
}
