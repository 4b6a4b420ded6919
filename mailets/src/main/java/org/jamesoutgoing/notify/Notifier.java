/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamesoutgoing.dsn.DsnComposer;
import org.jamesoutgoing.dsn.DsnKind;
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.DsnRules;
import org.jamesoutgoing.dsn.MergedDsn;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.template.TemplateKind;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.routing.AddressLiterals;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a {@link Notification}: DSNs into James's spool, or the mail itself to the bounce or success processor. Every
 * method blocks on the spool and throws when it takes nothing; then the notice stays due.
 */
public final class Notifier {

    private static final Logger LOGGER = LoggerFactory.getLogger(Notifier.class);

    /** James's own names, with the beginning of the domain behind them. */
    private static final int MAX_NAME = 60;

    private static final int OWN_PART = 13;

    private final MailetContext context;
    private final DsnComposer composer;
    private final RoutingTable routes;
    private final Optional<String> bounceProcessor;
    private final Optional<String> onSuccess;
    private final PostponedDsns postponed;
    private final DeadLetters deadLetters;
    private final Audience audience;

    public Notifier(
            MailetContext context,
            DsnComposer composer,
            RoutingTable routes,
            Optional<String> bounceProcessor,
            Optional<String> onSuccess,
            PostponedDsns postponed,
            DeadLetters deadLetters) {
        this.context = context;
        this.composer = composer;
        this.routes = routes;
        this.bounceProcessor = bounceProcessor;
        this.onSuccess = onSuccess;
        this.postponed = postponed;
        this.deadLetters = deadLetters;
        this.audience = new Audience(context, routes);
    }

    public boolean hasSuccessProcessor() {
        return onSuccess.isPresent();
    }

    public PostponedDsns postponed() {
        return postponed;
    }

    public MergedDsn mergedDsn() {
        return composer.merged();
    }

    /**
     * The steps in which this is told: each is done once, though a later one fails. A mail of its own for each error, for the
     * bounce processor and for who reads dead letters; a DSN tells all.
     */
    public List<Notification> stepsOf(Mail mail, Notification notice) {
        boolean failed = notice.kind() == Notification.Kind.FAILURE || notice.kind() == Notification.Kind.QUEUE_FULL;
        boolean handedOver = notice.kind() == Notification.Kind.FAILURE && bounceProcessor.isPresent();
        return failed && notice.addressee() == Notification.Addressee.SENDER && (handedOver || isUnanswerable(mail))
                ? ErrorAttributes.bySameError(notice.recipients()).stream()
                        .map(same -> new Notification(notice.kind(), same))
                        .toList()
                : List.of(notice);
    }

    /** @param notice one of {@link #stepsOf} */
    public void tell(Mail mail, MailState state, Notification notice) throws MessagingException {
        if (notice.addressee() == Notification.Addressee.POSTMASTER) {
            sendCopy(mail, state, notice);
            return;
        }
        switch (notice.kind()) {
            case FAILURE -> tellFailure(mail, state, notice);
            case QUEUE_FULL -> tellQueueFull(mail, state, notice);
            case DELAY, RELAYED -> sendDsn(mail, state, notice);
            case ON_SUCCESS -> handOver(mail, state, onSuccess.orElse(Mail.GHOST), notice.recipients(), List.of());
        }
    }

    private void tellFailure(Mail mail, MailState state, Notification notice) throws MessagingException {
        if (isUnanswerable(mail)) {
            keepDeadLetters(mail, state, notice);
            return;
        }
        if (bounceProcessor.isEmpty()) {
            sendDsn(mail, state, notice);
            return;
        }
        List<Notification.Told> mayBeTold = toBounceProcessor(mail, notice);
        if (mayBeTold.isEmpty()) {
            LOGGER.info("mail={} is dropped: nobody may be told of {}", state.name(), summary(notice.recipients()));
            return;
        }
        handOver(mail, state, bounceProcessor.get(), mayBeTold, ErrorAttributes.of(mayBeTold.get(0)));
    }

    /** The processor decides who is told, but that a backup route keeps quiet. */
    private List<Notification.Told> toBounceProcessor(Mail mail, Notification notice) {
        return notice.recipients().stream()
                .filter(told -> KnownSender.mayBeTold(mail, routeOf(told.recipient())))
                .toList();
    }

    private void tellQueueFull(Mail mail, MailState state, Notification notice) throws MessagingException {
        if (isUnanswerable(mail)) {
            keepDeadLetters(mail, state, notice);
        } else {
            sendDsn(mail, state, notice);
        }
    }

    /** RFC 5321 §6.1: never a DSN about a mail from <>; nor about one that is a DSN, whoever sent it. */
    private static boolean isUnanswerable(Mail mail) {
        return !mail.hasSender() || DsnRules.isNotification(mail);
    }

    private void keepDeadLetters(Mail mail, MailState state, Notification notice) throws MessagingException {
        List<Notification.Told> told = notice.recipients();
        deadLetters.keep(mail, state, addresses(told), ErrorAttributes.of(told.get(0)), summary(told));
    }

    private void handOver(
            Mail mail, MailState state, String processor, List<Notification.Told> told, List<Attribute> attributes)
            throws MessagingException {
        List<MailAddress> recipients = addresses(told);
        try (MailCopy lent = new MailCopy(mail, nameOf(state, processor, recipients), recipients, attributes)) {
            context.sendMail(lent.mail(), processor);
        } catch (RuntimeException e) {
            throw new MessagingException("spool: " + e, e);
        }
    }

