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
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.DsnRules;
import org.jamesoutgoing.dsn.MergedDsn;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.routing.AddressLiterals;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a {@link Notification}: DSNs into James's spool, or the mail itself to the bounce or success processor. Every
 * method blocks on the spool and throws when it takes nothing; then the notification stays due.
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
    public List<Notification> stepsOf(Mail mail, Notification notification) {
        boolean handedOver = notification.kind() == DsnKind.FAILURE && bounceProcessor.isPresent();
        return notification.kind().isFailure()
                        && notification.addressee() == Notification.Addressee.SENDER
                        && (handedOver || isUnanswerable(mail))
                ? ErrorAttributes.bySameError(notification.recipients()).stream()
                        .map(same -> new Notification(notification.kind(), same))
                        .toList()
                : List.of(notification);
    }

    /** @param notification one of {@link #stepsOf} */
    public void tell(Mail mail, MailState state, Notification notification) throws MessagingException {
        switch (notification.addressee()) {
            case SENDER -> tellSender(mail, state, notification);
            case POSTMASTER -> sendCopy(mail, state, notification);
            case SUCCESS_PROCESSOR -> handOver(
                    mail, state, onSuccess.orElse(Mail.GHOST), notification.recipients(), List.of());
        }
    }

    private void tellSender(Mail mail, MailState state, Notification notification) throws MessagingException {
        if (notification.kind().isFailure() && isUnanswerable(mail)) {
            keepDeadLetters(mail, state, notification);
            return;
        }
        if (notification.kind() != DsnKind.FAILURE || bounceProcessor.isEmpty()) {
            sendDsn(mail, state, notification);
            return;
        }
        List<RecipientReport> mayBeTold = toBounceProcessor(mail, notification);
        if (mayBeTold.isEmpty()) {
            LOGGER.info(
                    "mail={} is dropped: nobody may be told of {}", state.name(), summary(notification.recipients()));
            return;
        }
        handOver(mail, state, bounceProcessor.get(), mayBeTold, ErrorAttributes.of(mayBeTold.get(0)));
    }

    /** The processor decides who is told, but that a backup route keeps quiet. */
    private List<RecipientReport> toBounceProcessor(Mail mail, Notification notification) {
        return notification.recipients().stream()
                .filter(told -> KnownSender.mayBeTold(mail, routeOf(told.recipient())))
                .toList();
    }

    /** RFC 5321 §6.1: never a DSN about a mail from <>; nor about one that is a DSN, whoever sent it. */
    private static boolean isUnanswerable(Mail mail) {
        return !mail.hasSender() || DsnRules.isNotification(mail);
    }

    private void keepDeadLetters(Mail mail, MailState state, Notification notification) throws MessagingException {
        List<RecipientReport> told = notification.recipients();
        deadLetters.keep(mail, state, addresses(told), ErrorAttributes.of(told.get(0)), summary(told));
    }

    private void handOver(
            Mail mail, MailState state, String processor, List<RecipientReport> told, List<Attribute> attributes)
            throws MessagingException {
        List<MailAddress> recipients = addresses(told);
        try (BorrowedMail lent = new BorrowedMail(mail, nameOf(state, processor, recipients), recipients, attributes)) {
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
                + RecordId.idOf(state.recordId().id() + ' ' + processor + sorted)
                        .substring(0, OWN_PART);
    }

    private void sendDsn(Mail mail, MailState state, Notification notification) throws MessagingException {
        Optional<DsnRequest> request = request(mail, state, notification);
        if (request.isPresent() && !postponed.postpone(mail, state, notification)) {
            send(request.get(), state.name());
        }
    }

    /** What a DSN would say, by the settings of now; empty when none is wanted. */
    public Optional<DsnRequest> request(Mail mail, MailState state, Notification notification) {
        return request(mail, state, notification, dueToSender(mail, state, notification));
    }

    private List<RecipientReport> dueToSender(Mail mail, MailState state, Notification notification) {
        return DsnRules.due(notification.kind(), mail, reports(mail, state, audience.ofSender(mail, notification)));
    }

    private Optional<DsnRequest> request(
            Mail mail, MailState state, Notification notification, List<RecipientReport> due) {
        if (due.isEmpty()) {
            LOGGER.info(
                    "mail={} dsn={} not wanted by={} about={}",
                    state.name(),
                    logged(notification.kind()),
                    notification.addressee(),
                    addresses(notification.recipients()));
            return Optional.empty();
        }
        Route route = routeOf(due.get(0).recipient());
        return Optional.of(new DsnRequest(
                notification.kind(),
                mail,
                state.acceptedAt(),
                due,
                route.connection().heloName(),
                context.getPostmaster(),
                route.dsnLanguages(),
                Optional.of(mail.hasSender() ? route.queueLifetime() : route.nullSenderLifetime())));
    }

    /** A full queue is a failure, as it is to all programs. */
    private static DsnKind logged(DsnKind kind) {
        return kind.isFailure() ? DsnKind.FAILURE : kind;
    }

    public void send(DsnRequest request, String name) throws MessagingException {
        Mail dsn = composer.composeMail(request);
        List<MailAddress> told =
                request.recipients().stream().map(RecipientReport::recipient).toList();
        send(dsn);
        LOGGER.info("mail={} dsn={} to={} about={}", name, logged(request.kind()), dsn.getRecipients(), told);
    }

    private void sendCopy(Mail mail, MailState state, Notification notification) throws MessagingException {
        Optional<DsnRequest> request = request(mail, state, notification, dueToPostmaster(mail, state, notification));
        if (request.isPresent()) {
            send(composer.composeCopy(request.get()));
            LOGGER.info(
                    "mail={} dsn={} copied to the postmaster about={}",
                    state.name(),
                    logged(request.get().kind()),
                    addresses(notification.recipients()));
        }
    }

    /** A postmaster who is the sender himself gets copies only of what he is not told as the sender. */
    private List<RecipientReport> dueToPostmaster(Mail mail, MailState state, Notification notification) {
        Set<MailAddress> told = mail.getMaybeSender()
                .asOptional()
                .filter(audience::isPostmaster)
                .map(himself -> toldToSender(mail, state, notification))
                .orElse(Set.of());
        return DsnRules.dueToPostmaster(
                        notification.kind(), mail, reports(mail, state, audience.ofPostmaster(notification)))
                .stream()
                .filter(report -> !told.contains(report.recipient()))
                .toList();
    }

    private Set<MailAddress> toldToSender(Mail mail, MailState state, Notification notification) {
        return notification.kind() == DsnKind.FAILURE && bounceProcessor.isPresent()
                ? Set.copyOf(addresses(toBounceProcessor(mail, notification)))
                : dueToSender(mail, state, notification).stream()
                        .map(RecipientReport::recipient)
                        .collect(Collectors.toSet());
    }

    /** @param word of its notifications, {@link Notification#word()} */
    public void send(MergedDsn merged, String sender, String word) throws MessagingException {
        send(composer.composeMail(merged));
        LOGGER.info("dsn={} to={} about {} mails", word, sender, merged.size());
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

    private List<RecipientReport> reports(Mail mail, MailState state, Notification notification) {
        return notification.recipients().stream()
                .map(told -> told.inDsn(
                        AddressLiterals.onTheWire(told.recipient()),
                        routeOf(told.recipient()).expiry(state.acceptedAt(), !mail.hasSender()),
                        state.attempts()))
                .toList();
    }

    private static List<MailAddress> addresses(List<RecipientReport> told) {
        return told.stream().map(RecipientReport::recipient).toList();
    }

    private static String summary(List<RecipientReport> recipients) {
        return recipients.stream()
                .map(told -> AddressLiterals.onTheWire(told.recipient()) + " " + told.reason())
                .toList()
                .toString();
    }
}
