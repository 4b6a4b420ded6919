/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dispatcher's one thread, and the I/O threads for what must not run on it. Thread-safe. */
public final class DispatcherThread {

    private static final Logger LOGGER = LoggerFactory.getLogger(DispatcherThread.class);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final ExecutorService io;
    private final ScheduledExecutorService thread;
    private final LongSupplier nanoTime;
    private volatile boolean stopping;

    /**
     * @param io runs what blocks
     * @param thread one thread, shut down in the end
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public DispatcherThread(ExecutorService io, ScheduledExecutorService thread, LongSupplier nanoTime) {
        this.io = io;
        this.thread = thread;
        this.nanoTime = nanoTime;
    }

    /** A time that only goes forward. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** @return false when the thread has ended: the work is not done */
    boolean execute(Runnable work) {
        try {
            thread.execute(guarded(work));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What is done is guarded.
    void later(Duration delay, Runnable work) {
        try {
            thread.schedule(guarded(work), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("stopped", e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What is done is guarded.
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

    /** Blocks until something holds on this thread, or the time is up. */
    void await(BooleanSupplier wanted, Duration patience) {
        CompletableFuture<Void> holds = new CompletableFuture<>();
        Runnable look = () -> {
            if (wanted.getAsBoolean()) {
                holds.complete(null);
            }
        };
        try {
            Future<?> looking = thread.scheduleWithFixedDelay(guarded(look), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
            holds.completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            looking.cancel(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RejectedExecutionException e) {
            LOGGER.warn("while stopping: {}", e.toString());
        }
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
