/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mail of the waiting room of which nothing but its keys is known: it has not been read since the start, or it cannot be
 * read now. It may be that there are no file descriptors left, and it may be that it is damaged for good: nobody can tell,
 * so it is tried again for ever, and an earlier record counts only after a while.
 *
 * @param latestFirst its records
 * @param parts what is left of a split that has not come to its end
 * @param failures how often it could not be read
 * @param since when it could not be read for the first time
 * @param again when it is tried again
 */
record UnreadEntry(List<RecordId> latestFirst, List<RecordId> parts, int failures, Instant since, Instant again) {

    /**
     * How long the latest record is waited for. An earlier one names recipients that may have the mail by now; want of file
     * descriptors, or of a database, is over by then, or somebody has been woken.
     */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    UnreadEntry {
        latestFirst = List.copyOf(latestFirst);
        parts = List.copyOf(parts);
    }

    /** By id, what these keys are of. */
    static Map<String, UnreadEntry> of(List<RecordId> keys) {
        Map<String, List<RecordId>> records = new HashMap<>();
        keys.forEach(stamp ->
                records.computeIfAbsent(stamp.id(), id -> new ArrayList<>()).add(stamp));
        Map<String, List<RecordId>> parts = new HashMap<>();
        for (List<RecordId> stamps : List.copyOf(records.values())) {
            RecordId part = stamps.get(0);
            MailIds.whole(part.id())
                    .filter(whole -> stamps.size() == 1 && part.sequence() == 1 && records.containsKey(whole))
                    .ifPresent(whole -> {
                        records.remove(part.id());
                        parts.computeIfAbsent(whole, any -> new ArrayList<>()).add(part);
                    });
        }
        Map<String, UnreadEntry> unread = new HashMap<>();
        records.forEach((id, stamps) -> {
            stamps.sort(Comparator.comparing(RecordId::sequence).reversed());
            unread.put(id, new UnreadEntry(stamps, parts.getOrDefault(id, List.of()), 0, Instant.MAX, Instant.MAX));
        });
        return unread;
    }

    UnreadEntry failed(Instant now) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
        return new UnreadEntry(
                latestFirst,
                parts,
                failures + 1,
                failures == 0 ? now : since,
                now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE));
    }

    /** Whether an earlier record counts by now, if there is one. */
    boolean isGivenUp(Instant now) {
        return failures > 0 && !now.isBefore(since.plus(PATIENCE));
    }
}
