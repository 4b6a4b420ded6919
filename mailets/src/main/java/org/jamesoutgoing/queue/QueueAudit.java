/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueItemView;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the ledger with what is really in the outgoing queue: after a restart, which forgets what was queued, and
 * now and then, since James's own webadmin lets people delete from the queue and clear it. A queue that cannot be browsed
 * is believed to hold what was put into it.
 *
 * <p>Mail that was put there by somebody else has no identity before it is taken; it is counted from then on.
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
        Set<String> before = queued();
        ledger.startAudit();
        try {
            Set<String> seen = browse(manageable);
            before.removeAll(seen);
            for (String gone : before) {
                ledger.find(gone)
                        .filter(mail -> mail.state() == QueueState.QUEUED)
                        .ifPresent(mail -> ledger.end(mail.facts().stamp()));
            }
            if (!before.isEmpty()) {
                LOGGER.info(
                        "{} mails are no longer in queue {}",
                        before.size(),
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

    private Set<String> browse(ManageableMailQueue manageable) throws Exception {
        Set<String> seen = new HashSet<>();
        ManageableMailQueue.MailQueueIterator items = manageable.browse();
        try {
            for (Iterator<MailQueueItemView> rest = items; rest.hasNext(); ) {
                Mail mail = rest.next().getMail();
                MailState state = MailStateCodec.read(mail, clock.instant());
                if (mail.getAttribute(MailStateCodec.ATTRIBUTE).isPresent()
                        && state.stamp().sequence() == 0
                        && !state.recipients().isEmpty()) {
                    seen.add(state.stamp().id());
                    ledger.seenInQueue(Waiting.of(
                            mail,
                            state,
                            routes.destinationOf(state.recipients()
                                            .get(0)
                                            .getDomain()
                                            .asString())
                                    .key()));
                }
            }
        } finally {
            items.close();
        }
        return seen;
    }
}
