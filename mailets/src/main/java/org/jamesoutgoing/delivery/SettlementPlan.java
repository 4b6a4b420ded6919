/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.queue.PastAttempt;
import org.jamesoutgoing.routing.DsnPolicy;
import org.jamesoutgoing.routing.Route;

/**
 * What follows from an attempt: who is tried again and when, and what is to be told to whom. Pure.
 *
 * @param state the mail's state with the attempt written down
 * @param remainder the recipients that are tried again, with the time of it; empty when none is
 * @param notifications what is to be told
 */
record SettlementPlan(MailState state, Optional<MailState> remainder, List<Notification> notifications) {

    static SettlementPlan of(ActiveMail active, AttemptReport report, boolean tellSuccess, RandomGenerator random) {
        Mail mail = active.mail;
        Route route = active.destination.route();
        Instant now = report.at();
        MailState state = report.attempted() ? written(active.state, report) : active.state;
        Instant expiry = route.expiry(state.acceptedAt(), !mail.hasSender());
        Optional<String> giveUp = whyGiveUp(route, state, report, now, expiry);

        List<RecipientReport> again = giveUp.isPresent() ? List.of() : report.of(Outcome.DEFERRED);
        boolean tellDelay = !again.isEmpty()
                && mail.hasSender()
                && route.dsns()
                        .nextDelay(state.acceptedAt(), state.delayTold())
                        .filter(next -> !now.isBefore(next))
                        .isPresent();
        List<RecipientReport> accepted = report.of(Outcome.ACCEPTED);

        List<Notification> notifications = new ArrayList<>();
        add(notifications, DsnKind.FAILURE, route.dsns().failure(), failed(report, giveUp));
        if (tellDelay) {
            add(notifications, DsnKind.DELAY, route.dsns().delay(), again);
        }
        if (!report.dsnPassedOn()) {
            // RFC 3461 §5.2.2: the next hop will not say that it delivered, so we say that we relayed.
            add(notifications, DsnKind.SUCCESS, route.dsns().success(), wantSuccess(mail, accepted));
        }
        if (tellSuccess && !accepted.isEmpty()) {
            notifications.add(new Notification(DsnKind.SUCCESS, Notification.Addressee.SUCCESS_PROCESSOR, accepted));
        }
        if (again.isEmpty()) {
            return new SettlementPlan(state, Optional.empty(), notifications);
        }
        MailState rest = state.withRecipients(
                        again.stream().map(RecipientReport::recipient).toList())
                .withDue(due(active, state, report, expiry, random));
        return new SettlementPlan(state, Optional.of(tellDelay ? rest.withDelayTold(now) : rest), notifications);
    }

    private static Optional<String> whyGiveUp(
            Route route, MailState state, AttemptReport report, Instant now, Instant expiry) {
        if (!now.isBefore(expiry)) {
            return Optional.of("not delivered within the queue lifetime");
        }
        if (report.attempted() && route.resend().exhaustedAfter(state.attempts())) {
            return Optional.of("not delivered in " + state.attempts() + " attempts");
        }
        return Optional.empty();
    }

    private static List<RecipientReport> failed(AttemptReport report, Optional<String> giveUp) {
        Stream<RecipientReport> expired = giveUp.stream().flatMap(why -> report.of(Outcome.DEFERRED).stream()
                .map(recipient -> recipient.expired(why, report.attempted())));
        return Stream.concat(report.of(Outcome.FAILED).stream(), expired).toList();
    }

    /** A mail that was not attempted keeps its time. The last attempt is made when the lifetime ends. */
    private static Instant due(
            ActiveMail active, MailState state, AttemptReport report, Instant expiry, RandomGenerator random) {
        if (!report.attempted()) {
            return state.due();
        }
        Route route = active.destination.route();
        Duration delay = route.resend().delayAfter(state.attempts(), random);
        if (route.backup().isPresent() && active.towards != null && !report.reached()) {
            // The main server is down: one mail at a time finds out when it is back, whatever the resend delays.
            Duration longest = BackOff.longest(route);
            delay = delay.compareTo(longest) < 0 ? delay : longest;
        }
        Instant next = report.at().plus(delay);
        return next.isBefore(expiry) ? next : expiry;
    }

    private static void add(
            List<Notification> notifications, DsnKind kind, DsnPolicy policy, List<RecipientReport> recipients) {
        if (!recipients.isEmpty()) {
            notifications.addAll(new Notification(kind, recipients).under(policy));
        }
    }

    private static List<RecipientReport> wantSuccess(Mail mail, List<RecipientReport> accepted) {
        return accepted.stream()
                .filter(outcome -> wantsSuccess(mail, outcome.recipient()))
                .toList();
    }

    private static boolean wantsSuccess(Mail mail, MailAddress recipient) {
        return mail.dsnParameters()
                .map(dsn -> dsn.getRcptParameters().get(recipient))
                .flatMap(DsnParameters.RecipientDsnParameters::getNotifyParameter)
                .filter(notify -> notify.contains(DsnParameters.Notify.SUCCESS))
                .isPresent();
    }

    private static MailState written(MailState state, AttemptReport report) {
        return state.withAttempt(pastAttempt(report)).withLastSaid(report.outcomes());
    }

    private static PastAttempt pastAttempt(AttemptReport report) {
        RecipientReport worst = Stream.of(Outcome.FAILED, Outcome.DEFERRED, Outcome.ACCEPTED)
                .flatMap(outcome -> report.of(outcome).stream())
                .findFirst()
                .orElseThrow();
        String summary = report.outcomes().stream()
                .map(recipient -> recipient.outcome().word())
                .distinct()
                .collect(Collectors.joining("+"));
        return new PastAttempt(report.at(), worst.host(), report.tls(), worst.stage(), summary, worst.reason());
    }
}
