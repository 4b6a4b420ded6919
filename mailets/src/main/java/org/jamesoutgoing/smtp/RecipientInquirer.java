/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Asks hosts whether they would take mail for a recipient, without sending any. Each question is a connection of its own,
 * apart from those that deliver mail. Thread-safe.
 */
public final class RecipientInquirer implements AutoCloseable {

    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final Executor blocking;
    private final EventLoopGroup eventLoops = new NioEventLoopGroup(1, new DefaultThreadFactory("smtp-inquirer", true));
    private final TlsEngines tlsEngines = new TlsEngines();

    /** @param blocking reads secrets from files */
    public RecipientInquirer(Executor blocking) {
        this.blocking = blocking;
    }

    /**
     * Asks one host.
     *
     * @param settings how it is spoken to, TLS and credentials included; {@link Timeouts#transaction()} bounds the whole
     * @param recipient as it would stand in {@code RCPT TO:<>}
     * @return never completes exceptionally; completes on an event loop: what follows must not block
     */
    public CompletableFuture<RecipientAnswer> ask(SmtpHost host, ConnectionSettings settings, String recipient) {
        CompletableFuture<RecipientAnswer> answer = new CompletableFuture<>();
        Envelope envelope = Envelope.of("", recipient);
        EnvelopeCheck.failureOf(envelope.recipients().get(0), envelope)
                .ifPresentOrElse(
                        failure -> answer.complete(new RecipientAnswer.Undecided(failure.text())),
                        () -> open(host, settings, recipient, answer));
        return answer;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Without effect when the connection has ended by then.
    private void open(
            SmtpHost host, ConnectionSettings settings, String recipient, CompletableFuture<RecipientAnswer> answer) {
        Timeouts timeouts = settings.timeouts();
        EventLoop eventLoop = eventLoops.next();
        Connector connector = new Connector(
                host,
                settings,
                eventLoop,
                HEAD_START,
                tlsEngines,
                new BlockingCalls(blocking, eventLoop),
                new Stopwatch(),
                opened -> {
                    RecipientQuestion question = new RecipientQuestion(recipient, timeouts, opened.fallback(), answer);
                    eventLoop.schedule(
                            () -> opened.connection()
                                    .fail(ConnectionFailure.of(TransactionStage.RCPT, "no answer in time")),
                            timeouts.transaction().toMillis(),
                            TimeUnit.MILLISECONDS);
                    question.ask(opened.connection());
                },
                failure -> answer.complete(
                        new RecipientAnswer.Unreachable(failure.failure().detail())));
        try {
            eventLoop.execute(connector::start);
        } catch (RuntimeException e) {
            answer.complete(new RecipientAnswer.Unreachable("the client is closed"));
        }
    }

    /** Stops; questions under way get no answer from the host. Blocks for two seconds at most. */
    @Override
    public void close() {
        eventLoops.shutdownGracefully(0, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2000);
    }
}
