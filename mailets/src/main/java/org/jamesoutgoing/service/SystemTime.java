/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time of this machine. Everything that is made here is handed to whoever needs it, so that tests hand in their own. */
final class SystemTime {

    private SystemTime() {}

    /** Only goes forward. */
    static long nanoTime() {
        return System.nanoTime();
    }

    static void sleep(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }

    /** One daemon thread that does things at once, later, or again and again. */
    static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread created = new Thread(work, name);
            created.setDaemon(true);
            return created;
        });
    }
}
