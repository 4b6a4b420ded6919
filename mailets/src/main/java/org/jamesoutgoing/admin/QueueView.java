/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.Dispatcher;
import org.jamesoutgoing.delivery.Transport;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.monitoring.AttemptRates;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.smtp.HostConnections;

/** What waits in a service, and why. Changes nothing. Thread-safe. */
public final class QueueView {

    /** So many mails of one name are found at the most; there is one as a rule. */
    private static final int MAX_OF_ONE_NAME = 5;

    private static final int MAX_MESSAGE_ID = 200;

    private final QueueLedger ledger;
    private final WaitingRoom waitingRoom;
    private final Dispatcher dispatcher;
    private final Transport transport;
    private final RoutingTable routes;
    private final AttemptRates rates;
    private final Clock clock;

    public QueueView(
            QueueLedger ledger,
            WaitingRoom waitingRoom,
            Dispatcher dispatcher,
            Transport transport,
            RoutingTable routes,
            AttemptRates rates,
            Clock clock) {
        this.ledger = ledger;
        this.waitingRoom = waitingRoom;
        this.dispatcher = dispatcher;
        this.transport = transport;
        this.routes = routes;
        this.rates = rates;
        this.clock = clock;
    }

    /** The time by the clock of the service. */
    public Instant now() {
        return clock.instant();
    }

    /** What came of the attempts of the last minutes. */
    public AttemptRates rates() {
        return rates;
    }

    /** The connections of now by host name. */
    public Map<String, HostConnections> connections() {
        return transport.connections();
    }

    /** How many notifications wait to be sent, of mails that are done otherwise. */
    public long pendingNotifications() {
        return waitingRoom.notifications();
    }

    /**
     * All mails behind this id ("" for all), by id. They may come and go while they are read.
     *
     * @return to be read once
     */
    public Stream<ListedMail> mails(String after) {
        return ledger.mails(after).stream().map(this::withReason);
    }

    /** Looks at every mail. */
    public QueueSummary summary() {
        return QueueSummary.of(mails(""));
    }

    /** What is suspended waits for that reason, whatever was said when it was last tried. */
    private ListedMail withReason(ListedMail mail) {
        return mail.state() == QueueState.QUEUED || mail.state() == QueueState.DEFERRED
                ? dispatcher.whySuspended(mail).map(mail::because).orElse(mail)
                : mail;
    }

    /** When the queue lifetime of a mail ends, as far as its first recipient decides it. */
    public Instant expiry(ListedMail mail) {
        return routes.routeOf(mail.recipients().get(0).getDomain().asString())
                .expiry(mail.acceptedAt(), mail.sender().isNullSender());
    }

    /**
     * The mail with this id; else those with this name, at most a few. Looks at every mail for a name. A mail of the waiting
     * room that is not read yet is found by its id only, and then blocks on the store.
     */
    public List<ListedMail> find(String idOrName) {
        if (waitingRoom.isUnread(idOrName)) {
            waitingRoom.read(idOrName);
        }
        return ledger.named(idOrName)
                .limit(MAX_OF_ONE_NAME)
                .map(this::withReason)
                .toList();
    }

    /**
     * A mail of the waiting room as it is stored, for looking at it only. Blocks on the store. The caller disposes of it.
     *
     * @return empty when it does not wait, or not any more
     */
    public Optional<Mail> stored(String id) throws MessagingException {
        return waitingRoom.look(id);
    }

    /**
     * One mail, looked at closely.
     *
     * @param state its attempts and what else is written on it; empty for a mail that is in the outgoing queue, which nobody can
     *     look into
     * @param messageId its Message-ID, if it was read; whatever its author wrote there, 200 characters of it at most
     */
    public record Detail(ListedMail listed, Optional<MailState> state, Optional<String> messageId) {}

    /** Looks closely at a mail: blocks on the store, or for a moment. */
    public Detail detail(ListedMail listed) throws MessagingException {
        if (listed.state() == QueueState.QUEUED) {
            return new Detail(listed, Optional.empty(), Optional.empty());
        }
        if (listed.state() == QueueState.ACTIVE) {
            Optional<MailState> active = dispatcher.stateOf(listed.id());
            if (active.isPresent()) {
                return new Detail(listed, active, Optional.empty());
            }
        }
        Mail mail = stored(listed.id()).orElse(null);
        try {
            return mail == null
                    ? new Detail(listed, Optional.empty(), Optional.empty())
                    : new Detail(listed, Optional.of(MailStateCodec.read(mail, clock.instant())), messageIdOf(mail));
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    private static Optional<String> messageIdOf(Mail mail) throws MessagingException {
        return Optional.ofNullable(mail.getMessage().getHeader("Message-ID", null))
                .map(String::trim)
                .map(text -> text.length() > MAX_MESSAGE_ID ? text.substring(0, MAX_MESSAGE_ID) : text);
    }

    /**
     * A copy of a waiting mail, by its id or its name, with what its sender could be told.
     *
     * @param postmaster in whose name it would be told
     * @return empty when there is none, it waits no longer, or there is nobody of whom anything could be told
     * @throws MessagingException when the waiting room cannot be read
     */
    public Optional<WaitingMail> waitingMail(String idOrName, MailAddress postmaster) throws MessagingException {
        ListedMail listed = ledger.named(idOrName).findFirst().orElse(null);
        Mail mail = listed == null ? null : stored(listed.id()).orElse(null);
        if (mail == null) {
            return Optional.empty();
        }
        MailState state = MailStateCodec.read(mail, clock.instant());
        List<MailAddress> recipients = allRecipients(state);
        if (recipients.isEmpty()) {
            LifecycleUtil.dispose(mail);
            return Optional.empty();
        }
        return Optional.of(new WaitingMail(
                mail,
                state,
                recipients,
                routes.routeOf(recipients.get(0).getDomain().asString()),
                postmaster,
                clock.instant()));
    }

    /** Also those that it waits for only because something is still to be told of them. */
    private static List<MailAddress> allRecipients(MailState state) {
        return Stream.concat(
                        state.recipients().stream(),
                        state.notifications().stream()
                                .flatMap(notification -> notification.recipients().stream())
                                .map(RecipientReport::recipient))
                .distinct()
                .toList();
    }

    /** Reads the records of all waiting mails that are not read yet, so that the ledger has them. Blocks as long as that takes. */
    void readAllWaiting() {
        waitingRoom.readAllNow();
    }
}
