/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.admin.QueueSummary;
import org.jamesoutgoing.admin.QueueView;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.monitoring.AttemptRates;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.QueueUsage;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.settings.ValueType;

/**
 * A service at a glance.
 *
 * @param mode of its default route
 * @param state {@code running}, {@code suspended}, or {@code drained}: it delivers nothing until James is started again
 * @param fullness {@code normal}, {@code nearly-full} or {@code full}
 * @param mails in each state
 * @param unread mails of the waiting room that are not read since James was started; they are in no state yet
 * @param notices notifications that wait to be sent, of mails that are done otherwise
 * @param rates by the minutes they are the average of
 * @param reasons why mails are deferred, the most frequent ones first
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record ServiceView(
        String queue,
        String mode,
        String state,
        Optional<HoldView> suspension,
        String fullness,
        Map<String, Amount> mails,
        long unread,
        long notices,
        Optional<Oldest> oldest,
        Map<String, Limit> limits,
        Map<String, Rate> rates,
        List<QueueSummary.Reason> reasons) {

    private static final List<Integer> MINUTES = List.of(1, 5, 15);

    /** @param bytes of their messages */
    record Amount(long mails, long bytes) {

        static Amount of(QueueUsage usage) {
            return new Amount(usage.mails(), usage.octets());
        }
    }

    /** The mail that was accepted first. */
    record Oldest(String id, String state, Instant acceptedAt, long ageSeconds) {

        static Oldest of(ListedMail mail, Instant now) {
            Instant accepted = mail.acceptedAt();
            return new Oldest(
                    mail.id(),
                    mail.state().word(),
                    accepted,
                    Math.max(0, Duration.between(accepted, now).toSeconds()));
        }
    }

    /**
     * @param limit absent: none
     * @param used now; of a limit for each domain or sender by the one that uses most
     * @param by which one that is
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Limit(Optional<Long> limit, long used, Optional<String> by) {

        static Limit of(long limit, long used) {
            return new Limit(some(limit), used, Optional.empty());
        }

        static Limit of(long limit, Optional<Map.Entry<String, Long>> most) {
            return new Limit(some(limit), most.map(Map.Entry::getValue).orElse(0L), most.map(Map.Entry::getKey));
        }

        private static Optional<Long> some(long limit) {
            return Optional.of(limit).filter(number -> number > 0);
        }
    }

    /** @param accepted recipients a minute, as all but {@code attempts} */
    record Rate(double attempts, double accepted, double deferred, double failed) {

        static Rate of(AttemptRates.Counts counts, int minutes) {
            return new Rate(
                    perMinute(counts.attempts(), minutes),
                    perMinute(counts.of(Outcome.ACCEPTED), minutes),
                    perMinute(counts.of(Outcome.DEFERRED), minutes),
                    perMinute(counts.of(Outcome.FAILED), minutes));
        }

        /** With one decimal. */
        private static double perMinute(long count, int minutes) {
            return Math.round(count * 10.0 / minutes) / 10.0;
        }
    }

    static ServiceView of(OutgoingMailService service) {
        QueueView view = service.view();
        QueueLedger ledger = service.ledger();
        Instant now = view.now();
        QueueSummary summary = view.summary();
        Optional<HoldView> suspension =
                service.controls().suspensions().ofService(now).map(HoldView::of);
        return new ServiceView(
                service.settings().queueName(),
                service.routes().of(RouteName.DEFAULT).mode() instanceof RouteMode.Relay ? "relay" : "independent",
                service.isDelivering() ? suspension.isPresent() ? "suspended" : "running" : "drained",
                suspension,
                ValueType.spelling(service.fullness()),
                mails(ledger),
                ledger.unread(),
                view.pendingNotifications(),
                summary.oldest().map(mail -> Oldest.of(mail, now)),
                limits(service.controls().limits(), ledger),
                rates(view.rates()),
                summary.reasons());
    }

    private static Map<String, Amount> mails(QueueLedger ledger) {
        Map<String, Amount> mails = new LinkedHashMap<>();
        for (QueueState state : QueueState.values()) {
            mails.put(state.word(), Amount.of(ledger.usage(state)));
        }
        return mails;
    }

    private static Map<String, Limit> limits(QueueLimits limits, QueueLedger ledger) {
        QueueUsage usage = ledger.usage();
        Map<String, Limit> all = new LinkedHashMap<>();
        all.put("mails", Limit.of(limits.mails(), usage.mails()));
        all.put("size", Limit.of(limits.octets(), usage.octets()));
        all.put("mailsPerDomain", Limit.of(limits.mailsPerDomain(), ledger.fullestDomain()));
        all.put("mailsPerSender", Limit.of(limits.mailsPerSender(), ledger.fullestSender()));
        return all;
    }

    private static Map<String, Rate> rates(AttemptRates rates) {
        Map<String, Rate> all = new LinkedHashMap<>();
        for (int minutes : MINUTES) {
            all.put(minutes + "m", Rate.of(rates.last(Duration.ofMinutes(minutes)), minutes));
        }
        return all;
    }
}
