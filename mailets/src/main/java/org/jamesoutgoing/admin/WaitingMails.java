/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.WaitingRoom.MailGoneException;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.WaitingEntry;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.RoutingTable;

/** Reads single mails of the waiting room for people. Takes nothing out of it. Thread-safe. */
public final class WaitingMails {

    private final QueueLedger ledger;
    private final WaitingRoom room;
    private final RoutingTable routes;
    private final MailetContext context;
    private final Clock clock;

    public WaitingMails(QueueLedger ledger, WaitingRoom room, RoutingTable routes, MailetContext context, Clock clock) {
        this.ledger = ledger;
        this.room = room;
        this.routes = routes;
        this.context = context;
        this.clock = clock;
    }

    /**
     * @return empty when there is none, or it waits no longer
     * @throws MessagingException when the waiting room cannot be read
     */
    public Optional<WaitingMail> find(String idOrName) throws MessagingException {
        Optional<WaitingEntry> facts = ledger.find(idOrName)
                .or(() -> ledger.mails("").stream()
                        .filter(mail -> mail.facts().name().equals(idOrName))
                        .findFirst())
                .map(ListedMail::facts);
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        Mail mail;
        try {
            mail = room.load(facts.get());
        } catch (MailGoneException e) {
            return Optional.empty();
        }
        MailState state = MailStateCodec.read(mail, clock.instant());
        List<MailAddress> recipients = recipients(state);
        if (recipients.isEmpty()) {
            LifecycleUtil.dispose(mail);
            return Optional.empty();
        }
        return Optional.of(new WaitingMail(
                mail,
                state,
                recipients,
                routes.routeOf(recipients.get(0).getDomain().asString()),
                context.getPostmaster(),
                clock.instant()));
    }

    /** Also those that it waits for only because something is still to be told of them. */
    private static List<MailAddress> recipients(MailState state) {
        return Stream.concat(
                        state.recipients().stream(),
                        state.notices().stream()
                                .flatMap(notice -> notice.recipients().stream())
                                .map(Notification.Told::recipient))
                .distinct()
                .toList();
    }
}
