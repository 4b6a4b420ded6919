/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of the look-ups of the last minutes, to tell when DNS itself is in trouble and not one domain. Bounded;
 * thread-safe.
 */
public final class LookupTally {

    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int KEPT = 100;
    /** One or two domains may have broken servers of their own. */
    private static final int MIN_NAMES = 3;

    /** @param trouble empty: there was an answer */
    private record Lookup(String name, Instant at, Optional<String> trouble) {}

    /**
     * DNS is in trouble.
     *
     * @param failed so many of the look-ups of the last minutes did
     * @param why the last one did
     */
    public record Failing(int failed, int lookups, String why) {}

    private final Clock clock;
    private final ArrayDeque<Lookup> last = new ArrayDeque<>();

    public LookupTally(Clock clock) {
        this.clock = clock;
    }

    /** A question to the servers that got an answer, be it that there is nothing of this name. */
    public void answered(String name) {
        note(name, Optional.empty());
    }

    /** A question that nobody answered. */
    public void failed(String name, String why) {
        note(name, Optional.of(why));
    }

    private synchronized void note(String name, Optional<String> trouble) {
        last.addLast(new Lookup(name.toLowerCase(Locale.ROOT), clock.instant(), trouble));
        if (last.size() > KEPT) {
            last.removeFirst();
        }
    }

    /** When more than half of the look-ups of the last five minutes failed, at most a hundred, and those of three names. */
    public synchronized Optional<Failing> failing() {
        Instant since = clock.instant().minus(REMEMBERED);
        while (!last.isEmpty() && last.peekFirst().at().isBefore(since)) {
            last.removeFirst();
        }
        List<Lookup> failed =
                last.stream().filter(lookup -> lookup.trouble().isPresent()).toList();
        long names = failed.stream().map(Lookup::name).distinct().count();
        if (names < MIN_NAMES || failed.size() * 2 <= last.size()) {
            return Optional.empty();
        }
        String why = failed.get(failed.size() - 1).trouble().orElseThrow();
        return Optional.of(new Failing(failed.size(), last.size(), why));
    }
}
