/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Explanation;
import org.jamesoutgoing.dsn.template.Phrasebook;
import org.jamesoutgoing.dsn.template.Variable;

/**
 * The values of all variables ({@link Variable#TABLE}) in one language. Every text is one harmless line of bounded
 * length, whoever wrote it; all are there, if only empty.
 */
final class TemplateValues {
    private static final int LONGEST_SUBJECT = 150;
    private static final int LONGEST_TEXT = 500;

    /** Beyond, the delivery status part lists them; nobody reads so many. */
    private static final int MOST_RECIPIENTS = 100;

    /** In characters: long replies of many servers must not make a good template grow beyond its limit. */
    private static final int LONGEST_LIST = 40_000;

    private final List<DsnFacts> mails;
    private final DsnFacts facts;
    private final DsnRequest request;
    private final Phrasebook phrases;

    private TemplateValues(List<DsnFacts> mails, Phrasebook phrases) {
        this.mails = mails;
        this.facts = mails.get(0);
        this.request = facts.request();
        this.phrases = phrases;
    }

    /** @param mails one or more of one kind, from one sender */
    static Map<String, Object> of(List<DsnFacts> mails, Phrasebook phrases) {
        return new TemplateValues(mails, phrases).ofMails();
    }

    private Map<String, Object> ofMails() {
        List<RecipientReport> reports = reports().toList();
        List<Map<String, Object>> recipients = recipients();
        Map<String, Object> values = new HashMap<>();
        values.put("host", facts.host());
        values.put("postmaster", line(request.postmaster().asString()));
        values.put("sender", line(request.original().getMaybeSender().asString("")));
        values.put("messages", isMerged() ? count(mails.size()) : "");
        values.put("subject", ofTheOne(facts.original().subject(LONGEST_SUBJECT)));
        values.put("written", ofTheOne(facts.original().date(LONGEST_SUBJECT)));
        values.put("messageId", ofTheOne(facts.original().messageId()));
        values.put("size", ofTheOne(Optional.of(size())));
        values.put("arrival", date(arrival()));
        values.put("expiry", expiry().map(this::date).orElse(""));
        values.put("lifetime", request.lifetime().map(phrases::duration).orElse(""));
        values.put(
                "attempts",
                count(reports.stream().mapToInt(RecipientReport::attempts).max().orElse(0)));
        values.put("relayed", request.kind() == DsnKind.SUCCESS);
        values.put("delivered", request.kind() == DsnKind.DELIVERED);
        values.put("expanded", request.kind() == DsnKind.EXPANDED);
        values.put("recipients", recipients);
        values.put("several", reports.size() > 1);
        values.put("count", Integer.toString(reports.size()));
        values.put("more", count(reports.size() - recipients.size()));
        values.put("messageAttached", facts.returned().extent() == ReturnedContent.Extent.WHOLE);
        values.put("headersAttached", facts.returned().extent() == ReturnedContent.Extent.HEADERS);
        return values;
    }

    private boolean isMerged() {
        return mails.size() > 1;
    }

    private Stream<RecipientReport> reports() {
        return mails.stream().flatMap(mail -> mail.request().recipients().stream());
    }

    /** What is said of a mail cannot be said of several. */
    private String ofTheOne(Optional<String> value) {
        return isMerged() ? "" : value.orElse("");
    }

    /** Of several mails, the first one's. */
    private Instant arrival() {
        return mails.stream()
                .map(mail -> mail.request().arrival())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** At least the first one. */
    private List<Map<String, Object>> recipients() {
        List<Map<String, Object>> recipients = new ArrayList<>();
        int length = 0;
        for (DsnFacts mail : mails) {
            for (RecipientReport report : mail.request().recipients()) {
                Map<String, Object> recipient = ofRecipient(mail, report);
                length += recipient.values().stream()
                        .mapToInt(value -> value.toString().length())
                        .sum();
                if (recipients.size() == MOST_RECIPIENTS || (!recipients.isEmpty() && length > LONGEST_LIST)) {
                    return recipients;
                }
                recipients.add(recipient);
            }
        }
        return recipients;
    }

    private Map<String, Object> ofRecipient(DsnFacts mail, RecipientReport report) {
        String address = line(report.address());
        boolean told = !request.kind().isSuccess();
        Optional<String> reply = report.reply().map(TemplateValues::line).filter(text -> !text.isEmpty());
        Explanation why = told
                ? Explanation.of(report.status(), report.lastStatus(), reply, report.reason(), address, phrases)
                : new Explanation("", "");
        Map<String, Object> values = new HashMap<>();
        values.put("address", address);
        values.put(
                "about", isMerged() ? mail.original().subject(LONGEST_SUBJECT).orElse("") : "");
        values.put(
                "originalRecipient",
                mail.asked()
                        .originalRecipientOf(report.recipient())
                        .map(TemplateValues::line)
                        .filter(written -> !written.equalsIgnoreCase(address))
                        .orElse(""));
        values.put("reason", line(why.reason()));
        values.put("advice", line(why.advice()));
        values.put("detail", line(report.reason()));
        values.put("reply", reply.orElse(""));
        values.put("server", report.host().map(TemplateValues::line).orElse(""));
        values.put("status", line(report.status()));
        values.put("attempts", count(report.attempts()));
        values.put("lastAttempt", date(report.at()));
        return values;
    }

    private Optional<Instant> expiry() {
        return reports()
                .flatMap(report -> report.willRetryUntil().stream())
                .max(Instant::compareTo)
                .or(() -> request.lifetime().map(lifetime -> arrival().plus(lifetime)));
    }

    private String size() {
        long size = facts.original().size().orElse(0);
        return size > 0 ? phrases.size(size) : "";
    }

    private String date(Instant time) {
        return phrases.date(time, facts.zone());
    }

    private static String count(int count) {
        return count > 0 ? Integer.toString(count) : "";
    }

    private static String line(String stranger) {
        return SafeLine.of(stranger, LONGEST_TEXT);
    }
}
