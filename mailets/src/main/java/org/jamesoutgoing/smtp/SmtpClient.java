/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SMTP client (RFC 5321) for a whole service: one set of event loops, one pool of connections to all hosts. No thread waits
 * for a peer, and everything a peer does is bounded in time and memory.
 *
 * <p>Thread-safe.
 */
public final class SmtpClient implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpClient.class);

    /** Longer than any host keeps us waiting: the mail is not given up for others. */
    private static final Duration NEVER_GIVEN_UP = Duration.ofDays(1);

    private final SmtpClientOptions options;
    private final EventLoopGroup eventLoops;
    private final ConnectionPool pool;

    private SmtpClient(SmtpClientOptions options) {
        this.options = options;
        this.eventLoops =
                new NioEventLoopGroup(options.eventLoopThreads(), new DefaultThreadFactory("smtp-client", true));
        this.pool = new ConnectionPool(options, eventLoops);
    }

    public static SmtpClient create(SmtpClientOptions options) {
        return new SmtpClient(options);
    }

    /**
     * Delivers one mail to as many of its recipients as one host, over all of its addresses, takes.
     *
     * <p>Whatever happens is in the result: one outcome for each recipient, in the envelope's order. Recipients that cannot be put
     * on the wire (control characters, over-long addresses, a parameter that is none) fail at {@link TransactionStage#LOCAL} and do not
     * touch the others; a sender that cannot fails them all, as does {@link Envelope#requireTls} with settings that verify nothing.
     *
     * @return never completes exceptionally; completes on the content executor, so that what follows may block. Bounded in
     *     time by {@link PoolSettings#waitTimeout()} and, for the opening of a connection and for each transaction, by
     *     {@link Timeouts#transaction()}. Cancelling it has no effect on the mail
     */
    public CompletableFuture<HostResult> deliver(
            SmtpHost host, ConnectionSettings settings, Envelope envelope, MessageContent content) {
        return deliver(host, settings, envelope, content, NEVER_GIVEN_UP);
    }

    /**
     * The same.
     *
     * @param patience how long a host must have kept us waiting for its next answer, while a connection is opened for this mail, so
     *     that {@link #giveUpLongestWaits} may give it up
     */
    public CompletableFuture<HostResult> deliver(
            SmtpHost host, ConnectionSettings settings, Envelope envelope, MessageContent content, Duration patience) {
        HostDelivery delivery =
                new HostDelivery(host, settings, envelope, content, patience, options.contentExecutor());
        try {
            check(delivery);
            if (delivery.hasUnclaimed()) {
                pool.submit(delivery);
            } else {
                delivery.finishIfDecided();
            }
        } catch (RuntimeException e) {
            // A bug, or an executor that is shut down: the mail waits, it does not bounce.
            LOGGER.error("Unexpected trouble before delivering to {}", host, e);
            delivery.defer(ConnectionFailure.of(TransactionStage.LOCAL, e), Optional.empty());
        }
        return delivery.result();
    }

    private static void check(HostDelivery delivery) {
        Envelope envelope = delivery.envelope();
        EnvelopeCheck.failureOf(envelope, delivery.settings().tls().mode())
                .ifPresent(failure ->
                        delivery.decideAll(HostOutcome.FAILED, TransactionStage.LOCAL, failure, Optional.empty()));
        List<Envelope.Recipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            Optional<LocalFailure> failure = EnvelopeCheck.failureOf(recipients.get(i), envelope);
            if (failure.isPresent()) {
                delivery.decide(i, HostOutcome.FAILED, TransactionStage.LOCAL, failure.get(), Optional.empty());
            }
        }
    }

    /**
     * Makes room for others: ends the tries that have waited longest for an answer of a host, none of which has begun to send its
     * message. Their results say {@link HostResult#givenUp()}.
     *
     * @param most how many connections are given up
     * @param hanging how long each of them must have waited; one that is being opened perhaps less, see {@link #deliver(SmtpHost,
     *     ConnectionSettings, Envelope, MessageContent, Duration)}
     */
    public void giveUpLongestWaits(int most, Duration hanging) {
        pool.giveUpLongestWaits(most, hanging);
    }

    /** The state of the pool, for metrics. */
    public PoolStatistics statistics() {
        return pool.statistics();
    }

    /** The connections by host name; hosts without any, and without mail that waits for one, are not there. */
    public Map<String, HostConnections> connectionsByHost() {
        return pool.connectionsByHost();
    }

    /**
     * Stops. Mails that wait for a connection, and later ones, are deferred at once; those being sent have
     * {@link SmtpClientOptions#closeTimeout()} to come to their end and are deferred then; idle connections say QUIT. Blocks
     * for that time and at most two seconds more; not to be called from a result's own stage.
     */
    @Override
    public void close() {
        pool.close(options.closeTimeout());
        eventLoops.shutdownGracefully(0, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2000);
    }
}
