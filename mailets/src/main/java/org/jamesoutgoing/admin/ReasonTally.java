/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.admin.QueueSummary.Reason;
import org.jamesoutgoing.dsn.ReasonPattern;

/**
 * Why mails wait, counted: reasons of one {@link ReasonPattern} are one. Replies come from strangers, so the
 * room that this takes is bounded. Not thread-safe.
 */
final class ReasonTally {

    /** Reasons told apart; what is more falls under {@link #OTHERS}. */
    static final int MAX_REASONS = 1000;

    static final String OTHERS = "other reasons";

    private final Map<String, long[]> counts = new HashMap<>();

    void add(String reason) {
        String kind = ReasonPattern.of(reason);
        String key = counts.containsKey(kind) || counts.size() < MAX_REASONS ? kind : OTHERS;
        counts.computeIfAbsent(key, any -> new long[1])[0]++;
    }

    /** The most frequent ones, at most so many. */
    List<Reason> top(int max) {
        return counts.entrySet().stream()
                .map(entry -> new Reason(entry.getKey(), entry.getValue()[0]))
                .sorted(Comparator.comparing(Reason::mails).reversed().thenComparing(Reason::reason))
                .limit(max)
                .toList();
    }
}
