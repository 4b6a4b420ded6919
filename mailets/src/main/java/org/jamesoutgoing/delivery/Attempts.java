/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jamesoutgoing.delivery.Lane.Standing;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts attempts, as many as may be under way, and has what came of them settled. A host that keeps silent while others need
 * the place gives way to them. On the dispatcher's thread only.
 */
final class Attempts {

    private static final Logger LOGGER = LoggerFactory.getLogger(Attempts.class);

    /**
     * How long a next hop that nothing is known of may keep others waiting for its answer. Longer makes good mail wait beside many
     * silent hosts, shorter has more slow hosts asked twice.
     */
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(500);
    /** How long such a next hop is left alone after it was given up. */
    private static final Duration GAVE_WAY = Duration.ofSeconds(5);
    /** How long any other next hop may keep others waiting. Not to answer within it is the end of the attempt. */
    static final Duration HANGING = Duration.ofSeconds(10);

    private final WaitingRoom waitingRoom;
    private final Transport transport;
    private final MailPriorities priorities;
    private final AttemptListener listener;
    private final ActiveSet active;
    private final Lanes lanes;
    private final SettlementWriter writer;
    private final DispatcherThread thread;
    private final Clock clock;

    Attempts(
            Dispatcher.Tools tools,
            ActiveSet active,
            Lanes lanes,
            SettlementWriter writer,
            DispatcherThread thread,
            Clock clock) {
        this.waitingRoom = tools.waitingRoom();
        this.transport = tools.transport();
        this.priorities = tools.priorities();
        this.listener = tools.listener();
        this.active = active;
        this.lanes = lanes;
        this.writer = writer;
        this.thread = thread;
        this.clock = clock;
    }

    /** Starts what may start. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // An attempt never fails, and the dispatcher guards what is done then.
    void startReady() {
        while (!thread.isStopping()) {
            Lanes.Started started = lanes.startNext(active.shares).orElse(null);
            if (started == null) {
                return;
            }
            AttemptListener.Timing timing = listener.started();
            boolean unknown = started.lane().standing() == Standing.NEW;
            Duration patience = unknown ? FIRST_PATIENCE : HANGING;
            new Attempt(started.mail(), transport, priorities, patience, thread.ioThreads(), clock)
                    .start()
                    .thenAccept(report -> {
                        timing.stop();
                        thread.execute(() -> finished(started, unknown, report));
                    });
        }
    }

    /** @param unknown whether nothing was known of the next hop when it was started */
    private void finished(Lanes.Started started, boolean unknown, AttemptReport report) {
        Instant now = clock.instant();
        ActiveMail mail = started.mail();
        Lane lane = started.lane();
        boolean rested = lane.isResting(now);
        lane.finished(mail, report, now);
        active.attemptEnded();
        if (lane.isUnreachable() || (report.givenUp() && lane.standing() == Standing.SILENT)) {
            lane.clear().forEach(writer::setAside);
        }
        if (!rested && lane.isResting(now)) {
            lanes.destinationsOf(lane).forEach(waitingRoom::cannotBeTried);
        }
        if (unknown && report.givenUp() && report.isWithoutReply()) {
            lane.giveWay(now.plus(GAVE_WAY));
            LOGGER.info(
                    "mail={} next hop {} kept it waiting for an answer while others needed the place; it waits",
                    mail.state.name(),
                    report.nextHop());
            writer.setAside(mail, now.plus(GAVE_WAY));
        } else if (thread.isStopping() && report.isWithoutReply() && mail.isLastAttempt(now)) {
            // The stop has ended its last attempt: it shall have another one.
            writer.giveBack(mail);
        } else {
            writer.settle(mail, report);
        }
        lanes.ready(lane);
        active.letWaitingIn();
        startReady();
    }

    /** Has the hosts give way that keep others waiting longest. */
    void makeRoom(int wanted) {
        if (wanted > 0) {
            transport.giveUpLongestWaits(Math.min(wanted, active.shares.aFew()), HANGING);
        }
    }
}
