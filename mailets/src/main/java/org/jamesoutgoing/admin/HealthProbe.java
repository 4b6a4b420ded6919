/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Asks something that may hang whether it is well, without hanging itself: one question at a time, however often it is
 * asked. Thread-safe.
 */
public final class HealthProbe {

    /** Throws what is wrong. */
    @FunctionalInterface
    public interface Question {
        void ask() throws Exception;
    }

    private final Question question;
    private final Executor blocking;
    private final Duration patience;
    /** The question that is asked last, with what was wrong. Guarded by this. */
    private CompletableFuture<Optional<String>> asked = CompletableFuture.completedFuture(Optional.empty());

    /** @param blocking where it may hang */
    public HealthProbe(Question question, Executor blocking, Duration patience) {
        this.question = question;
        this.blocking = blocking;
        this.patience = patience;
    }

    /** What is wrong; comes within the patience. */
    public CompletableFuture<Optional<String>> trouble() {
        return current()
                .copy()
                .completeOnTimeout(
                        Optional.of("no answer within " + patience.toSeconds() + " s"),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private synchronized CompletableFuture<Optional<String>> current() {
        if (asked.isDone()) {
            try {
                asked = CompletableFuture.supplyAsync(this::ask, blocking);
            } catch (RejectedExecutionException e) {
                asked = CompletableFuture.completedFuture(Optional.of("stopped"));
            }
        }
        return asked;
    }

    private Optional<String> ask() {
        try {
            question.ask();
            return Optional.empty();
        } catch (Exception e) {
            return Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
