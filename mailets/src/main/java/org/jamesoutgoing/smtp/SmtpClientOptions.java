/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a client has once, whatever it delivers.
 *
 * @param maxConnections open at a time to all hosts, at least 1 (500)
 * @param eventLoopThreads that serve all connections, at least 1 (the processors, at most 8)
 * @param contentExecutor where {@link MessageContent} and {@link Credentials#secret()} are read and results are handed out;
 *     its tasks never wait for a peer. The client does not shut it down
 * @param connectionAttemptDelay head start of one address over the next (RFC 8305 §8: 250 ms, from 10 ms to 2 s)
 * @param closeTimeout how long {@link SmtpClient#close()} lets mails finish that are being sent (2 s)
 */
public record SmtpClientOptions(
        int maxConnections,
        int eventLoopThreads,
        Executor contentExecutor,
        Duration connectionAttemptDelay,
        Duration closeTimeout) {

    private static final int CONTENT_THREADS = 16;

    public SmtpClientOptions {
        requireNonNull(contentExecutor, "contentExecutor");
        if (maxConnections < 1 || eventLoopThreads < 1) {
            throw new IllegalArgumentException(
                    "maxConnections " + maxConnections + ", eventLoopThreads " + eventLoopThreads);
        }
        if (connectionAttemptDelay.isNegative() || closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "connectionAttemptDelay " + connectionAttemptDelay + ", closeTimeout " + closeTimeout);
        }
    }

    public static SmtpClientOptions defaults() {
        return new SmtpClientOptions(
                500,
                Math.min(8, Runtime.getRuntime().availableProcessors()),
                daemonThreads(),
                Duration.ofMillis(250),
                Duration.ofSeconds(2));
    }

    /** Threads that end by themselves when there is nothing to read, so that nobody has to shut them down. */
    private static Executor daemonThreads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                CONTENT_THREADS, CONTENT_THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "smtp-content-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    public SmtpClientOptions withMaxConnections(int value) {
        return new SmtpClientOptions(value, eventLoopThreads, contentExecutor, connectionAttemptDelay, closeTimeout);
    }
}
