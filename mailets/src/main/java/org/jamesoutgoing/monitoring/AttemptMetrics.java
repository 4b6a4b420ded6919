/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.AttemptListener;
import org.jamesoutgoing.delivery.AttemptReport;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.dsn.reason.ReasonClass;
import org.jamesoutgoing.queue.MailState;

/**
 * Counts attempts and what came of them, and how long it took. Attempts are counted by mail, everything else by recipient.
 * The names are documented in {@code conf/OPERATING.md}, and stay; they are as many as there are classes of reasons, whatever comes from
 * the network.
 */
public final class AttemptMetrics implements AttemptListener {

    private final MetricFactory james;
    /** RemoteDelivery's, on which dashboards may stand. */
    private final Metric outgoingMails;

    private final Metric attempts;
    private final Metric accepted;
    private final ByReason deferred;
    private final ByReason failed;
    private final Metric expired;
    private final Consumer<Duration> inQueue;
    private final Consumer<Duration> dns;
    private final Consumer<Duration> connect;
    private final Consumer<Duration> tls;
    private final Consumer<Duration> transaction;

    private static final class ByReason {
        private final Metric all;
        private final Map<ReasonClass, Metric> classes = new EnumMap<>(ReasonClass.class);

        ByReason(MetricFactory james, String name) {
            all = james.generate(name);
            // All at once, so that the first of a class is an increase and not a beginning.
            for (ReasonClass reason : ReasonClass.values()) {
                classes.put(reason, james.generate(name + "." + reason.word()));
            }
        }

        void count(RecipientReport outcome) {
            all.increment();
            classes.get(outcome.reasonClass()).increment();
        }
    }

    /**
     * @param prefix of all names, without the dot: {@code outgoing.<queue>}
     * @param timers a timer by its name
     */
    public AttemptMetrics(String prefix, MetricFactory james, Function<String, Consumer<Duration>> timers) {
        this.james = james;
        this.outgoingMails = james.generate("outgoingMails");
        this.attempts = james.generate(prefix + ".attempts");
        this.accepted = james.generate(prefix + ".accepted");
        this.deferred = new ByReason(james, prefix + ".deferred");
        this.failed = new ByReason(james, prefix + ".failed");
        this.expired = james.generate(prefix + ".expired");
        this.inQueue = timers.apply(prefix + ".time.queue");
        this.dns = timers.apply(prefix + ".time.dns");
        this.connect = timers.apply(prefix + ".time.connect");
        this.tls = timers.apply(prefix + ".time.tls");
        this.transaction = timers.apply(prefix + ".time.transaction");
    }

    @Override
    public Timing started() {
        TimeMetric timer = james.timer("RemoteDeliveryTrial");
        return timer::stopAndPublish;
    }

    @Override
    public void finished(Mail mail, MailState state, AttemptReport report, Optional<Instant> nextAttempt) {
        Duration age = Duration.between(state.acceptedAt(), report.at());
        List<RecipientReport> acceptedNow = report.of(Outcome.ACCEPTED);
        acceptedNow.forEach(outcome -> end(accepted, age));
        if (!acceptedNow.isEmpty()) {
            outgoingMails.increment();
        }
        report.of(Outcome.FAILED).forEach(outcome -> {
            failed.count(outcome);
            inQueue.accept(age);
        });
        for (RecipientReport outcome : report.of(Outcome.DEFERRED)) {
            if (report.attempted()) {
                deferred.count(outcome);
            }
            if (nextAttempt.isEmpty()) {
                end(expired, age);
            }
        }
        if (report.attempted()) {
            attempts.increment();
            record(dns, report.dns());
            record(connect, report.timings().connect());
            record(tls, report.timings().tls());
            record(transaction, report.timings().transaction());
        }
    }

    /** The last that happens to a recipient. */
    private void end(Metric metric, Duration age) {
        metric.increment();
        inQueue.accept(age);
    }

    /** What was not done took no time, and does not count. */
    private static void record(Consumer<Duration> timer, Duration time) {
        if (!time.isZero()) {
            timer.accept(time);
        }
    }
}
