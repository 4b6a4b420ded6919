/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.AttemptListener;
import org.jamesoutgoing.delivery.AttemptReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.queue.MailState;

/**
 * How many attempts were made in the last minutes, and what came of them. Counts by the second, a quarter of an hour back;
 * takes the same room whatever happens. Thread-safe.
 */
public final class AttemptRates implements AttemptListener {

    /** How far back it knows. */
    public static final Duration MEMORY = Duration.ofMinutes(15);

    private static final int SECONDS = (int) MEMORY.toSeconds();

    /**
     * What happened in some time.
     *
     * @param attempts in which a host was asked, or none was found that could be
     * @param recipients of these attempts, by what came of them
     */
    public record Counts(long attempts, Map<Outcome, Long> recipients) {

        public long of(Outcome outcome) {
            return recipients.getOrDefault(outcome, 0L);
        }
    }

    private final Clock clock;
    /** The second that each place of the ring counts; a place is cleared when another second takes it. */
    private final long[] second = new long[SECONDS];

    private final long[] attempts = new long[SECONDS];
    private final Map<Outcome, long[]> recipients = new EnumMap<>(Outcome.class);

    public AttemptRates(Clock clock) {
        this.clock = clock;
        for (Outcome outcome : Outcome.values()) {
            recipients.put(outcome, new long[SECONDS]);
        }
    }

    @Override
    public void finished(Mail mail, MailState state, AttemptReport report, Optional<Instant> nextAttempt) {
        count(report);
    }

    synchronized void count(AttemptReport report) {
        if (!report.attempted()) {
            return;
        }
        int place = placeOfNow();
        attempts[place]++;
        report.outcomes().forEach(each -> recipients.get(each.outcome())[place]++);
    }

    private int placeOfNow() {
        long now = clock.instant().getEpochSecond();
        int place = (int) Math.floorMod(now, (long) SECONDS);
        if (second[place] != now) {
            second[place] = now;
            attempts[place] = 0;
            recipients.values().forEach(counts -> counts[place] = 0);
        }
        return place;
    }

    /** What happened in this last time, {@link #MEMORY} at most; of the current second what there is. */
    public synchronized Counts last(Duration time) {
        long now = clock.instant().getEpochSecond();
        long seconds = Math.min(time.toSeconds(), SECONDS);
        long tried = 0;
        Map<Outcome, Long> told = new EnumMap<>(Outcome.class);
        for (int place = 0; place < SECONDS; place++) {
            // A second that is still to come was counted before somebody put the clock back.
            if (second[place] <= now && now - second[place] < seconds) {
                tried += attempts[place];
                for (Map.Entry<Outcome, long[]> counts : recipients.entrySet()) {
                    told.merge(counts.getKey(), counts.getValue()[place], Long::sum);
                }
            }
        }
        return new Counts(tried, told);
    }
}
