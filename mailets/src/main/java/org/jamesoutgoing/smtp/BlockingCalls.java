/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Calls that may block (the message's source, a secret's file), made from an event loop without blocking it.
 *
 * @param blocking runs the calls
 * @param eventLoop runs what follows
 */
record BlockingCalls(Executor blocking, Executor eventLoop) {

    /** Exactly one of the two consumers is called, on the event loop; none when that has been shut down. */
    <T> void call(Callable<T> call, Consumer<T> onResult, Consumer<Throwable> onFailure) {
        try {
            blocking.execute(() -> {
                try {
                    T result = call.call();
                    answer(() -> onResult.accept(result));
                } catch (Throwable e) {
                    answer(() -> onFailure.accept(e));
                }
            });
        } catch (RejectedExecutionException e) {
            answer(() -> onFailure.accept(e));
        }
    }

    private void answer(Runnable answer) {
        try {
            eventLoop.execute(answer);
        } catch (RejectedExecutionException e) {
            // The client is closed, and the mail has been deferred with its connection.
        }
    }
}
