/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One time-out that is set anew all the time and hardly ever expires: setting it later costs nothing but a field, because the
 * task that was scheduled for the earlier time looks again when it runs. Confined to its event loop.
 */
final class RollingTimeout {

    private final EventExecutor eventLoop;
    private final Runnable onExpiry;
    private boolean armed;
    private long deadline;
    private ScheduledFuture<?> task;
    private long taskAt;

    RollingTimeout(EventExecutor eventLoop, Runnable onExpiry) {
        this.eventLoop = eventLoop;
        this.onExpiry = onExpiry;
    }

    void set(Duration timeout) {
        armed = true;
        deadline = System.nanoTime() + timeout.toNanos();
        if (task == null || deadline - taskAt < 0) {
            cancelTask();
            schedule();
        }
    }

    void clear() {
        armed = false;
    }

    /** For the end: leaves nothing behind in the event loop. */
    void stop() {
        armed = false;
        cancelTask();
    }

    private void schedule() {
        taskAt = deadline;
        task = eventLoop.schedule(this::look, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void cancelTask() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    private void look() {
        task = null;
        if (!armed) {
            return;
        }
        if (deadline - System.nanoTime() > 0) {
            schedule();
        } else {
            armed = false;
            onExpiry.run();
        }
    }
}
