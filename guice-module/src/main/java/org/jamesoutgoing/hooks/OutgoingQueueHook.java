/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.hooks;

import com.google.common.collect.Maps;
import com.google.inject.Inject;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.commons.configuration2.Configuration;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.DisconnectHandler;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.api.handler.ProtocolHandlerResultHandler;
import org.apache.james.protocols.smtp.SMTPRetCode;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.Hook;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookResultHook;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.backup.BackupServer;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells SMTP clients to come back later when the outgoing queue has no room for their mail: {@code 452 4.3.1} to the
 * recipient, {@code 452 4.7.1} when it is the sender who has too many mails waiting. So the mail stays where it is
 * safe. Recipients of this server's own domains are never refused.
 *
 * <pre>{@code
 * <handlerchain>
 *   …
 *   <handler class="org.apache.james.smtpserver.fastfail.ValidRcptHandler"/>
 *   <handler class="org.jamesoutgoing.hooks.OutgoingQueueHook"/>
 *   <handler class="org.jamesoutgoing.hooks.BackupRecipientHook"/>
 *   <handler class="org.apache.james.smtpserver.CoreCmdHandlerLoader"/>
 * </handlerchain>
 *
 * <!-- With several outgoing queues: which one. Else it is the only one, or the one named outgoing. -->
 * <handler class="org.jamesoutgoing.hooks.OutgoingQueueHook">
 *   <queue>partners</queue>
 * </handler>
 * }</pre>
 *
 * <p>It stands above {@code CoreCmdHandlerLoader}, and above {@code BackupRecipientHook}, so that no main server is
 * asked about mail that there is no room for.
 *
 * <p>Room is reserved at the first recipient of each domain, and kept until the mail is admitted to the queue, or the
 * transaction ends without it: so clients that send at the same time cannot exceed a limit together. Without this hook,
 * with none of the services running, or while nothing is limited, nothing is refused or reserved.
 */
