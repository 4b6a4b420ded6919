/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The built-in words: what happened, to whom, why, and what to do about it, in this order. */
final class EnglishWords {
    private static final int LINE = 72;
    private static final int LONGEST_SUBJECT = 150;
    private static final int LONGEST_TEXT = 500;

    /** Beyond, the delivery status part lists them; nobody reads so many. */
    private static final int MOST_RECIPIENTS = 100;

    private final Facts facts;
    private final DsnRequest request;
    private final StringBuilder text = new StringBuilder();

    private EnglishWords(Facts facts) {
        this.facts = facts;
        this.request = facts.request();
    }

    static Words of(Facts facts) {
        EnglishWords words = new EnglishWords(facts);
        return new Words(words.subject(), words.text());
    }

    private String subject() {
        String what =
                switch (request.kind()) {
                    case FAILURE -> "Undelivered Mail";
                    case DELAY -> "Delayed Mail (still being retried)";
                    case SUCCESS -> "Relayed Mail";
                };
        return facts.original()
                .subject(LONGEST_SUBJECT)
                .map(subject -> what + ": " + subject)
                .orElse(what);
    }

    private String text() {
        paragraph("", "This is the mail server " + facts.host() + ".");
        emptyLine();
        paragraph("", whatHappened());
        List<RecipientReport> recipients = request.recipients();
        recipients.stream().limit(MOST_RECIPIENTS).forEach(this::recipient);
        if (recipients.size() > MOST_RECIPIENTS) {
            emptyLine();
            paragraph("  ", "and " + (recipients.size() - MOST_RECIPIENTS) + " more, listed in the technical details.");
        }
        yourMessage();
        emptyLine();
        paragraph("", whereToAsk());
        return text.toString();
    }

    private String whatHappened() {
        boolean one = request.recipients().size() == 1;
        String below = one ? "the address below" : "the addresses below";
        return switch (request.kind()) {
            case FAILURE -> "Your message could not be delivered to " + below
                    + ". We have given up and will not try again.";
            case DELAY -> "Your message could not be delivered to " + below
                    + " yet. You need not send it again: we keep trying"
                    + latestRetry().map(until -> " until " + facts.date(until)).orElse("") + ".";
            case SUCCESS -> "Your message was handed over to the server that is responsible for " + below
                    + ". That server does not confirm delivery, so you may hear nothing more.";
        };
    }

    private Optional<Instant> latestRetry() {
        return request.recipients().stream()
                .flatMap(report -> report.willRetryUntil().stream())
                .max(Instant::compareTo);
    }

    private void recipient(RecipientReport report) {
        String address = line(report.address());
        emptyLine();
        paragraph("  ", address);
        facts.asked()
                .originalRecipientOf(report.recipient())
                .map(EnglishWords::line)
                .filter(written -> !written.equalsIgnoreCase(address))
                .ifPresent(written -> paragraph("      ", "(you wrote to " + written + ")"));
        String reason = line(report.reason());
        if (!reason.isEmpty()) {
            paragraph("      ", reason);
        }
        report.reply().map(EnglishWords::line).filter(reply -> !reply.isEmpty()).ifPresent(reply -> {
            String server = report.remoteHost().map(host -> " " + line(host)).orElse("");
            paragraph("      ", "The server" + server + " answered:");
            paragraph("          ", reply);
        });
        if (request.kind() == DsnKind.FAILURE) {
            Advice.on(report.status()).ifPresent(advice -> paragraph("      ", advice));
        }
    }

    private void yourMessage() {
        emptyLine();
        paragraph("", "Your message:");
        facts.original().subject(LONGEST_SUBJECT).ifPresent(subject -> paragraph("  ", "Subject: " + subject));
        facts.original().date(LONGEST_SUBJECT).ifPresent(date -> paragraph("  ", "Written: " + date));
        paragraph("  ", "Received here: " + facts.date(request.arrival()));
        switch (facts.returned().extent()) {
            case WHOLE -> paragraph("  ", "It is attached.");
            case HEADERS -> paragraph("  ", "Its headers are attached.");
            case NOTHING -> {}
        }
    }

    private String whereToAsk() {
        return "If you need help, write to " + line(request.postmaster().asString())
                + " and send this notification along. The technical details for an administrator are in its second"
                + " part.";
    }

    private static String line(String stranger) {
        return OneLine.of(stranger, LONGEST_TEXT);
    }

    private void emptyLine() {
        text.append('\n');
    }

    /** Wrapped at spaces; longer words stay whole, so that they can be copied. */
    private void paragraph(String indent, String words) {
        int column = 0;
        for (String word : words.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > LINE) {
                text.append('\n');
                column = 0;
            }
            String before = column == 0 ? indent : " ";
            text.append(before).append(word);
            column += before.length() + word.length();
        }
        text.append('\n');
    }
}
