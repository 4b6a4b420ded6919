/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamesoutgoing.dsn.DsnComposer;
import org.jamesoutgoing.dsn.DsnKind;
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.DsnRules;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.Notice;
import org.jamesoutgoing.routing.AddressLiterals;
import org.jamesoutgoing.routing.DsnChoice;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a {@link Notice}: DSNs into James's spool, or the mail itself to the bounce or success processor. Every
 * method blocks on the spool and throws when it takes nothing; then the notice stays due.
 */
public final class Notifier {

    /** What RemoteDelivery leaves on a mail for its bounce processor. */
    static final AttributeName DELIVERY_ERROR = AttributeName.of("delivery-error");

    static final AttributeName DELIVERY_ERROR_CODE = AttributeName.of("delivery-error-code");
    static final AttributeName IS_PERMANENT = AttributeName.of("is-delivery-permanent-error");

    private static final Logger LOGGER = LoggerFactory.getLogger(Notifier.class);

    private final MailetContext context;
    private final DsnComposer composer;
    private final RoutingTable routes;
    private final Optional<String> bounceProcessor;
    private final Optional<String> onSuccess;

    public Notifier(
            MailetContext context,
            DsnComposer composer,
            RoutingTable routes,
            Optional<String> bounceProcessor,
            Optional<String> onSuccess) {
        this.context = context;
        this.composer = composer;
        this.routes = routes;
        this.bounceProcessor = bounceProcessor;
        this.onSuccess = onSuccess;
    }

    boolean hasSuccessProcessor() {
        return onSuccess.isPresent();
    }

    void tell(Mail mail, MailState state, Notice notice) throws MessagingException {
        switch (notice.kind()) {
            case FAILURE -> tellFailure(mail, state, notice);
            case DELAY -> sendDsn(DsnKind.DELAY, mail, state, notice);
            case QUEUE_FULL -> sendDsn(DsnKind.FAILURE, mail, state, notice);
            case RELAYED -> sendDsn(DsnKind.SUCCESS, mail, state, notice);
            case ON_SUCCESS -> handOver(mail, onSuccess.orElse(Mail.GHOST), addresses(notice.recipients()), List.of());
        }
    }

    private void tellFailure(Mail mail, MailState state, Notice notice) throws MessagingException {
        if (!mail.hasSender()) {
            // RFC 5321 §6.1: never a DSN about a mail from <>.
            LOGGER.warn("mail={} from <> cannot be delivered and is dropped: {}", state.name(), summary(notice));
            return;
        }
        if (bounceProcessor.isEmpty()) {
            sendDsn(DsnKind.FAILURE, mail, state, notice);
            return;
        }
        // One mail for each different error: matchers of the bounce processor look at one code.
        Map<List<Object>, List<Notice.Told>> byError = new LinkedHashMap<>();
        notice.recipients().stream()
                .filter(told -> KnownSender.mayBeTold(mail, routeOf(told.recipient())))
                .forEach(told -> byError.computeIfAbsent(
                                List.of(told.code(), told.reason(), told.permanent()), any -> new ArrayList<>())
                        .add(told));
        if (byError.isEmpty()) {
            LOGGER.info("mail={} is dropped: nobody may be told of {}", state.name(), summary(notice));
        }
        for (List<Notice.Told> same : byError.values()) {
            handOver(mail, bounceProcessor.get(), addresses(same), errorAttributes(same.get(0)));
        }
    }

    private static List<Attribute> errorAttributes(Notice.Told told) {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(
                new Attribute(DELIVERY_ERROR, AttributeValue.of(told.reply().orElse(told.reason()))));
        attributes.add(new Attribute(IS_PERMANENT, AttributeValue.of(told.permanent())));
        told.code().ifPresent(code -> attributes.add(new Attribute(DELIVERY_ERROR_CODE, AttributeValue.of(code))));
        return attributes;
    }

    /** The spool copies what it is given, so the mail is lent to it and put back as it was. */
    private void handOver(Mail mail, String processor, Collection<MailAddress> recipients, List<Attribute> attributes)
            throws MessagingException {
        List<MailAddress> before = List.copyOf(mail.getRecipients());
        String state = mail.getState();
        Optional<Attribute> own = mail.removeAttribute(MailStateCodec.ATTRIBUTE);
        attributes.forEach(mail::setAttribute);
        mail.setRecipients(recipients);
        try {
            context.sendMail(mail, processor);
        } catch (RuntimeException e) {
            throw new MessagingException("spool: " + e, e);
        } finally {
            attributes.forEach(attribute -> mail.removeAttribute(attribute.getName()));
            mail.removeAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName());
            own.ifPresent(mail::setAttribute);
            mail.setState(state);
            mail.setRecipients(before);
        }
    }

    private void sendDsn(DsnKind kind, Mail mail, MailState state, Notice notice) throws MessagingException {
        List<RecipientReport> due = DsnRules.due(kind, mail, reports(mail, state, sentBy(kind, mail, notice)));
        if (due.isEmpty()) {
            LOGGER.info("mail={} dsn={} not wanted about={}", state.name(), kind, addresses(notice.recipients()));
            return;
        }
        Route route = routeOf(due.get(0).recipient());
        Mail dsn = composer.composeMail(new DsnRequest(
                kind,
                mail,
                state.acceptedAt(),
                due,
                route.connection().heloName(),
                context.getPostmaster(),
                kind.template(),
                route.dsnLanguages(),
                Optional.of(mail.hasSender() ? route.queueLifetime() : route.nullSenderLifetime())));
        try {
            context.sendMail(dsn);
            LOGGER.info(
                    "mail={} dsn={} to={} about={}",
                    state.name(),
                    kind,
                    dsn.getRecipients(),
                    addresses(notice.recipients()));
        } catch (RuntimeException e) {
            throw new MessagingException("spool: " + e, e);
        } finally {
            LifecycleUtil.dispose(dsn);
        }
    }

    /** The recipients whose route sends DSNs of this kind, to this sender. */
    private Notice sentBy(DsnKind kind, Mail mail, Notice notice) {
        DsnChoice choice =
                switch (kind) {
                    case FAILURE -> DsnChoice.FAILURE;
                    case DELAY -> DsnChoice.DELAY;
                    case SUCCESS -> DsnChoice.SUCCESS;
                };
        return new Notice(
                notice.kind(),
                notice.recipients().stream()
                        .filter(told -> {
                            Route route = routeOf(told.recipient());
                            return route.dsns().contains(choice) && KnownSender.mayBeTold(mail, route);
                        })
                        .toList());
    }

    private Route routeOf(MailAddress recipient) {
        return routes.routeOf(recipient.getDomain().asString());
    }

    private List<RecipientReport> reports(Mail mail, MailState state, Notice notice) {
        return notice.recipients().stream()
                .map(told -> new RecipientReport(
                        told.recipient(),
                        AddressLiterals.onTheWire(told.recipient()),
                        told.status(),
                        told.reply(),
                        told.host(),
                        told.reason(),
                        told.at(),
                        Optional.of(routeOf(told.recipient()).expiry(state.acceptedAt(), !mail.hasSender())),
                        state.attempts()))
                .toList();
    }

    private static List<MailAddress> addresses(List<Notice.Told> told) {
        return told.stream().map(Notice.Told::recipient).toList();
    }

    private static String summary(Notice notice) {
        return notice.recipients().stream()
                .map(told -> AddressLiterals.onTheWire(told.recipient()) + " " + told.reason())
                .toList()
                .toString();
    }
}