public final class OutgoingQueueHook
        implements RcptHook,
                JamesMessageHook,
                HookResultHook,
                ProtocolHandlerResultHandler<Response, SMTPSession>,
                DisconnectHandler<SMTPSession> {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingQueueHook.class);
    /** RFC 5321 §4.5.3.1.5: a reply line has 512 octets at most. */
    private static final int LONGEST_REASON = 400;

    /** James's own, of the parameter SIZE (RFC 1870). */
    private static final AttachmentKey<Integer> ANNOUNCED_SIZE = AttachmentKey.of("MESG_SIZE", Integer.class);

    /** Room that is reserved. */
    private record Reservation(QueueLedger ledger, String token) {
        void free() {
            ledger.free(token);
        }
    }

    /**
     * Of the transaction, and also of the connection: what only the connection has is of a transaction that has ended,
     * for James tells nobody when it resets one.
     */
    private static final AttachmentKey<Reservation> RESERVATION =
            AttachmentKey.of("OUTGOING_QUEUE_RESERVATION", Reservation.class);

    /** Where mail waits, and how much may. */
    record Room(QueueLedger ledger, QueueLimits limits) {

        /** What is drained only leaves mail in James's queue. */
        static Room of(OutgoingMailService service) {
            return new Room(
                    service.ledger(),
                    service.isDelivering() ? service.controls().limits() : QueueLimits.NONE);
        }
    }

    private final Supplier<SortedMap<String, Room>> rooms;
    private final DomainList localDomains;
    private final Predicate<MailAddress> backup;
    private final AtomicBoolean warned = new AtomicBoolean();
    private Optional<String> queue = Optional.empty();

    @Inject
    public OutgoingQueueHook(RunningJames james) {
        this(james.get(OutgoingServices.class), james.get(DomainList.class), james.get(BackupServer.class));
    }

    private OutgoingQueueHook(OutgoingServices services, DomainList localDomains, BackupServer backup) {
        this(() -> Maps.transformValues(services.services(), Room::of), localDomains, backup::serves);
    }

    /**
     * @param rooms of the services that run, by queue
     * @param backup whether a recipient is one of a backup domain
     */
    OutgoingQueueHook(Supplier<SortedMap<String, Room>> rooms, DomainList localDomains, Predicate<MailAddress> backup) {
        this.rooms = rooms;
        this.localDomains = localDomains;
        this.backup = backup;
    }

    @Override
    public void init(Configuration config) {
        queue = Optional.ofNullable(config.getString("queue")).map(String::trim).filter(name -> !name.isEmpty());
    }

    @Override
    public HookResult doRcpt(SMTPSession session, MaybeSender sender, MailAddress recipient) {
        try {
            return wouldBeRelayed(session, recipient)
                    ? room().map(found -> reserve(found, session, sender, recipient))
                            .orElse(HookResult.DECLINED)
                    : HookResult.DECLINED;
        } catch (DomainListException | RuntimeException e) {
            LOGGER.error("it cannot be told whether there is room for a mail to {}; it is taken", recipient, e);
            return HookResult.DECLINED;
        }
    }

    /** Others are refused by James, or are none of ours. */
    private boolean wouldBeRelayed(SMTPSession session, MailAddress recipient) throws DomainListException {
        return !localDomains.containsDomain(recipient.getDomain())
                && (session.isRelayingAllowed() || backup.test(recipient));
    }

    private Optional<Room> room() {
        SortedMap<String, Room> running = rooms.get();
        Optional<Room> found = OutgoingServices.meant(running, queue);
        if (found.isEmpty() && !running.isEmpty() && warned.compareAndSet(false, true)) {
            LOGGER.warn(
                    "OutgoingQueueHook keeps no limits: no service has the queue '{}'; allowed in <queue>: {}",
                    queue.orElse(OutgoingServices.DEFAULT_QUEUE),
                    running.keySet());
        }
        return found;
    }

    private static HookResult reserve(Room room, SMTPSession session, MaybeSender sender, MailAddress recipient) {
        if (room.limits().equals(QueueLimits.NONE)) {
            return HookResult.DECLINED;
        }
        Reservation reservation = session.getAttachment(RESERVATION, State.Transaction)
                .orElseGet(
                        () -> new Reservation(room.ledger(), UUID.randomUUID().toString()));
        // James lets SIZE=-1000 pass: that would make room for others.
        long octets = Math.max(
                0, session.getAttachment(ANNOUNCED_SIZE, State.Transaction).orElse(0));
        Optional<QueueLimits.Reached> reached = reservation
                .ledger()
                .reserve(reservation.token(), sender, recipient.getDomain().asString(), octets, room.limits());
        if (reached.isPresent()) {
            LOGGER.debug("no room for a mail of {} to {}: {}", sender, recipient, reached.get());
            return later(reached.get());
        }
        session.setAttachment(RESERVATION, reservation, State.Transaction);
        session.setAttachment(RESERVATION, reservation, State.Connection);
        return HookResult.DECLINED;
    }

    private static HookResult later(QueueLimits.Reached limit) {
        String reason = limit.reason().replaceAll("[^\\x20-\\x7e]", "?");
        return HookResult.builder()
                .hookReturnCode(HookReturnCode.denySoft())
                .smtpReturnCode(SMTPRetCode.SYSTEM_STORAGE_ERROR)
                .smtpDescription((limit.isOfSender() ? "4.7.1 " : "4.3.1 ")
                        + reason.substring(0, Math.min(reason.length(), LONGEST_REASON)))
                .build();
    }

    /** The mail takes its reservation along. */
    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        session.getAttachment(RESERVATION, State.Transaction).ifPresent(reservation -> {
            if (mail.getRecipients().stream().allMatch(this::isLocal)) {
                // Those it was reserved for have been refused after all.
                reservation.free();
            } else {
                mail.setAttribute(new Attribute(Admission.RESERVATION, AttributeValue.of(reservation.token())));
            }
            session.removeAttachment(RESERVATION, State.Connection);
        });
        return HookResult.DECLINED;
    }

    private boolean isLocal(MailAddress recipient) {
        try {
            return localDomains.containsDomain(recipient.getDomain());
        } catch (DomainListException e) {
            LOGGER.debug("it cannot be told whether {} is a domain of this server", recipient.getDomain(), e);
            return false;
        }
    }

    /** Somebody after this hook has refused the mail. */
    @Override
    public HookResult onHookResult(SMTPSession session, HookResult result, long executionTime, Hook hook) {
        HookReturnCode.Action action = result.getResult().getAction();
        boolean refused = action == HookReturnCode.Action.DENY || action == HookReturnCode.Action.DENYSOFT;
        if (refused && hook instanceof JamesMessageHook) {
            session.getAttachment(RESERVATION, State.Transaction).ifPresent(Reservation::free);
        }
        return result;
    }

    @Override
    public Response onResponse(
            ProtocolSession session, Response response, long executionTime, ProtocolHandler handler) {
        Optional<Reservation> ofConnection = session.getAttachment(RESERVATION, State.Connection);
        if (ofConnection.isPresent() && !ofConnection.equals(session.getAttachment(RESERVATION, State.Transaction))) {
            free(session);
        }
        return response;
    }

    @Override
    public void onDisconnect(SMTPSession session) {
        if (session != null) { // A connection that James refuses at once has none.
            free(session);
        }
    }

    private static void free(ProtocolSession session) {
        session.removeAttachment(RESERVATION, State.Connection).ifPresent(Reservation::free);
    }
}
