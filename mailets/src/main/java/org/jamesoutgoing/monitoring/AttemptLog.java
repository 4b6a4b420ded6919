/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.AttemptListener;
import org.jamesoutgoing.delivery.AttemptReport;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.routing.AddressLiterals;
import org.jamesoutgoing.smtp.Timings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One INFO line an attempt, and one more for each other thing that its host had to say to some of the recipients. The fields
 * and their order are documented in {@code conf/OPERATING.md}, and stay.
 */
public final class AttemptLog implements AttemptListener {

    private static final Logger LOGGER = LoggerFactory.getLogger("org.jamesoutgoing.attempt");
    private static final int MAX_RECIPIENTS = 20;

    private final String queue;

    /** What recipients of one line have in common; the words of the reply may differ. */
    private record Said(
            Outcome outcome, String status, Optional<Integer> code, Optional<String> asked, Optional<String> stage) {}

    /** @param queue name of the outgoing queue */
    public AttemptLog(String queue) {
        this.queue = queue;
    }

    /** Whether James's log configuration has these lines written: that of a stock James has not. */
    public static boolean isWritten() {
        return LOGGER.isInfoEnabled();
    }

    @Override
    public void finished(Mail mail, MailState state, AttemptReport report, Optional<Instant> nextAttempt) {
        if (!isWritten()) {
            return;
        }
        Map<Said, List<RecipientReport>> lines = report.outcomes().stream()
                .collect(Collectors.groupingBy(
                        each -> new Said(each.outcome(), each.status(), each.code(), each.asked(), each.stage()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        lines.values()
                .forEach(outcomes -> LOGGER.info(
                        "{}", line(mail, state, report, outcomes, nextAttempt).text()));
    }

    private LogLine line(
            Mail mail,
            MailState state,
            AttemptReport report,
            List<RecipientReport> outcomes,
            Optional<Instant> nextAttempt) {
        RecipientReport first = outcomes.get(0);
        boolean deferred = first.outcome() == Outcome.DEFERRED;
        return new LogLine()
                .with("mail", state.name())
                .with("queue", queue)
                .with("sender", mail.getMaybeSender().asString())
                .with("to", recipients(outcomes))
                .with("nexthop", report.nextHop())
                .with("host", first.asked().map(AttemptLog::host))
                .with("address", first.asked().flatMap(AttemptLog::address))
                .with("tls", report.tls().map(tls -> tls.replace(' ', '/')))
                .with("stage", first.stage())
                .with("outcome", first.outcome().word())
                .with("status", first.status())
                .with(
                        "reason",
                        first.outcome() != Outcome.ACCEPTED
                                ? Optional.of(first.reasonClass().word())
                                : Optional.empty())
                .with("attempt", Integer.toString(state.attempts()))
                .with("delay", seconds(Duration.between(state.acceptedAt(), report.at())))
                .with("delays", delays(report))
                .with(
                        "next",
                        deferred
                                ? nextAttempt
                                        .map(next -> next.truncatedTo(ChronoUnit.SECONDS)
                                                .toString())
                                        .or(() -> Optional.of("never"))
                                : Optional.empty())
                .quoted("reply", first.reason());
    }

    private static String recipients(List<RecipientReport> outcomes) {
        Stream<String> some =
                outcomes.stream().limit(MAX_RECIPIENTS).map(outcome -> AddressLiterals.onTheWire(outcome.recipient()));
        int more = outcomes.size() - MAX_RECIPIENTS;
        return Stream.concat(some, more > 0 ? Stream.of("+" + more) : Stream.empty())
                .collect(Collectors.joining(","));
    }

    /** Of {@code mx.example.org[192.0.2.1]}. */
    private static String host(String asked) {
        int bracket = bracket(asked);
        return bracket > 0 ? asked.substring(0, bracket) : asked;
    }

    private static Optional<String> address(String asked) {
        int bracket = bracket(asked);
        return bracket > 0 ? Optional.of(asked.substring(bracket + 1, asked.length() - 1)) : Optional.empty();
    }

    private static int bracket(String asked) {
        return asked.endsWith("]") ? asked.lastIndexOf('[') : -1;
    }

    private static String delays(AttemptReport report) {
        Timings timings = report.timings();
        return Stream.of(report.dns(), timings.connect(), timings.tls(), timings.transaction())
                .map(AttemptLog::seconds)
                .collect(Collectors.joining("/"));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", Math.max(0, time.toMillis()) / 1000.0);
    }
}
