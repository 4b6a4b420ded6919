/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jamesoutgoing.delivery.QueueAction;
import org.jamesoutgoing.delivery.QueueAction.Result;
import org.jamesoutgoing.queue.ListedMail;

/**
 * One {@link QueueAction} on all mails of a service that a filter means. {@link #run} is called once; the counts may be
 * read meanwhile by other threads.
 */
public final class QueueWork {

    /** Enough to keep the threads busy that write. */
    private static final int AT_ONCE = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT_PATIENCE = Duration.ofMillis(100);

    /**
     * How far it is.
     *
     * @param meant mails that the filter meant so far
     * @param done with so many it is done
     * @param finished so many were delivered or given up meanwhile
     * @param notNow so many are in a state in which it cannot be done
     * @param open so many it is not done with yet; those on the wire or in the outgoing queue follow when they are at hand
     */
    public record Progress(long meant, long done, long finished, long notNow, long open) {}

    /** Has something done with the mail of an id; a hold is said to have begun at {@code since}. */
    public interface Act {
        CompletableFuture<Result> have(String id, QueueAction action, Instant since);
    }

    private final QueueView view;
    private final Act act;
    private final QueueAction action;
    private final MailFilter filter;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Begun> underWay = new ArrayDeque<>();
    private final Map<Result, Long> results = new EnumMap<>(Result.class);
    private long meant;
    private boolean allAtHand = true;

    /** What was asked for, and when, in nanoseconds. */
    private record Begun(CompletableFuture<Result> result, long at) {}

    /**
     * @param act has something done with the mail of an id
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public QueueWork(
            QueueView view, Act act, QueueAction action, MailFilter filter, Clock clock, LongSupplier nanoTime) {
        this.view = view;
        this.act = act;
        this.action = action;
        this.filter = filter;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** How many mails the filter means now. */
    public static long count(QueueView view, MailFilter filter, Clock clock) {
        return view.mails("")
                .filter(mail -> filter.matches(mail, clock.instant()))
                .count();
    }

    /**
     * Does it, with the mails that are there when it begins. Blocks until it is done or open with every one of them; when
     * the service has just started, until the waiting room is read.
     *
     * @throws InterruptedException when the thread is interrupted; what is done stays done
     */
    public void run() throws InterruptedException {
        Instant begun = clock.instant();
        view.readAllWaiting();
        Iterator<ListedMail> mails = view.mails("").iterator();
        while (mails.hasNext()) {
            ListedMail mail = mails.next();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!mail.acceptedAt().isAfter(begun) && filter.matches(mail, begun)) {
                begin(mail.id(), begun);
            }
            while (underWay.size() >= AT_ONCE) {
                await(underWay.remove());
            }
        }
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
    }

    private void begin(String id, Instant since) {
        synchronized (this) {
            meant++;
        }
        CompletableFuture<Result> result = act.have(id, action, since);
        underWay.add(new Begun(result.whenComplete((became, trouble) -> count(became)), nanoTime.getAsLong()));
    }

    private synchronized void count(Result became) {
        results.merge(became, 1L, Long::sum);
    }

    private void await(Begun begun) throws InterruptedException {
        // Once one was not at hand, there may be very many of that kind.
        Duration patience = allAtHand ? PATIENCE : SHORT_PATIENCE;
        long left = patience.toNanos() - (nanoTime.getAsLong() - begun.at());
        try {
            begun.result().get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            allAtHand = false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    public synchronized Progress progress() {
        long done = results.getOrDefault(Result.DONE, 0L);
        long finished = results.getOrDefault(Result.FINISHED, 0L) + results.getOrDefault(Result.GONE, 0L);
        long notNow = results.getOrDefault(Result.NOT_NOW, 0L);
        return new Progress(meant, done, finished, notNow, meant - done - finished - notNow);
    }
}
