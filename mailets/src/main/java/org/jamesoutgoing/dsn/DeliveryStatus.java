/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jamesoutgoing.dsn.template.DsnKind;

/**
 * The part for programs: {@code message/delivery-status} (RFC 3464 §2.1), a group of fields about the mail and one
 * about each recipient. Always 7-bit, also about an address that is not (RFC 6533 §3).
 */
final class DeliveryStatus {
    private static final int LONGEST_REPLY = 1_000;
    private static final int LONGEST_NAME = 255;

    /** RFC 3461 §4.4 allows 100; what does not fit into a line cannot be told without changing it. */
    private static final int LONGEST_ENVELOPE_ID = 900;

    /** A name and the address behind it: RFC 3464 §2.1.2 wants the name alone. */
    private static final Pattern WITH_ADDRESS = Pattern.compile("^(.+)\\[[^\\[]*]$");

    private static final Pattern SMTP_REPLY = Pattern.compile("[2-5]\\d\\d(?:[ -].*)?");

    private final List<DsnFacts> mails;
    private final DsnFacts first;
    private final Optional<String> envelopeId;
    private final HeaderFields fields;

    private DeliveryStatus(List<DsnFacts> mails) {
        this.mails = mails;
        this.first = mails.get(0);
        this.envelopeId = common(DeliveryStatus::envelopeIdOf).flatMap(id -> id);
        this.fields = new HeaderFields(first.zone());
    }

    /** @param mails one or more of one kind, from one sender */
    static ReportPart of(List<DsnFacts> mails) {
        DeliveryStatus status = new DeliveryStatus(mails);
        status.perMessage();
        mails.forEach(mail -> mail.request().recipients().forEach(report -> status.perRecipient(mail, report)));
        return ReportPart.verbatim("message/delivery-status", "Delivery status", status.fields.bytes());
    }

    /** RFC 3464 §2.2. What is not the same for all mails cannot be said here. */
    private void perMessage() {
        envelopeId.ifPresent(id -> fields.add("Original-Envelope-Id", id));
        fields.add("Reporting-MTA", "dns; " + first.host());
        common(mail -> mail.request().arrival()).ifPresent(arrival -> fields.add("Arrival-Date", arrival));
    }

    private <T> Optional<T> common(Function<DsnFacts, T> property) {
        T value = property.apply(first);
        return mails.stream().allMatch(mail -> property.apply(mail).equals(value))
                ? Optional.of(value)
                : Optional.empty();
    }

    private static Optional<String> envelopeIdOf(DsnFacts mail) {
        return mail.asked().envelopeId().filter(id -> id.length() <= LONGEST_ENVELOPE_ID);
    }

    /** RFC 3464 §2.3, in the order of its grammar. */
    private void perRecipient(DsnFacts mail, RecipientReport report) {
        DsnKind kind = mail.request().kind();
        fields.emptyLine();
        mail.asked()
                .originalRecipientOf(report.recipient())
                .ifPresent(address -> fields.add("Original-Recipient", typed(address)));
        fields.add("Final-Recipient", typed(report.address()));
        fields.add("Action", kind.action());
        fields.add("Status", kind.fits(report.status()) ? report.status() : kind.plainStatus());
        report.host()
                .map(host -> SafeLine.ascii(WITH_ADDRESS.matcher(host).replaceFirst("$1"), LONGEST_NAME))
                .filter(host -> !host.isEmpty())
                .ifPresent(host -> fields.add("Remote-MTA", "dns; " + host));
        report.reply()
                .map(reply -> SafeLine.ascii(reply, LONGEST_REPLY))
                .filter(reply -> !reply.isEmpty())
                .ifPresent(reply -> fields.add("Diagnostic-Code", diagnosticType(reply) + "; " + reply));
        fields.add("Last-Attempt-Date", report.at());
        finalLogId(mail);
        if (kind == DsnKind.DELAY) {
            report.willRetryUntil().ifPresent(until -> fields.add("Will-Retry-Until", until));
        }
        if (mails.size() > 1) {
            whichMail(mail);
        }
    }

    /** RFC 3464 §2.3 allows fields of our own: which of several mails this recipient was to get. */
    private void whichMail(DsnFacts mail) {
        mail.original().messageId().ifPresent(id -> fields.add("X-Original-Message-ID", id));
        if (envelopeId.isEmpty()) {
            envelopeIdOf(mail).ifPresent(id -> fields.add("X-Original-Envelope-ID", id));
        }
    }

    /** What an administrator searches our log for. */
    private void finalLogId(DsnFacts mail) {
        String name = mail.request().original().getName();
        if (name != null && !name.isBlank()) {
            fields.add("Final-Log-ID", SafeLine.ascii(name, LONGEST_NAME));
        }
    }

    /** RFC 3461 §9.2: an {@code smtp} diagnostic begins with a reply code; for all else there are {@code X-} types. */
    private static String diagnosticType(String reply) {
        return SMTP_REPLY.matcher(reply).matches() ? "smtp" : "X-James-Outgoing";
    }

    /** An address beyond US-ASCII has its own type, and in a 7-bit status its own escapes (RFC 6533 §3). */
    private static String typed(String address) {
        if (address.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return "rfc822; " + address;
        }
        StringBuilder xtext = new StringBuilder(address.length() + 16);
        address.codePoints().forEach(point -> {
            if (point > ' ' && point <= '~' && point != '+' && point != '=' && point != '\\') {
                xtext.append((char) point);
            } else {
                boolean inGrammar = point >= ' ' && Character.getType(point) != Character.SURROGATE;
                xtext.append(SafeLine.escape(inGrammar ? point : SafeLine.REPLACEMENT));
            }
        });
        return "utf-8; " + xtext;
    }
}
