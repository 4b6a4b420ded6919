/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.queue.PostponedNotification;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.WaitingRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Against storms: DSNs beyond a sender's {@link DsnLimit} are put into the waiting room, where they survive the process, and
 * told together later (by {@code MergedDsnSender}). While something waits for a sender, all that comes for him waits with it.
 * Thread-safe.
 */
public final class PostponedDsns {

    private static final Logger LOGGER = LoggerFactory.getLogger(PostponedDsns.class);

    private final WaitingRoom waitingRoom;
    private final DsnAllowance allowance;

    /** @param limit empty: none */
    public PostponedDsns(WaitingRoom waitingRoom, Optional<DsnLimit> limit, Clock clock) {
        this.waitingRoom = waitingRoom;
        this.allowance = new DsnAllowance(limit, clock);
    }

    /**
     * Asked before a DSN is sent. Blocks on the waiting room only when the DSN is postponed.
     *
     * @return false: it is to be sent now, and counts; true: it is kept, and need not be thought of any more
     * @throws MessagingException when it would have to be kept, and the waiting room does not take it
     */
    boolean postpone(Mail mail, MailState state, Notification notification) throws MessagingException {
        String sender = mail.getMaybeSender().asString();
        RecordId ours =
                PostponedNotification.of(state, notification, Instant.MAX).recordId();
        if (waitingRoom.isUnread(ours.id())) {
            // Killed after it was postponed and before that was written down.
            waitingRoom.read(ours.id());
        }
        Optional<Instant> first = waitingRoom.firstDue(PostponedNotification.line(mail.getMaybeSender()));
        if (first.isEmpty() && allowance.take(sender)) {
            return false;
        }
        Instant due = first.orElseGet(() -> allowance.next(sender));
        waitingRoom.park(mail, PostponedNotification.of(state, notification, due));
        if (first.isEmpty()) {
            LOGGER.warn("sender={} got many DSNs; what is to be told from now on is told together at {}", sender, due);
        }
        return true;
    }

    /** Whether what is postponed for this sender may be told now. */
    public boolean mayTell(String sender) {
        return allowance.allows(sender);
    }

    /** The same, and it counts. */
    public boolean take(String sender) {
        return allowance.take(sender);
    }

    /** It could not be told. */
    public void pause(String sender, Duration pause) {
        allowance.pause(sender, pause);
    }
}
