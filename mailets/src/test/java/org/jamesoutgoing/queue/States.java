/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;

/** Any state that a mail can be in, with whatever strangers may have written into it. */
final class States {

    private States() {}

    static Arbitrary<MailState> any() {
        Arbitrary<MailState> untried = Combinators.combine(
                        recordIds(),
                        texts(),
                        instants(),
                        Arbitraries.integers().greaterOrEqual(0),
                        instants(),
                        instants().optional(),
                        addresses().list().ofMaxSize(10))
                .as((recordId, name, accepted, attempts, due, told, recipients) -> new MailState(
                        recordId,
                        name,
                        accepted,
                        attempts,
                        due,
                        told,
                        recipients,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of()));
        return Combinators.combine(
                        untried,
                        attempts().list().ofMaxSize(30),
                        notifications().list().ofMaxSize(3),
                        holds().optional(),
                        lastSaid().list().ofMaxSize(110))
                .as((state, history, notifications, hold, lastSaid) -> new MailState(
                        state.recordId(),
                        state.name(),
                        state.acceptedAt(),
                        state.attempts(),
                        state.due(),
                        state.delayTold(),
                        state.recipients(),
                        history,
                        notifications,
                        hold,
                        lastSaid));
    }

    private static Arbitrary<RecipientReport> lastSaid() {
        return Combinators.combine(
                        reports(Outcome.values()), Arbitraries.of("rcpt").optional())
                .as((report, stage) -> new RecipientReport(
                        report.recipient(),
                        report.address(),
                        report.outcome(),
                        report.status(),
                        report.lastStatus(),
                        report.reply(),
                        report.asked(),
                        report.host(),
                        stage,
                        report.reason(),
                        report.at(),
                        report.willRetryUntil(),
                        report.attempts()));
    }

    private static Arbitrary<Hold> holds() {
        return Combinators.combine(
                        Arbitraries.of(Hold.Kind.class),
                        texts(),
                        instants(),
                        instants().optional())
                .as(Hold::new);
    }

    private static Arbitrary<RecordId> recordIds() {
        Arbitrary<String> ids = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars('-')
                .ofMinLength(1)
                .ofMaxLength(40);
        return Combinators.combine(ids, Arbitraries.integers().greaterOrEqual(0))
                .as(RecordId::new);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(-1, 4_102_444_800_000L).map(Instant::ofEpochMilli);
    }

    /** Quoted local parts, the separators of James's queues among their characters. */
    static Arbitrary<MailAddress> addresses() {
        Arbitrary<String> quoted = Arbitraries.strings()
                .withChars(" ;,:<>@()[]!'\t.")
                .withCharRange('a', 'f')
                .ofMinLength(1)
                .ofMaxLength(20)
                // James takes no such address from anybody.
                .filter(text -> !text.contains(".."))
                .map(text -> '"' + text + '"');
        Arbitrary<String> local = Arbitraries.oneOf(
                quoted,
                Arbitraries.of(
                        "bob",
                        "Bob",
                        "b.o.b+tag",
                        "\"a;b\"",
                        "\"a\\\"b\"",
                        "\"a\\\\b\"",
                        "\"\\;\"",
                        "!#$%&'*/=?^_`{|}~",
                        "x".repeat(64)));
        Arbitrary<String> domain = Arbitraries.of(
                "a.example",
                "A.Example",
                "[192.0.2.1]",
                "xn--bcher-kva.example",
                (("d".repeat(62) + ".").repeat(4) + "e"));
        return Combinators.combine(local, domain).as((one, other) -> SampleMails.address(one + "@" + other));
    }

    /** All of Unicode, lone surrogates too, rich in what has a meaning somewhere. */
    static Arbitrary<String> texts() {
        Arbitrary<String> meaningful = Arbitraries.of(
                "\r\n",
                "\0",
                "\"",
                "\\",
                "\\u0000",
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                ";",
                "\u007f",
                "\u0085",
                "\u2028",
                "\ud83c\udf55",
                "\ud800",
                "\udc00",
                "\ufeff",
                "\uffff",
                "null",
                "550 5.1.1 ",
                "</",
                "x".repeat(300));
        return Arbitraries.oneOf(meaningful, Arbitraries.strings().ofMaxLength(10))
                .list()
                .ofMaxSize(5)
                .map(pieces -> String.join("", pieces));
    }

    private static Arbitrary<PastAttempt> attempts() {
        return Combinators.combine(
                        instants(),
                        texts().optional(),
                        texts().optional(),
                        Arbitraries.of("connect", "rcpt", "end-of-data").optional(),
                        Arbitraries.of("accepted", "deferred", "failed"),
                        texts())
                .as(PastAttempt::new);
    }

    private static Arbitrary<Notification> notifications() {
        return Arbitraries.of("FAILURE", "DELAY", "RELAYED", "ON_SUCCESS", "QUEUE_FULL")
                .flatMap(word -> Combinators.combine(
                                Arbitraries.of(true, false),
                                reports(outcomesToldBy(word)).list().ofMaxSize(4))
                        .as((postmaster, reports) ->
                                Notification.of(word, postmaster).about(reports)));
    }

    private static Outcome[] outcomesToldBy(String word) {
        return switch (word) {
            case "RELAYED", "ON_SUCCESS" -> new Outcome[] {Outcome.ACCEPTED};
            default -> new Outcome[] {Outcome.DEFERRED, Outcome.FAILED};
        };
    }

    private static Arbitrary<RecipientReport> reports(Outcome... outcomes) {
        return Combinators.combine(
                        reportsOfAttempts(outcomes), Arbitraries.of("4.4.1", "").optional())
                .as((report, lastStatus) -> new RecipientReport(
                        report.recipient(),
                        report.address(),
                        report.outcome(),
                        report.status(),
                        lastStatus,
                        report.reply(),
                        report.asked(),
                        report.host(),
                        report.stage(),
                        report.reason(),
                        report.at(),
                        Optional.empty(),
                        0));
    }

    private static Arbitrary<RecipientReport> reportsOfAttempts(Outcome... outcomes) {
        Arbitrary<String> replies = Combinators.combine(Arbitraries.integers().between(200, 599), texts())
                .as((code, text) -> code + " " + text);
        return Combinators.combine(
                        addresses(),
                        Arbitraries.of("5.1.1", "4.4.7", ""),
                        Arbitraries.oneOf(texts(), replies).optional(),
                        texts().optional(),
                        texts(),
                        Arbitraries.of(outcomes),
                        instants())
                .as((recipient, status, reply, host, reason, outcome, at) -> RecipientReport.of(
                        recipient, outcome, status, reply, host, host, Optional.empty(), reason, at));
    }
}
