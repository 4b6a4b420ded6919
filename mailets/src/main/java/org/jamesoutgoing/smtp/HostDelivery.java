/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What is known about delivering one mail to one host: which recipients are decided, which are in a transaction, which still
 * need one. A recipient is decided once; what is said about it later does not count.
 *
 * <p>Belongs to one owner at a time: the caller of {@link SmtpClient#deliver}, the pool, then the event loop of its
 * connection. The pool's lock hands it over.
 */
final class HostDelivery {

    private final SmtpHost host;
    private final ConnectionSettings settings;
    private final Envelope envelope;
    private final MessageContent content;
    private final Duration patience;
    private final Executor executor;
    private final ConnectionKey key;
    private final CompletableFuture<HostResult> result = new CompletableFuture<>();
    private final RecipientResult[] decided;
    private final boolean[] claimed;
    private final Stopwatch stopwatch = new Stopwatch();

    private boolean connected;
    private boolean dsnOffered;
    private Optional<String> tls = Optional.empty();
    private boolean givenUp;
    private boolean secondChance;
    private boolean finished;
    private Future<?> waitTimer;

    /** @param executor completes the result, so that what hangs on it does not run on an event loop */
    HostDelivery(
            SmtpHost host,
            ConnectionSettings settings,
            Envelope envelope,
            MessageContent content,
            Duration patience,
            Executor executor) {
        this.host = host;
        this.settings = settings;
        this.envelope = envelope;
        this.content = content;
        this.patience = patience;
        this.executor = executor;
        this.key = ConnectionKey.of(host, settings);
        this.decided = new RecipientResult[envelope.recipients().size()];
        this.claimed = new boolean[decided.length];
    }

    SmtpHost host() {
        return host;
    }

    ConnectionSettings settings() {
        return settings;
    }

    Timeouts timeouts() {
        return settings.timeouts();
    }

    Envelope envelope() {
        return envelope;
    }

    MessageContent content() {
        return content;
    }

    /** How long its host may keep others waiting while a connection is opened. */
    Duration patience() {
        return patience;
    }

    ConnectionKey key() {
        return key;
    }

    Stopwatch stopwatch() {
        return stopwatch;
    }

    CompletableFuture<HostResult> result() {
        return result;
    }

    // ---- recipients

    /** Takes the next recipients, by their index, that are neither decided nor in a transaction. */
    List<Integer> claim(int most) {
        List<Integer> batch = new ArrayList<>();
        for (int i = 0; i < decided.length && batch.size() < most; i++) {
            if (free(i)) {
                claimed[i] = true;
                batch.add(i);
            }
        }
        return batch;
    }

    /** Gives a recipient back that was not decided in its transaction. */
    void unclaim(int recipient) {
        claimed[recipient] = false;
    }

    boolean hasUnclaimed() {
        for (int i = 0; i < decided.length; i++) {
            if (free(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean free(int recipient) {
        return !claimed[recipient] && decided[recipient] == null;
    }

    /** Only what was decided first about a recipient counts. */
    void decide(
            int recipient,
            HostOutcome outcome,
            TransactionStage stage,
            Optional<Reply> reply,
            String detail,
            Optional<InetSocketAddress> remote) {
        decide(recipient, outcome, stage, reply, Optional.empty(), detail, remote);
    }

    /** The same, when it is we who say it. */
    void decide(
            int recipient,
            HostOutcome outcome,
            TransactionStage stage,
            LocalFailure failure,
            Optional<InetSocketAddress> remote) {
        decide(recipient, outcome, stage, Optional.empty(), Optional.of(failure.status()), failure.text(), remote);
    }

    /** The same, when it is the host who says it, but our code says more. */
    void decide(
            int recipient,
            HostOutcome outcome,
            TransactionStage stage,
            Reply reply,
            String status,
            String detail,
            Optional<InetSocketAddress> remote) {
        decide(recipient, outcome, stage, Optional.of(reply), Optional.of(status), detail, remote);
    }

    private void decide(
            int recipient,
            HostOutcome outcome,
            TransactionStage stage,
            Optional<Reply> reply,
            Optional<String> status,
            String detail,
            Optional<InetSocketAddress> remote) {
        if (decided[recipient] == null) {
            String address = envelope.recipients().get(recipient).address();
            decided[recipient] = new RecipientResult(address, outcome, stage, reply, status, detail, remote);
        }
    }

    void decideAll(
            HostOutcome outcome,
            TransactionStage stage,
            Optional<Reply> reply,
            String detail,
            Optional<InetSocketAddress> remote) {
        for (int i = 0; i < decided.length; i++) {
            decide(i, outcome, stage, reply, detail, remote);
        }
    }

    void decideAll(
            HostOutcome outcome, TransactionStage stage, LocalFailure failure, Optional<InetSocketAddress> remote) {
        for (int i = 0; i < decided.length; i++) {
            decide(i, outcome, stage, failure, remote);
        }
    }

    /** Everything that is undecided is deferred, and that is the result. */
    void defer(ConnectionFailure failure, Optional<InetSocketAddress> remote) {
        decideAll(HostOutcome.DEFERRED, failure.stage(), failure.reply(), failure.detail(), remote);
        finishIfDecided();
    }

    /** Hands the result out when there is nothing more to decide. */
    void finishIfDecided() {
        if (!finished && Arrays.stream(decided).allMatch(Objects::nonNull)) {
            finished = true;
            HostResult hostResult =
                    new HostResult(connected, List.of(decided), dsnOffered, tls, givenUp, stopwatch.timings());
            try {
                executor.execute(() -> result.complete(hostResult));
            } catch (RejectedExecutionException e) {
                result.complete(hostResult);
            }
        }
    }

    // ---- connections

    void connected() {
        connected = true;
    }

    /** Its try is given up to make room for others. */
    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    boolean dsnOffered() {
        return dsnOffered;
    }

    void onSession(Capabilities capabilities, Optional<String> sessionTls) {
        connected = true;
        dsnOffered = capabilities.dsn() && settings.dsn();
        tls = sessionTls;
    }

    /**
     * Whether a connection that had been used before, and was lost before it said anything about this mail, has cost it
     * nothing yet: it gets a new connection, once.
     */
    boolean hadSecondChance() {
        return secondChance;
    }

    void takeSecondChance() {
        secondChance = true;
    }

    void waitTimer(Future<?> timer) {
        waitTimer = timer;
    }

    void stopWaiting() {
        if (waitTimer != null) {
            waitTimer.cancel(false);
            waitTimer = null;
        }
    }
}
