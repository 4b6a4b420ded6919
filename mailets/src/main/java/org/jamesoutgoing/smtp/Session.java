/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is ready for mail, with what it has learnt about the host. Runs one transaction after the other; with
 * PIPELINING and mail waiting, the next one's envelope leaves in the same write as the end of the last one's message (RFC
 * 2920 §3.1), so that a busy connection never idles for a round trip. That is at most two transactions at a time.
 *
 * <p>Confined to the connection's event loop, but for {@link #run}, {@link #quit} and {@link #abort}.
 */
final class Session implements Connection.Owner {

    private static final Logger LOGGER = LoggerFactory.getLogger(Session.class);

    private final Connection connection;
    private final Capabilities capabilities;
    private final Optional<String> tls;
    private final Optional<PlaintextFallback> fallback;
    private final ConnectionKey key;
    private final PoolSettings settings;
    private final int maxMails;
    private final Duration quitTimeout;
    private final ConnectionPool pool;
    private final BlockingCalls calls;
    private final RollingTimeout deadline;
    /** In the order of their commands; the first is the one whose deadline runs. */
    private final Deque<Transaction> transactions = new ArrayDeque<>(2);
    /** Mails between two transactions: the host took only some of the recipients (RFC 5321 §4.5.3.1.10). */
    private final Deque<HostDelivery> unfinished = new ArrayDeque<>();

    private Future<?> idleTimer;
    private int begun;
    private boolean dirty;
    private boolean idle;
    private boolean quitting;
    private boolean gone;

    Session(
            Handshake.Opened opened,
            ConnectionKey key,
            ConnectionSettings settings,
            ConnectionPool pool,
            Executor blocking) {
        this.connection = opened.connection();
        this.capabilities = opened.capabilities();
        this.tls = opened.tls();
        this.fallback = opened.fallback();
        this.key = key;
        this.settings = settings.pool();
        // The next mail tries TLS again.
        this.maxMails = fallback.isPresent() ? 1 : this.settings.maxMailsPerConnection();
        this.quitTimeout = settings.timeouts().quit();
        this.pool = pool;
        this.calls = new BlockingCalls(blocking, this::later);
        this.deadline = new RollingTimeout(connection.eventLoop(), this::deadlineOver);
        connection.owner(this);
    }

