/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import javax.mail.internet.ContentType;
import javax.mail.internet.MimeMessage;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;

/** Who gets told: what the sender asked for, recipient by recipient (RFC 3461 §4.1). */
public final class DsnRules {
    private DsnRules() {}

    /**
     * The recipients about whom a DSN of this kind is due, in the given order.
     *
     * <ul>
     *   <li>The sender is {@code <>}, or the mail is a DSN: nobody. A DSN about a DSN would never end (RFC 5321 §6.1,
     *       RFC 3464 §2).
     *   <li>{@code NOTIFY=NEVER}: not this recipient, whatever happened.
     *   <li>No {@code NOTIFY}: failures, and delays too, which RFC 3461 §4.1 leaves to us.
     *   <li>Else exactly the conditions named. Success is told only to those who asked.
     * </ul>
     */
    public static List<RecipientReport> due(DsnKind kind, Mail original, List<RecipientReport> reports) {
        return due(original, reports, notify -> isDue(kind, notify));
    }

    /**
     * The recipients about whom a postmaster who wants to know it is told the same. {@code NOTIFY=NEVER} silences this too;
     * that the sender does not care for failures or delays is only about the sender. Success is told of the recipients of
     * whom it was asked.
     */
    public static List<RecipientReport> dueToPostmaster(DsnKind kind, Mail original, List<RecipientReport> reports) {
        return due(
                original,
                reports,
                notify -> !notify.contains(Notify.NEVER) && (!kind.isSuccess() || isDue(kind, notify)));
    }

    private static List<RecipientReport> due(
            Mail original, List<RecipientReport> reports, Predicate<Set<Notify>> wanted) {
        if (original.getMaybeSender().isNullSender() || isNotification(original)) {
            return List.of();
        }
        RequestedDsn asked = RequestedDsn.by(original);
        return reports.stream()
                .filter(report -> wanted.test(asked.notifyOf(report.recipient())))
                .toList();
    }

    /**
     * Whether this mail is itself a DSN or something like it, though it may have a sender: a forwarder has given it one.
     * Answers that people have written for their absence, {@code auto-replied} too, are none.
     */
    public static boolean isNotification(Mail mail) {
        try {
            MimeMessage message = mail.getMessage();
            if (message == null) {
                return false;
            }
            ContentType type = new ContentType(message.getContentType());
            return type.match("multipart/report")
                    && ("delivery-status".equalsIgnoreCase(type.getParameter("report-type")) || isAutoReplied(message));
        } catch (MessagingException | RuntimeException unreadable) {
            return false;
        }
    }

    /** RFC 3834 §5. */
    private static boolean isAutoReplied(MimeMessage message) throws MessagingException {
        String submitted = message.getHeader("Auto-Submitted", ",");
        return submitted != null && submitted.toLowerCase(Locale.ROOT).contains("auto-replied");
    }

    private static boolean isDue(DsnKind kind, Set<Notify> notify) {
        return switch (kind) {
            case FAILURE, QUEUE_FULL -> notify.isEmpty() || notify.contains(Notify.FAILURE);
            case DELAY -> notify.isEmpty() || notify.contains(Notify.DELAY);
            case SUCCESS, DELIVERED, EXPANDED -> notify.contains(Notify.SUCCESS);
        };
    }
}
