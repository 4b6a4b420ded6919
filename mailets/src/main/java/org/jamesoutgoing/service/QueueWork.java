/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jamesoutgoing.delivery.Intervention;
import org.jamesoutgoing.delivery.Intervention.Result;
import org.jamesoutgoing.queue.ListedMail;

/**
 * One {@link QueueAction} on all mails of a service that a filter means. {@link #run} is called once; the counts may be
 * read meanwhile by other threads.
 */
public final class QueueWork {

    /** Enough to keep the threads busy that write. */
    private static final int AT_ONCE = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * How far it is.
     *
     * @param meant mails that the filter meant so far
     * @param done with so many it is done
     * @param finished so many were delivered or given up meanwhile
     * @param notNow so many are in a state in which it cannot be done
     * @param open so many are on the wire or in the outgoing queue; it is done with them as soon as they are at hand
     */
    public record Progress(long meant, long done, long finished, long notNow, long open) {}

    private final OutgoingMailService service;
    private final QueueAction action;
    private final MailFilter filter;
    private final Clock clock;
    private final ArrayDeque<CompletableFuture<Result>> underWay = new ArrayDeque<>();
    private final Map<Result, Long> results = new EnumMap<>(Result.class);
    private long meant;
    private long open;

    public QueueWork(OutgoingMailService service, QueueAction action, MailFilter filter, Clock clock) {
        this.service = service;
        this.action = action;
        this.filter = filter;
        this.clock = clock;
    }

    /** How many mails the filter means now. */
    public static long count(OutgoingMailService service, MailFilter filter, Clock clock) {
        return service.ledger().mails("").stream()
                .filter(mail -> filter.matches(mail, clock.instant()))
                .count();
    }

    /**
     * Does it. Blocks until it is done or open with every mail.
     *
     * @throws InterruptedException when the thread is interrupted; what is done stays done
     */
    public void run() throws InterruptedException {
        Intervention intervention = action.at(clock.instant());
        for (ListedMail mail : service.ledger().mails("")) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (filter.matches(mail, clock.instant())) {
                count(1, 0);
                underWay.add(service.intervene(mail.id(), intervention));
            }
            while (underWay.size() >= AT_ONCE) {
                await(underWay.remove());
            }
        }
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
    }

    private void await(CompletableFuture<Result> result) throws InterruptedException {
        try {
            // Only the first one that is not at hand is waited for: those behind it had as much time.
            Duration patience = progress().open() == 0 ? PATIENCE : Duration.ofMillis(100);
            Result became = result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            synchronized (this) {
                results.merge(became, 1L, Long::sum);
            }
        } catch (TimeoutException e) {
            count(0, 1);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void count(long moreMeant, long moreOpen) {
        meant += moreMeant;
        open += moreOpen;
    }

    public synchronized Progress progress() {
        return new Progress(
                meant,
                results.getOrDefault(Result.DONE, 0L),
                results.getOrDefault(Result.FINISHED, 0L) + results.getOrDefault(Result.GONE, 0L),
                results.getOrDefault(Result.NOT_NOW, 0L),
                open);
    }
}
