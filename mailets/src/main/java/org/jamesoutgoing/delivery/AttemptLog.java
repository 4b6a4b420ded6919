/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.routing.AddressLiterals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One INFO line an attempt, with stable {@code key=value} fields; and the metrics that RemoteDelivery has. */
public final class AttemptLog implements AttemptListener {

    private static final Logger LOGGER = LoggerFactory.getLogger("org.jamesoutgoing.attempt");
    private static final int MAX_RECIPIENTS = 5;

    private final Metric outgoingMails;
    private final MetricFactory metrics;

    public AttemptLog(MetricFactory metrics) {
        this.metrics = metrics;
        this.outgoingMails = metrics.generate("outgoingMails");
    }

    @Override
    public Timing started() {
        TimeMetric timer = metrics.timer("RemoteDeliveryTrial");
        return timer::stopAndPublish;
    }

    @Override
    public void finished(MailState state, AttemptReport report, Optional<Instant> nextAttempt) {
        if (!report.of(Outcome.Verdict.ACCEPTED).isEmpty()) {
            outgoingMails.increment();
        }
        if (!LOGGER.isInfoEnabled()) {
            return;
        }
        for (Outcome.Verdict verdict : Outcome.Verdict.values()) {
            var outcomes = report.of(verdict);
            if (!outcomes.isEmpty()) {
                Outcome first = outcomes.get(0);
                LOGGER.info(
                        "mail={} to={}{} outcome={} status={} nexthop={} host={} tls={} attempt={} next={} reason=\"{}\"",
                        state.name(),
                        outcomes.stream()
                                .limit(MAX_RECIPIENTS)
                                .map(outcome -> AddressLiterals.onTheWire(outcome.recipient()))
                                .collect(Collectors.joining(",")),
                        outcomes.size() > MAX_RECIPIENTS ? "+" + (outcomes.size() - MAX_RECIPIENTS) : "",
                        verdict.name().toLowerCase(java.util.Locale.ROOT),
                        first.status(),
                        report.nextHop(),
                        first.asked().orElse("-"),
                        report.tls().map(tls -> tls.replace(' ', '/')).orElse("-"),
                        state.attempts(),
                        verdict == Outcome.Verdict.DEFERRED
                                ? nextAttempt.map(Instant::toString).orElse("never")
                                : "-",
                        first.reason().replace('"', '\''));
            }
        }
    }
}
