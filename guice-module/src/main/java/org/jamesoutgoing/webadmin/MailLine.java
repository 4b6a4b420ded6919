/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.queue.Hold;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.service.OutgoingMailService;

/**
 * A mail in a list.
 *
 * @param sender {@code <>} for the null sender
 * @param recipients those still to be delivered to, at most {@link #MAX_RECIPIENTS} of them
 * @param recipientsInAll how many there are
 * @param size of the message in bytes; absent when unknown
 * @param due when it is tried next; absent when it is under way
 * @param expiry when it is given up
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record MailLine(
        String id,
        String queue,
        String name,
        String state,
        String sender,
        List<String> recipients,
        int recipientsInAll,
        Optional<Long> size,
        Instant acceptedAt,
        Optional<Instant> due,
        Instant expiry,
        String reason,
        Optional<HoldView> hold) {

    static final int MAX_RECIPIENTS = 10;

    static MailLine of(OutgoingMailService service, ListedMail mail) {
        return new MailLine(
                mail.id(),
                service.settings().queueName(),
                mail.name(),
                mail.state().word(),
                mail.sender().asString(),
                mail.recipients().stream()
                        .limit(MAX_RECIPIENTS)
                        .map(MailAddress::asString)
                        .toList(),
                mail.recipients().size(),
                Optional.of(mail.size()).filter(size -> size >= 0),
                mail.acceptedAt(),
                due(mail),
                service.view().expiry(mail),
                mail.reason(),
                hold(mail));
    }

    static Optional<Instant> due(ListedMail mail) {
        return Optional.of(mail.due())
                .filter(due -> mail.state() != QueueState.QUEUED && mail.state() != QueueState.ACTIVE);
    }

    static Optional<HoldView> hold(ListedMail mail) {
        Optional<Hold> hold = mail.hold();
        return hold.map(HoldView::of);
    }
}
