/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.smtp.Timings;

/**
 * What came of an attempt.
 *
 * @param at when it ended
 * @param nextHop for people
 * @param attempted false when no host was asked: the next hop was known to be unreachable, or no next hop was found
 * @param reached whether any host greeted us: decides about the next hop's back-off
 * @param givenUp whether we gave it up to make room for others, see {@link Transport#giveUpLongestWaits}
 * @param dsnPassedOn whether the host that accepted sends DSNs itself (RFC 3461 §5.2.1)
 * @param tls of the connection that was used last
 * @param dns how long it took to find the next hop
 * @param timings of all hosts that were asked together
 * @param outcomes one for each recipient, of the time when the attempt ended
 */
public record AttemptReport(
        Instant at,
        String nextHop,
        boolean attempted,
        boolean reached,
        boolean givenUp,
        boolean dsnPassedOn,
        Optional<String> tls,
        Duration dns,
        Timings timings,
        List<RecipientReport> outcomes) {

    public AttemptReport {
        outcomes = outcomes.stream().map(outcome -> outcome.triedAt(at)).toList();
    }

    public static AttemptReport withoutHost(
            Instant at, String nextHop, boolean attempted, Duration dns, List<RecipientReport> outcomes) {
        return new AttemptReport(
                at, nextHop, attempted, false, false, false, Optional.empty(), dns, Timings.NONE, outcomes);
    }

    /** Whether no host has said anything about any recipient. */
    boolean isWithoutReply() {
        return outcomes.stream()
                .allMatch(each ->
                        each.outcome() == Outcome.DEFERRED && each.reply().isEmpty());
    }

    /** What it ended with, for people. */
    String lastWord() {
        return outcomes.isEmpty() ? "" : outcomes.get(0).reason();
    }

    public List<RecipientReport> of(Outcome outcome) {
        return outcomes.stream().filter(each -> each.outcome() == outcome).toList();
    }
}
