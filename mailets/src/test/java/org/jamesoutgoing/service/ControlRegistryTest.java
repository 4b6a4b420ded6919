/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.delivery.Suspensions;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.MemoryStore;
import org.jamesoutgoing.store.UnusableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and suspensions made at run time: what counts, and what is kept. */
class ControlRegistryTest {

    private static final Instant T0 = Instant.parse("2026-11-30T08:00:00Z");
    private static final String QUEUE = "outgoing";
    private static final Controls ENABLED = Controls.of(new QueueLimits(100, 1000, 0, 0));
    private static final Controls DISABLED = ENABLED.suspended("enabled=false");
    private static final Suspendable SERVICE = new Suspendable.Service();
    private static final Suspendable DOMAIN = Suspendable.Domain.TYPE.read("domain", "Example.COM");
    private static final Suspendable HOST = Suspendable.Host.TYPE.read("host", "MX.example.com");
    private static final Suspension FOR_EVER = new Suspension("for ever", T0, Optional.empty());
    private static final Suspension ONE_HOUR =
            new Suspension("one hour", T0, Optional.of(T0.plus(Duration.ofHours(1))));

    @TempDir
    Path directory;

    private final MemoryStore<String, RuntimeControls> store = new MemoryStore<>("control");
    private Instant now = T0;
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };
    private final ControlRegistry registry = new ControlRegistry(store, clock);

    private void suspend(Suspendable what, Suspension suspension) throws Exception {
        registry.change(QUEUE, ENABLED, present -> present.suspended(what, suspension));
    }

    private Suspensions suspensions(Controls configured) {
        return registry.of(QUEUE).over(configured).suspensions();
    }

    @Test
    void whatIsNotChangedIsAsConfigured() {
        assertThat(registry.of(QUEUE)).isEqualTo(RuntimeControls.NONE);
        assertThat(RuntimeControls.NONE.over(DISABLED)).isEqualTo(DISABLED);
    }

    @Test
    void aLimitCountsUntilItIsTakenBackEvenIfTheFileSaysTheSame() throws Exception {
        registry.change(
                QUEUE,
                ENABLED,
                present -> present.withLimits(
                        Map.of(QueueLimit.MAILS, Optional.of(100L), QueueLimit.SIZE, Optional.of(0L))));
        assertThat(registry.of(QUEUE)
                        .over(Controls.of(new QueueLimits(5, 5, 5, 5)))
                        .limits())
                .isEqualTo(new QueueLimits(100, 0, 5, 5));
        registry.change(QUEUE, ENABLED, present -> present.withLimits(Map.of(QueueLimit.MAILS, Optional.empty())));
        assertThat(registry.of(QUEUE).over(ENABLED).limits()).isEqualTo(new QueueLimits(100, 0, 0, 0));
        registry.change(QUEUE, ENABLED, RuntimeControls::withoutLimits);
        assertThat(store.load()).isEmpty();
    }

    @Test
    void aResumeOverridesTheFileUntilTheFileSaysItToo() throws Exception {
        registry.change(QUEUE, DISABLED, present -> present.resumed(SERVICE));
        assertThat(suspensions(DISABLED).ofService(now)).isEmpty();
        registry.change(QUEUE, ENABLED, present -> present.suspended(DOMAIN, FOR_EVER));
        assertThat(suspensions(DISABLED).ofService(now)).isPresent();
    }

    @Test
    void aSuspensionThatEndsIsAResumeAndIsForgottenAtTheNextChange() throws Exception {
        registry.change(QUEUE, DISABLED, present -> present.suspended(SERVICE, ONE_HOUR));
        suspend(DOMAIN, ONE_HOUR);
        suspend(HOST, FOR_EVER);
        now = T0.plus(Duration.ofHours(1));
        assertThat(suspensions(DISABLED).ofService(now)).isEmpty();
        registry.change(QUEUE, DISABLED, present -> present);
        assertThat(registry.of(QUEUE))
                .isEqualTo(new RuntimeControls(
                        Map.of(), new RuntimeControls.Resumed(), Map.of(), Map.of("mx.example.com", FOR_EVER)));
    }

    @Test
    void everyChangeIsToldOnceItCountsAndNothingElseIs() throws Exception {
        AtomicInteger told = new AtomicInteger();
        registry.onChange(told::incrementAndGet);
        suspend(DOMAIN, FOR_EVER);
        suspend(DOMAIN, FOR_EVER);
        assertThat(told).hasValue(1);
        assertThat(suspensions(ENABLED).ofDomain("example.com", now)).contains(FOR_EVER);
    }

    @Test
    void whatAnotherProcessChangesCountsAndIsBuiltUpon() throws Exception {
        AtomicInteger told = new AtomicInteger();
        registry.onChange(told::incrementAndGet);
        registry.of(QUEUE);
        store.put(QUEUE, RuntimeControls.NONE.suspended(HOST, FOR_EVER), new Expectation.Any());
        suspend(DOMAIN, FOR_EVER);
        assertThat(suspensions(ENABLED).hosts()).containsOnlyKeys("mx.example.com");
        assertThat(suspensions(ENABLED).domains()).containsOnlyKeys("example.com");
        store.put(QUEUE, RuntimeControls.NONE.suspended(HOST, FOR_EVER), new Expectation.Any());
        store.tell();
        assertThat(suspensions(ENABLED).domains()).isEmpty();
        assertThat(told).hasValue(3);
    }

    @Test
    void aStoreThatCannotBeReadLetsNothingBeTakenForRunning() {
        store.trouble = new UnusableException("the control store is damaged", null);
        assertThatThrownBy(() -> registry.of(QUEUE)).isSameAs(store.trouble);
        assertThatThrownBy(() -> suspend(DOMAIN, FOR_EVER)).isSameAs(store.trouble);
    }

    @Test
    void everythingIsReadAgainAsItWasWritten() throws Exception {
        Path file = directory.resolve("outgoing-controls.json");
        RuntimeControls all = RuntimeControls.NONE
                .withLimits(Map.of(QueueLimit.SIZE, Optional.of(1L << 40), QueueLimit.MAILS, Optional.of(0L)))
                .suspended(SERVICE, ONE_HOUR)
                .suspended(DOMAIN, new Suspension("\u00fcmzug \"x\"", T0.plusNanos(1), Optional.empty()))
                .suspended(Suspendable.Domain.TYPE.read("domain", "[192.0.2.1]"), FOR_EVER)
                .suspended(Suspendable.Host.TYPE.read("host", "2001:db8::1"), ONE_HOUR);
        try (JsonStore<String, RuntimeControls> written = JsonStore.at(file, new ControlCodec())) {
            ControlRegistry first = new ControlRegistry(written, clock);
            first.change(QUEUE, ENABLED, present -> all);
            first.change("partners", DISABLED, present -> present.resumed(SERVICE));
        }
        try (JsonStore<String, RuntimeControls> read = JsonStore.at(file, new ControlCodec())) {
            ControlRegistry second = new ControlRegistry(read, clock);
            assertThat(second.of(QUEUE)).isEqualTo(all);
            assertThat(second.of("partners").service()).isEqualTo(new RuntimeControls.Resumed());
        }
    }

    @Test
    void aDamagedFileIsNamedAndLeftAlone() throws Exception {
        Path file = Files.writeString(directory.resolve("outgoing-controls.json"), "{}");
        try (JsonStore<String, RuntimeControls> damaged = JsonStore.at(file, new ControlCodec())) {
            ControlRegistry broken = new ControlRegistry(damaged, clock);
            assertThatThrownBy(() -> broken.change(QUEUE, ENABLED, present -> present.suspended(SERVICE, FOR_EVER)))
                    .isInstanceOf(UnusableException.class)
                    .hasMessageContaining(file.toString());
        }
        assertThat(file).hasContent("{}");
    }
}
