/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets only so many questions be under way at once, for each of them costs a socket, and sockets are what the rest of
 * the server needs, too. The others wait in line, but not for ever. Thread-safe.
 */
final class QueryLimit<A> {
    private final int limit;
    private final Duration patience;
    private final A refusal;
    private final LongSupplier nanoTime;

    /** Guarded by {@code this}. */
    private final Deque<Waiting<A>> line = new ArrayDeque<>();

    /** Guarded by {@code this}. */
    private int underWay;

    /** Whether a thread is in {@link #letIn()}'s loop. Guarded by {@code this}. */
    private boolean lettingIn;

    /**
     * @param limit how many questions may be under way
     * @param patience how old a question may become in the line
     * @param refusal the answer to one that became older
     */
    QueryLimit(int limit, Duration patience, A refusal, LongSupplier nanoTime) {
        this.limit = limit;
        this.patience = patience;
        this.refusal = refusal;
        this.nanoTime = nanoTime;
    }

    /** Asks now, or when it is this question's turn. {@code question} must not throw, its future must complete. */
    CompletableFuture<A> pass(Supplier<CompletableFuture<A>> question) {
        Waiting<A> newcomer = new Waiting<>(question, new CompletableFuture<>(), nanoTime.getAsLong());
        synchronized (this) {
            line.add(newcomer);
        }
        letIn();
        return newcomer.answer();
    }

    /** One thread at a time, in a loop: answers that come at once would otherwise pile up on the stack. */
    private void letIn() {
        Waiting<A> next;
        while ((next = next()) != null) {
            if (nanoTime.getAsLong() - next.since() <= patience.toNanos()) {
                start(next);
            } else {
                leave();
                next.answer().complete(refusal);
            }
            synchronized (this) {
                lettingIn = false;
            }
        }
    }

    private synchronized Waiting<A> next() {
        if (lettingIn || underWay == limit || line.isEmpty()) {
            return null;
        }
        lettingIn = true;
        underWay++;
        return line.remove();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whoever waits gets what comes of it.
    private void start(Waiting<A> waiting) {
        waiting.question().get().whenComplete((answer, e) -> {
            leave();
            letIn();
            if (e == null) {
                waiting.answer().complete(answer);
            } else {
                waiting.answer().completeExceptionally(e);
            }
        });
    }

    private synchronized void leave() {
        underWay--;
    }

    private record Waiting<A>(Supplier<CompletableFuture<A>> question, CompletableFuture<A> answer, long since) {}
}
