/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How many DSNs each sender may still get: a bucket for each that holds {@link DsnLimit#count} and is filled up evenly over
 * {@link DsnLimit#period}. A bucket that nobody used for so long is full, so it can be forgotten. Thread-safe, never blocks.
 */
final class DsnAllowance {

    /** Of 100 bytes or so each. A storm from more senders than that is not one that this limit is for. */
    private static final int MOST_SENDERS = 100_000;

    /** One, but for what is lost by rounding. */
    private static final double ENOUGH = 1 - 1e-7;

    private static final double ROUNDING = 1e-9;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private static final class Bucket {
        private double left;
        private Instant since;
        private Instant notBefore = Instant.MIN;

        Bucket(double left, Instant since) {
            this.left = left;
            this.since = since;
        }
    }

    private final Optional<DsnLimit> limit;
    private final Clock clock;
    private final Cache<String, Bucket> buckets;

    /** @param limit empty: none */
    DsnAllowance(Optional<DsnLimit> limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
        Duration kept = limit.map(DsnLimit::period)
                .filter(period -> period.compareTo(LONGEST_PAUSE) > 0)
                .orElse(LONGEST_PAUSE);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST_SENDERS)
                .expireAfterAccess(kept)
                .ticker(() -> clock.instant().toEpochMilli() * 1_000_000)
                .executor(Runnable::run)
                .build();
    }

    /** Whether this sender may get one now; then it counts. */
    boolean take(String sender) {
        Bucket bucket = bucket(sender);
        synchronized (bucket) {
            boolean allowed = allows(bucket);
            if (allowed && limit.isPresent()) {
                bucket.left -= 1;
            }
            return allowed;
        }
    }

    /** Whether this sender may get one now. */
    boolean allows(String sender) {
        Bucket bucket = bucket(sender);
        synchronized (bucket) {
            return allows(bucket);
        }
    }

    /** When this sender may get the next one, as things are. */
    Instant next(String sender) {
        Bucket bucket = bucket(sender);
        synchronized (bucket) {
            Instant now = clock.instant();
            if (allows(bucket)) {
                return now;
            }
            Instant filled = limit.filter(any -> bucket.left < ENOUGH)
                    .map(rate -> bucket.since.plusMillis((long)
                            Math.ceil((ENOUGH - bucket.left) * rate.period().toMillis() / rate.count())))
                    .orElse(now);
            return filled.isAfter(bucket.notBefore) ? filled : bucket.notBefore;
        }
    }

    /** Nothing to this sender for so long, ten minutes at most: there is trouble with telling him. */
    void pause(String sender, Duration pause) {
        Bucket bucket = bucket(sender);
        synchronized (bucket) {
            bucket.notBefore = clock.instant().plus(pause);
        }
    }

    private boolean allows(Bucket bucket) {
        Instant now = clock.instant();
        limit.filter(any -> bucket.since.isBefore(now)).ifPresent(rate -> {
            double filled = Duration.between(bucket.since, now).toNanos()
                    * (double) rate.count()
                    / rate.period().toNanos();
            bucket.left = Math.min(rate.count(), bucket.left + filled);
            bucket.since = now;
        });
        return (limit.isEmpty() || bucket.left >= ENOUGH - ROUNDING) && !now.isBefore(bucket.notBefore);
    }

    private Bucket bucket(String sender) {
        return buckets.get(
                sender.toLowerCase(Locale.ROOT),
                any -> new Bucket(limit.map(DsnLimit::count).orElse(1), clock.instant()));
    }
}