    Connection connection() {
        return connection;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    Optional<PlaintextFallback> fallback() {
        return fallback;
    }

    ConnectionKey key() {
        return key;
    }

    BlockingCalls calls() {
        return calls;
    }

    /** Transactions begun, for the pool's fairness. */
    int begun() {
        return begun;
    }

    // ---- mails

    /** Delivers a mail; from any thread, on a session that has nothing to do. */
    void run(HostDelivery delivery) {
        later(() -> {
            stopIdling();
            if (!connection.isLost()) {
                begin(delivery);
            } else if (begun > 0) {
                // It died while it was idle.
                pool.submit(delivery);
            } else {
                // A host that closes after its greeting must not be tried for ever.
                delivery.connected();
                delivery.defer(connection.failure(), Optional.of(connection.remote()));
            }
        });
    }

    private void begin(HostDelivery delivery) {
        begun++;
        delivery.onSession(capabilities, tls);
        delivery.stopwatch().transaction().begin();
        Transaction transaction = new Transaction(this, delivery, !transactions.isEmpty());
        transactions.add(transaction);
        if (transactions.size() == 1) {
            connection.enter(TransactionStage.MAIL);
            startClock();
        }
        transaction.begin();
    }

    private void startClock() {
        HostDelivery current = transactions.element().delivery();
        deadline.set(current.timeouts().transactionFor(current.content().size()));
    }

    private void deadlineOver() {
        connection.fail(ConnectionFailure.of(connection.stage(), "the deadline of the transaction is over"));
    }

    /**
     * Whether RSET must go ahead of a MAIL.
     *
     * @param behind whether it goes behind another transaction's last command
     */
    boolean mustReset(boolean behind) {
        // RFC 3030 §2: if the BDAT before it fails, only RSET gets the host out of that transaction.
        return (behind && transactions.size() > 1) ? transactions.element().usesBdat() : dirty;
    }

    /** The end of a message is in the pipeline: what follows may go along with it. */
    void endQueued() {
        if (transactions.size() > 1 || !capabilities.pipelining() || begun >= maxMails) {
            return;
        }
        nextRest().or(() -> pool.nextBehind(this)).ifPresent(this::begin);
    }

    /** A mail with recipients that need one more transaction. */
    private Optional<HostDelivery> nextRest() {
        return transactions.stream()
                .map(Transaction::delivery)
                .filter(HostDelivery::hasUnclaimed)
                .findFirst()
                .or(() -> Optional.ofNullable(unfinished.poll()));
    }

    /** A transaction has come to its end. The last thing it does. */
    void over(Transaction transaction, boolean clean) {
        dirty = !clean;
        overUntouched(transaction);
    }

    /** A transaction has ended, and nothing of it was sent. The last thing it does. */
    void overUntouched(Transaction transaction) {
        boolean wasFirst = transactions.peek() == transaction;
        transactions.remove(transaction);
        HostDelivery delivery = transaction.delivery();
        delivery.stopwatch().transaction().end();
        if (transactions.isEmpty()) {
            deadline.clear();
            // In a turn of its own, for a hundred unsuitable mails in a row must not nest a hundred deep.
            later(() -> goOnAfter(delivery));
            return;
        }
        delivery.finishIfDecided();
        if (delivery.hasUnclaimed() && transactions.element().delivery() != delivery) {
            unfinished.add(delivery);
        }
        if (wasFirst) {
            startClock();
            if (transactions.element().endQueued()) {
                endQueued();
                connection.flush();
            }
        }
    }

    /** The connection is back in the pool before the result is out: who waits for it may have another mail. */
    private void goOnAfter(HostDelivery delivery) {
        if (delivery.hasUnclaimed()) {
            unfinished.addFirst(delivery);
        }
        try {
            goOn();
        } finally {
            delivery.finishIfDecided();
        }
    }

    private void goOn() {
        if (gone) {
            giveBackUnfinished();
        } else if (transactions.isEmpty() && !idle && !quitting && !connection.isLost()) {
            Optional<HostDelivery> rest = nextRest();
            if (rest.isPresent()) {
                begin(rest.get());
                return;
            }
            pool.afterWork(this, begun >= maxMails).run();
        }
    }

    /** Goes on with a mail, in this turn. */
    void goOnWith(HostDelivery delivery) {
        begin(delivery);
    }

    // ---- idle

    /** The pool has it back. */
    void startIdling() {
        idle = true;
        connection.awaitNothing();
        idleTimer = connection
                .eventLoop()
                .schedule(this::idledEnough, settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void idledEnough() {
        if (pool.withdraw(this)) {
            quit();
        }
    }

    private void stopIdling() {
        idle = false;
        if (idleTimer != null) {
            idleTimer.cancel(false);
            idleTimer = null;
        }
    }

    // ---- the end

    /** RFC 5321 §4.1.1.10; from any thread, on a session that has nothing to do. */
    void quit() {
        later(() -> {
            stopIdling();
            quitting = true;
            connection.queue(Command.line(
                            TransactionStage.LOCAL,
                            "QUIT",
                            "QUIT",
                            quitTimeout,
                            reply -> connection.fail(quitAnswered()))
                    .endingGroup());
            connection.flush();
        });
    }

    private static ConnectionFailure quitAnswered() {
        return ConnectionFailure.of(TransactionStage.LOCAL, "QUIT");
    }

    /** Closes whatever it is doing; from any thread. */
    void abort(String reason) {
        later(() -> connection.fail(ConnectionFailure.of(TransactionStage.LOCAL, reason)));
    }

    /** Since when the host owes us an answer, by {@link System#nanoTime}; 0: it owes none that could be given up. Any thread. */
    long waitingSince() {
        return connection.waitingSince();
    }

    /** Gives up its mails, unless the host has answered since then; from any thread. */
    void giveUp(long waitingSince, String why) {
        later(() -> {
            if (waitingSince() == waitingSince) {
                transactions.forEach(transaction -> transaction.delivery().giveUp());
                connection.fail(ConnectionFailure.of(connection.stage(), why));
            }
        });
    }

    @Override
    public void writable() {
        Transaction current = transactions.peek();
        if (current != null) {
            current.writable();
        }
    }

    @Override
    public void lost(ConnectionFailure failure) {
        gone = true;
        stopIdling();
        deadline.stop();
        pool.closed(this);
        int before = begun - transactions.size();
        for (Transaction transaction : transactions) {
            HostDelivery delivery = transaction.delivery();
            delivery.stopwatch().transaction().end();
            boolean used = before++ > 0;
            if (used && transaction.untouched(failure) && !delivery.hadSecondChance() && !delivery.isGivenUp()) {
                transaction.abandon();
                unfinished.add(delivery);
            } else {
                transaction.lost(failure);
            }
        }
        transactions.clear();
        giveBackUnfinished();
    }

    /** A connection lost between transactions, or before a reply about the mail, does not count as a try: once. */
    private void giveBackUnfinished() {
        unfinished.stream().distinct().filter(HostDelivery::hasUnclaimed).forEach(delivery -> {
            delivery.takeSecondChance();
            pool.submit(delivery);
        });
        unfinished.clear();
    }

    /** Runs a task in a turn of its own; what goes wrong in it ends this connection and nothing else. */
    private void later(Runnable task) {
        connection.eventLoop().execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOGGER.error("Unexpected trouble with {} at {}", key.hostName(), connection.remote(), e);
                connection.fail(ConnectionFailure.of(TransactionStage.LOCAL, e));
            }
        });
    }
}
