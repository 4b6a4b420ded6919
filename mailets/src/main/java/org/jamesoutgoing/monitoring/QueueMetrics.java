/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.inject.Inject;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.smtp.PoolStatistics;

/**
 * The metrics of one service among James's own: its names begin with {@code outgoing.<queue>}. Thread-safe.
 *
 * <p>James's interfaces can neither take a gauge back nor time what lies behind; the registry under them can.
 */
public final class QueueMetrics {

    private final Source james;
    private final String prefix;
    private final List<String> gauges = new ArrayList<>();

    /** James's metrics. */
    public static final class Source {
        private final MetricFactory factory;
        private final GaugeRegistry gauges;
        private final MetricRegistry registry;

        @Inject
        Source(MetricFactory factory, GaugeRegistry gauges, MetricRegistry registry) {
            this.factory = factory;
            this.gauges = gauges;
            this.registry = registry;
        }

        public QueueMetrics of(String queue) {
            return new QueueMetrics(this, queue);
        }
    }

    private QueueMetrics(Source james, String queue) {
        this.james = james;
        this.prefix = "outgoing." + queue.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
    }

    public AttemptMetrics attempts() {
        return new AttemptMetrics(prefix, james.factory, this::timer);
    }

    private Consumer<Duration> timer(String name) {
        return james.registry.timer(name)::update;
    }

    public void connections(Supplier<PoolStatistics> pool) {
        gauge("connections.open", () -> pool.get().open());
        gauge("connections.idle", () -> pool.get().idle());
        gauge("connections.waiting", () -> pool.get().waiting());
    }

    /** The mails of the ledger. */
    public void queue(QueueLedger ledger) {
        for (QueueState state : QueueState.values()) {
            gauge("mails." + state.word(), () -> ledger.usage(state).mails());
            gauge("bytes." + state.word(), () -> ledger.usage(state).octets());
        }
        gauge("unread", ledger::unread);
    }

    /**
     * Shows a number of now, until {@link #close}; in the place of what an earlier service of this queue showed.
     *
     * @param name without the prefix
     * @param value asked by any thread; must not block on what James gives us
     */
    public synchronized void gauge(String name, Supplier<? extends Number> value) {
        String full = prefix + "." + name;
        james.registry.remove(full);
        james.gauges.register(full, value::get);
        gauges.add(full);
    }

    /** Takes the gauges back: what they show is gone. Counters and timers stay. */
    public synchronized void close() {
        gauges.forEach(james.registry::remove);
        gauges.clear();
    }
}
