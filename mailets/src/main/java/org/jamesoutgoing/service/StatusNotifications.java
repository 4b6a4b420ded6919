/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.DeliveryError;
import org.jamesoutgoing.dsn.DsnComposer;
import org.jamesoutgoing.dsn.DsnPreferences;
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.DsnRules;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.template.Wording;
import org.jamesoutgoing.routing.AddressLiterals;

/** DSNs about mails that are in one of James's processors, made of what stands on the mail. Thread-safe. */
public final class StatusNotifications {

    /** What James's DSN hook of SMTP leaves. */
    private static final AttributeName ARRIVAL = AttributeName.of("dsn-arrival-date");

    private final NotificationSettings settings;
    private final DsnComposer composer;
    private final Supplier<MailAddress> postmaster;
    private final Clock clock;

    /** @param postmaster asked for each DSN: when mailets are made, James does not know it yet */
    public StatusNotifications(
            NotificationSettings settings, Wording wording, Supplier<MailAddress> postmaster, Clock clock) {
        this.settings = settings;
        this.composer = new DsnComposer(clock, () -> UUID.randomUUID().toString(), settings.returned(), wording);
        this.postmaster = postmaster;
        this.clock = clock;
    }

    /**
     * The DSN to this mail's sender, to be sent and disposed of.
     *
     * @return empty when the mail is from {@code <>}, or nobody is to be told of any of its recipients (RFC 3461 §4.1)
     * @throws MessagingException when James cannot store it
     */
    public Optional<Mail> about(Mail mail) throws MessagingException {
        List<RecipientReport> due = DsnRules.due(settings.kind(), mail, reports(mail));
        if (due.isEmpty()) {
            return Optional.empty();
        }
        DsnRequest request = new DsnRequest(
                settings.kind(),
                mail,
                arrival(mail),
                due,
                settings.host(),
                postmaster.get(),
                settings.languages(),
                Optional.empty());
        return Optional.of(composer.composeMail(
                request, new DsnPreferences(from(mail), settings.subjectPrefix(), settings.introduction())));
    }

    private List<RecipientReport> reports(Mail mail) {
        DeliveryError error = settings.kind().isSuccess() ? DeliveryError.NONE : DeliveryError.on(mail);
        Instant at = error.at().orElseGet(() -> lastUpdated(mail));
        return mail.getRecipients().stream()
                .map(recipient -> new RecipientReport(
                        recipient,
                        AddressLiterals.onTheWire(recipient),
                        error.status(settings.defaultStatus()),
                        error.reply(),
                        error.host(),
                        error.reason(),
                        at,
                        Optional.empty(),
                        0))
                .toList();
    }

    private Optional<String> from(Mail mail) {
        if (settings.author() instanceof NotificationSettings.Author.Given given) {
            return Optional.of(given.mailbox());
        }
        if (settings.author() instanceof NotificationSettings.Author.Postmaster) {
            return Optional.of(postmaster.get().asString());
        }
        if (settings.author() instanceof NotificationSettings.Author.OriginalSender) {
            return mail.getMaybeSender().asOptional().map(MailAddress::asString);
        }
        return Optional.empty();
    }

    private Instant arrival(Mail mail) {
        return mail.getAttribute(ARRIVAL)
                .map(Attribute::getValue)
                .map(AttributeValue::value)
                .filter(ZonedDateTime.class::isInstance)
                .map(date -> ((ZonedDateTime) date).toInstant())
                .orElseGet(() -> lastUpdated(mail));
    }

    private Instant lastUpdated(Mail mail) {
        return Optional.ofNullable(mail.getLastUpdated()).map(Date::toInstant).orElseGet(clock::instant);
    }
}
