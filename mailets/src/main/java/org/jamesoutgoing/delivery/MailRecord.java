/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.ArrayList;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps an active mail safe until it is settled: an item of the outgoing queue, or an entry of the waiting room. */
sealed interface MailRecord {

    /** The mail is settled, its record may go. Blocks; may be repeated when it failed. */
    void acknowledge() throws MessagingException;

    /** The mail was not attempted, or what came of it is not recorded: as if it had not been taken. Blocks. */
    void giveBack();

    /** Items of the queue: more than one when the broker delivered the mail again while we had it. */
    final class Queued implements MailRecord {
        private static final Logger LOGGER = LoggerFactory.getLogger(Queued.class);

        private final List<MailQueueItem> items = new ArrayList<>();

        Queued(MailQueueItem item) {
            items.add(item);
        }

        synchronized void add(MailQueueItem item) {
            items.add(item);
        }

        /**
         * When the broker does not take the acknowledgement, it has dropped the connection that the item came by, and
         * will deliver the mail again: the dispatcher remembers it and acknowledges that copy.
         */
        @Override
        public synchronized void acknowledge() {
            complete(CompletionStatus.SUCCESS);
        }

        @Override
        public synchronized void giveBack() {
            complete(CompletionStatus.RETRY);
        }

        private void complete(CompletionStatus status) {
            for (MailQueueItem item : items) {
                try {
                    item.done(status);
                } catch (MessagingException | RuntimeException e) {
                    LOGGER.warn("outgoing queue does not take {} for a mail: {}", status, e.toString());
                }
            }
            items.clear();
        }
    }

    /** An entry of the waiting room. */
    record Parked(WaitingRoom room, ListedMail waiting) implements MailRecord {
        @Override
        public void acknowledge() throws MessagingException {
            room.remove(waiting.recordId());
        }

        @Override
        public void giveBack() {
            room.putBack(waiting);
        }
    }
}
