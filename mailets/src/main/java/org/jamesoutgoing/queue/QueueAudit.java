/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the ledger with what is really in the outgoing queue: after a restart, which forgets what was queued, and
 * now and then, since James's own webadmin lets people delete from the queue and clear it. A queue that cannot be browsed
 * is believed to hold what was put into it.
 *
 * <p>A queue may have more mails than can be browsed: James's memory queue does not show those that it has ready to be taken.
 * So of the mails that were not seen no more are regarded as gone than the size of the queue is too small by.
 *
 * <p>Mail that was put there by somebody else has no id of ours before it is taken; it is counted from then on.
 */
public final class QueueAudit {

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueAudit.class);

    private final MailQueue queue;
    private final QueueLedger ledger;
    private final RoutingTable routes;
    private final Clock clock;

    public QueueAudit(MailQueue queue, QueueLedger ledger, RoutingTable routes, Clock clock) {
        this.queue = queue;
        this.ledger = ledger;
        this.routes = routes;
        this.clock = clock;
    }

    /** Reads through the whole queue; blocks that long. One at a time. */
    public synchronized void run() {
        if (!(queue instanceof ManageableMailQueue manageable)) {
            return;
        }
        Set<String> missing = queued();
        ledger.startAudit();
        try {
            long foreign = browse(manageable, missing);
            long gone = Math.min(missing.size(), Math.max(0, expected() + foreign - manageable.getSize()));
            missing.stream().limit(gone).forEach(this::forget);
            if (gone > 0) {
                LOGGER.info(
                        "{} mails are no longer in queue {}",
                        gone,
                        queue.getName().asString());
            }
        } catch (Exception e) {
            LOGGER.debug("queue {} cannot be browsed", queue.getName().asString(), e);
        } finally {
            ledger.endAudit();
        }
    }

    private Set<String> queued() {
        Set<String> queued = new HashSet<>();
        for (ListedMail mail : ledger.mails("")) {
            if (mail.state() == QueueState.QUEUED) {
                queued.add(mail.id());
            }
        }
        return queued;
    }

    /** How many mails the queue has if the ledger is right, those included that are being delivered out of it. */
    private long expected() {
        return ledger.mails("").stream()
                .filter(mail -> mail.state() == QueueState.QUEUED
                        || (mail.state() == QueueState.ACTIVE && mail.recordId().sequence() == 0))
                .count();
    }

    private void forget(String id) {
        ledger.find(id)
                .filter(mail -> mail.state() == QueueState.QUEUED)
                .ifPresent(mail -> ledger.end(mail.recordId()));
    }

    /**
     * @param missing loses what is seen
     * @return how many mails have no id of ours
     */
    private long browse(ManageableMailQueue manageable, Set<String> missing) throws Exception {
        long foreign = 0;
        ManageableMailQueue.MailQueueIterator items = manageable.browse();
        try {
            while (items.hasNext()) {
                Mail mail = items.next().getMail();
                Optional<MailState> ours = stateOf(mail);
                if (ours.isEmpty()) {
                    foreign++;
                    continue;
                }
                MailState state = ours.get();
                missing.remove(state.recordId().id());
                ledger.seenInQueue(ListedMail.of(mail, state, destinationOf(state)));
            }
        } finally {
            items.close();
        }
        return foreign;
    }

    /** Empty: it has no identity of ours, or none that can be read. */
    private Optional<MailState> stateOf(Mail mail) {
        if (mail.getAttribute(MailStateCodec.ATTRIBUTE).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MailStateCodec.read(mail, clock.instant()))
                    .filter(state -> state.recordId().sequence() == 0
                            && !state.recipients().isEmpty());
        } catch (MailStateCodec.NewerFormatException e) {
            return Optional.empty();
        }
    }

    private String destinationOf(MailState state) {
        return routes.destinationOf(state.recipients().get(0).getDomain().asString())
                .key();
    }
}
