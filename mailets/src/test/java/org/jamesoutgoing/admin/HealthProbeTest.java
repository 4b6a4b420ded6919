/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthProbeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void whatIsWellHasNoTrouble() {
        assertThat(new HealthProbe(() -> {}, threads, PATIENCE).trouble().join())
                .isEmpty();
    }

    @Test
    void whatIsThrownIsTheTrouble() {
        HealthProbe.Question failing = () -> {
            throw new IllegalStateException("no disk");
        };

        assertThat(new HealthProbe(failing, threads, PATIENCE).trouble().join()).contains("no disk");
    }

    @Test
    void troubleWithoutAMessageHasAName() {
        HealthProbe.Question failing = () -> {
            throw new IllegalStateException();
        };

        assertThat(new HealthProbe(failing, threads, PATIENCE).trouble().join())
                .contains("java.lang.IllegalStateException");
    }

    @Test
    void whatHangsIsAskedOnceHoweverOftenItIsLookedAtAndIsWellWhenItAnswers() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        HealthProbe probe = new HealthProbe(
                () -> {
                    asked.incrementAndGet();
                    end.await();
                },
                threads,
                PATIENCE);

        assertThat(probe.trouble().join()).contains("no answer within 1 s");
        assertThat(probe.trouble().join()).contains("no answer within 1 s");
        assertThat(asked).hasValue(1);

        end.countDown();
        await().atMost(Duration.ofMinutes(1)).until(() -> probe.trouble().join().isEmpty());
    }

    @Test
    void itIsAskedAnewEachTimeItIsLookedAt() {
        AtomicInteger asked = new AtomicInteger();
        HealthProbe probe = new HealthProbe(asked::incrementAndGet, threads, PATIENCE);

        assertThat(probe.trouble().join()).isEmpty();
        assertThat(probe.trouble().join()).isEmpty();

        assertThat(asked).hasValue(2);
    }

    @Test
    void withoutThreadsItSaysThatItIsStopped() {
        threads.shutdownNow();

        assertThat(new HealthProbe(() -> {}, threads, PATIENCE).trouble().join())
                .contains("stopped");
    }
}
