/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the queue within its limits while the service runs: admits what came when it was full, says when it becomes full,
 * has the ledger compared with the outgoing queue, and what could not be read tried again. On a thread of its own: reading
 * takes its time.
 */
public final class QueueKeeper implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueKeeper.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration BETWEEN_AUDITS = Duration.ofMinutes(5);
    /** A full queue is looked at more often: somebody may have emptied it by James's own means. */
    private static final Duration BETWEEN_AUDITS_WHEN_FULL = Duration.ofSeconds(10);

    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final QueueAudit audit;
    private final FullnessAlarm alarm;
    private final Supplier<QueueLimits> limits;
    private final ScheduledExecutorService thread;
    /** Rounds since the last audit. */
    private long rounds = BETWEEN_AUDITS.toSeconds();

    /** @param thread does its rounds, and is shut down with it */
    public QueueKeeper(
            WaitingRoom waitingRoom,
            QueueLedger ledger,
            QueueAudit audit,
            FullnessAlarm alarm,
            Supplier<QueueLimits> limits,
            ScheduledExecutorService thread) {
        this.waitingRoom = waitingRoom;
        this.ledger = ledger;
        this.audit = audit;
        this.alarm = alarm;
        this.limits = limits;
        this.thread = thread;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // round() lets nothing out.
    public void start() {
        thread.scheduleWithFixedDelay(this::round, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            QueueLimits now = limits.get();
            QueueUsage usage = ledger.usage();
            alarm.observe(now.fullness(usage), usage, now);
            Duration between = alarm.level() == FullnessAlarm.Level.FULL ? BETWEEN_AUDITS_WHEN_FULL : BETWEEN_AUDITS;
            if (rounds++ >= between.dividedBy(ROUND)) {
                rounds = 0;
                audit.run();
            }
            waitingRoom.admitOverflow(now.forOverflow());
            waitingRoom.readAgain();
        } catch (RuntimeException e) {
            LOGGER.error("unexpected trouble while looking after the queue; it goes on", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
