/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dispatcher's one thread, and the I/O threads for what must not run on it. Thread-safe. */
final class DispatcherThread {

    private static final Logger LOGGER = LoggerFactory.getLogger(DispatcherThread.class);

    private final ExecutorService io;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread created = new Thread(work, "outgoing-dispatcher");
        created.setDaemon(true);
        return created;
    });

    private volatile boolean stopping;

    DispatcherThread(ExecutorService io) {
        this.io = io;
    }

    /** @return false when the loop has ended: the work is not done */
    boolean execute(Runnable work) {
        try {
            thread.execute(guarded(work));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    void later(Duration delay, Runnable work) {
        try {
            thread.schedule(guarded(work), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("stopped", e);
        }
    }

    void every(Duration period, Runnable work) {
        thread.scheduleWithFixedDelay(guarded(work), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Something that blocks. */
    void io(Runnable work) {
        try {
            io.execute(guarded(work));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("stopped", e);
        }
    }

    ExecutorService ioThreads() {
        return io;
    }

    <T> T ask(Callable<T> question, Duration patience) throws Exception {
        return thread.submit(question).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** From now on nothing new is begun. */
    void beginStop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    void end() {
        thread.shutdownNow();
    }

    /** A bug must not end the dispatcher's ticking. */
    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOGGER.error("unexpected trouble; the mail concerned stays where it is", e);
            }
        };
    }
}