    /**
     * A repository keeps one mail of each name: so what is handed over has a name of its own, which is the same when that is
     * done once more after a crash. Short enough for James to derive others from it, and for the name of a file.
     */
    private static String nameOf(MailState state, String processor, List<MailAddress> recipients) {
        String name = state.name();
        List<String> sorted =
                recipients.stream().map(MailAddress::asString).sorted().toList();
        return (name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name) + "-"
                + RecordId.idOf(state.recordId().id() + ' ' + processor + sorted).substring(0, OWN_PART);
    }

    private void sendDsn(Mail mail, MailState state, Notification notice) throws MessagingException {
        Optional<DsnRequest> request = request(mail, state, notice);
        if (request.isPresent() && !postponed.postpone(mail, state, notice)) {
            send(request.get(), state.name());
        }
    }

    /** What a DSN would say, by the settings of now; empty when none is wanted. */
    public Optional<DsnRequest> request(Mail mail, MailState state, Notification notice) {
        return request(mail, state, notice, dueToSender(mail, state, notice));
    }

    private List<RecipientReport> dueToSender(Mail mail, MailState state, Notification notice) {
        return DsnRules.due(dsnKind(notice), mail, reports(mail, state, audience.ofSender(mail, notice)));
    }

    private Optional<DsnRequest> request(Mail mail, MailState state, Notification notice, List<RecipientReport> due) {
        DsnKind kind = dsnKind(notice);
        if (due.isEmpty()) {
            LOGGER.info(
                    "mail={} dsn={} not wanted by={} about={}",
                    state.name(),
                    kind,
                    notice.addressee(),
                    addresses(notice.recipients()));
            return Optional.empty();
        }
        Route route = routeOf(due.get(0).recipient());
        return Optional.of(new DsnRequest(
                kind,
                mail,
                state.acceptedAt(),
                due,
                route.connection().heloName(),
                context.getPostmaster(),
                notice.kind() == Notification.Kind.QUEUE_FULL ? TemplateKind.QUEUE_FULL : kind.template(),
                route.dsnLanguages(),
                Optional.of(mail.hasSender() ? route.queueLifetime() : route.nullSenderLifetime())));
    }

    private static DsnKind dsnKind(Notification notice) {
        return switch (notice.kind()) {
            case FAILURE, QUEUE_FULL -> DsnKind.FAILURE;
            case DELAY -> DsnKind.DELAY;
            case RELAYED -> DsnKind.SUCCESS;
            case ON_SUCCESS -> throw new IllegalArgumentException("no DSN is " + notice.kind());
        };
    }

    public void send(DsnRequest request, String name) throws MessagingException {
        Mail dsn = composer.composeMail(request);
        List<MailAddress> told =
                request.recipients().stream().map(RecipientReport::recipient).toList();
        send(dsn);
        LOGGER.info("mail={} dsn={} to={} about={}", name, request.kind(), dsn.getRecipients(), told);
    }

    private void sendCopy(Mail mail, MailState state, Notification notice) throws MessagingException {
        Optional<DsnRequest> request = request(mail, state, notice, dueToPostmaster(mail, state, notice));
        if (request.isPresent()) {
            send(composer.composeCopy(request.get()));
            LOGGER.info(
                    "mail={} dsn={} copied to the postmaster about={}",
                    state.name(),
                    request.get().kind(),
                    addresses(notice.recipients()));
        }
    }

    /** A postmaster who is the sender himself gets copies only of what he is not told as the sender. */
    private List<RecipientReport> dueToPostmaster(Mail mail, MailState state, Notification notice) {
        Set<MailAddress> told = mail.getMaybeSender()
                .asOptional()
                .filter(audience::isPostmaster)
                .map(himself -> toldToSender(mail, state, notice))
                .orElse(Set.of());
        return DsnRules.dueToPostmaster(dsnKind(notice), mail, reports(mail, state, audience.ofPostmaster(notice)))
                .stream()
                .filter(report -> !told.contains(report.recipient()))
                .toList();
    }

    private Set<MailAddress> toldToSender(Mail mail, MailState state, Notification notice) {
        return notice.kind() == Notification.Kind.FAILURE && bounceProcessor.isPresent()
                ? Set.copyOf(addresses(toBounceProcessor(mail, notice)))
                : dueToSender(mail, state, notice).stream()
                        .map(RecipientReport::recipient)
                        .collect(Collectors.toSet());
    }

    public void send(MergedDsn merged, String sender, Notification.Kind kind) throws MessagingException {
        send(composer.composeMail(merged));
        LOGGER.info("dsn={} to={} about {} mails", kind, sender, merged.size());
    }

    private void send(Mail dsn) throws MessagingException {
        try {
            context.sendMail(dsn);
        } catch (RuntimeException e) {
            throw new MessagingException("spool: " + e, e);
        } finally {
            LifecycleUtil.dispose(dsn);
        }
    }

    private Route routeOf(MailAddress recipient) {
        return routes.routeOf(recipient.getDomain().asString());
    }

    private List<RecipientReport> reports(Mail mail, MailState state, Notification notice) {
        return notice.recipients().stream()
                .map(told -> new RecipientReport(
                        told.recipient(),
                        AddressLiterals.onTheWire(told.recipient()),
                        told.status(),
                        told.lastStatus(),
                        told.reply(),
                        told.host(),
                        told.reason(),
                        told.at(),
                        Optional.of(routeOf(told.recipient()).expiry(state.acceptedAt(), !mail.hasSender())),
                        state.attempts()))
                .toList();
    }

    private static List<MailAddress> addresses(List<Notification.Told> told) {
        return told.stream().map(Notification.Told::recipient).toList();
    }

    private static String summary(List<Notification.Told> recipients) {
        return recipients.stream()
                .map(told -> AddressLiterals.onTheWire(told.recipient()) + " " + told.reason())
                .toList()
                .toString();
    }
}
