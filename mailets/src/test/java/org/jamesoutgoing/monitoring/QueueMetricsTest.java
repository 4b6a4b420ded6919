/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.time.Instant;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.smtp.PoolStatistics;
import org.junit.jupiter.api.Test;

/** What is registered with James, and what becomes of it. */
class QueueMetricsTest {

    private final MetricRegistry registry = new MetricRegistry();
    private final QueueMetrics.Source james =
            new QueueMetrics.Source(new RecordingMetricFactory(), new JamesGauges(registry), registry);

    /** As James's own: a name that is taken stays as it is. */
    private record JamesGauges(MetricRegistry registry) implements GaugeRegistry {
        @Override
        public <T> GaugeRegistry register(String name, org.apache.james.metrics.api.Gauge<T> gauge) {
            registry.gauge(name, () -> (Gauge<T>) gauge::get);
            return this;
        }

        @Override
        public <T> SettableGauge<T> settableGauge(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private Object value(String name) {
        return registry.getGauges().get(name).getValue();
    }

    @Test
    void theConnectionsOfAQueueAreShown() {
        james.of("outgoing").connections(() -> new PoolStatistics(7, 3, 2, 99));

        assertThat(value("outgoing.outgoing.connections.open")).isEqualTo(7);
        assertThat(value("outgoing.outgoing.connections.idle")).isEqualTo(3);
        assertThat(value("outgoing.outgoing.connections.waiting")).isEqualTo(2);
    }

    @Test
    void theMailsOfAQueueAreShownByState() throws Exception {
        QueueLedger ledger = new QueueLedger(() -> 0);
        james.of("outgoing").queue(ledger);
        MailState state = MailState.admitted(
                "id",
                "mail",
                Instant.EPOCH,
                List.of(new MailAddress("bob@example.org"), new MailAddress("al@b.example")));
        MailImpl mail =
                MailImpl.builder().name("mail").sender("alice@example.com").build();
        mail.setMessage(
                MimeMessageBuilder.mimeMessageBuilder().setText("Hello.").build());
        ledger.put(QueueState.HELD, ListedMail.of(mail, state, ""));

        assertThat(value("outgoing.outgoing.mails.held")).isEqualTo(1L);
        assertThat(value("outgoing.outgoing.bytes.held")).isEqualTo(mail.getMessageSize());
        assertThat(value("outgoing.outgoing.mails.deferred")).isEqualTo(0L);
        assertThat(value("outgoing.outgoing.unread")).isEqualTo(0L);
        assertThat(registry.getGauges())
                .as("two for each state, and what is unread")
                .hasSize(11);
    }

    @Test
    void aServiceThatStartsAgainShowsItsOwn() {
        james.of("q").gauge("connections.open", () -> 1);
        james.of("q").gauge("connections.open", () -> 2);

        assertThat(value("outgoing.q.connections.open")).isEqualTo(2);
    }

    @Test
    void whatStopsShowsNothing() {
        QueueMetrics stopped = james.of("stopped");
        stopped.gauge("connections.open", () -> 1);
        james.of("runs").gauge("connections.open", () -> 1);

        stopped.close();

        assertThat(registry.getGauges().keySet()).containsExactly("outgoing.runs.connections.open");
    }

    @Test
    void timersAndCountersAreThereFromTheStartAndOutliveTheService() {
        QueueMetrics metrics = james.of("q");
        metrics.attempts();
        metrics.close();

        assertThat(registry.getTimers().keySet())
                .containsExactly(
                        "outgoing.q.time.connect",
                        "outgoing.q.time.dns",
                        "outgoing.q.time.queue",
                        "outgoing.q.time.tls",
                        "outgoing.q.time.transaction");
    }

    @Test
    void anOddQueueNameMakesAPlainMetricName() {
        james.of("Weird queue.7").gauge("x", () -> 1);

        assertThat(registry.getGauges().keySet()).containsExactly("outgoing.weird_queue_7.x");
    }
}
