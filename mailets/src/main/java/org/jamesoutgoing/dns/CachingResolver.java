/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Keeps the answers of another resolver as long as DNS allows (RFC 2308 for those that say "no"), within the bounds of
 * {@link ExchangerOptions}, and asks a question that is already on its way only once. An answer from the cache carries
 * the time it has left.
 *
 * <p>Every question is answered within {@link ExchangerOptions#deadline()}, whatever the other resolver does.
 * Thread-safe. One instance is worth sharing: {@link ExchangerLookup} and {@link HostAddresses} use one as it is, and
 * wrap anything else.
 */
public final class CachingResolver implements Resolver {
    private final Store<MxAnswer> exchangers;
    private final Store<AddressAnswer> addresses;

    /**
     * Keeps what {@code upstream} answers.
     *
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public CachingResolver(Resolver upstream, ExchangerOptions options, LongSupplier nanoTime) {
        exchangers = new Store<>(
                upstream::sourcedExchangers,
                MxAnswer.Unavailable::new,
                MxAnswer::withTtl,
                answer -> life(answer, options),
                options,
                nanoTime);
        addresses = new Store<>(
                upstream::sourcedAddresses,
                AddressAnswer.Unavailable::new,
                AddressAnswer::withTtl,
                answer -> life(answer, options),
                options,
                nanoTime);
    }

    /** {@code resolver} itself if it caches already. */
    static Resolver around(Resolver resolver, ExchangerOptions options, LongSupplier nanoTime) {
        return resolver.isCache() ? resolver : new CachingResolver(resolver, options, nanoTime);
    }

    @Override
    public boolean isCache() {
        return true;
    }

    @Override
    public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
        return exchangers.get(asciiName).thenApply(SourcedAnswer::answer);
    }

    @Override
    public CompletableFuture<AddressAnswer> addresses(String hostName) {
        return addresses.get(hostName).thenApply(SourcedAnswer::answer);
    }

    @Override
    public CompletableFuture<SourcedAnswer<MxAnswer>> sourcedExchangers(String asciiName) {
        return exchangers.get(asciiName);
    }

    @Override
    public CompletableFuture<SourcedAnswer<AddressAnswer>> sourcedAddresses(String hostName) {
        return addresses.get(hostName);
    }

    private static Duration life(MxAnswer answer, ExchangerOptions options) {
        if (answer instanceof MxAnswer.Unavailable) {
            return options.failureTtl();
        }
        return within(options.minTtl(), answer.ttl(), maximum(answer instanceof MxAnswer.Records, options));
    }

    private static Duration life(AddressAnswer answer, ExchangerOptions options) {
        if (answer instanceof AddressAnswer.Unavailable) {
            return options.failureTtl();
        }
        return within(options.minTtl(), answer.ttl(), maximum(answer instanceof AddressAnswer.Addresses, options));
    }

    private static Duration maximum(boolean positive, ExchangerOptions options) {
        return positive ? options.maxTtl() : options.negativeTtl();
    }

    private static Duration within(Duration low, Duration value, Duration high) {
        Duration raised = value.compareTo(low) < 0 ? low : value;
        return raised.compareTo(high) > 0 ? high : raised;
    }

    /** @param until on the clock of the cache, in nanoseconds */
    private record Kept<A>(SourcedAnswer<A> answer, Duration life, long until) {}

    /** The answers to one kind of question. */
    private static final class Store<A> {
        private final Function<String, CompletableFuture<SourcedAnswer<A>>> upstream;
        private final Function<String, A> unavailable;
        private final BiFunction<A, Duration, A> withTtl;
        private final Function<A, Duration> life;
        private final Duration deadline;
        private final LongSupplier nanoTime;
        private final AsyncCache<String, Kept<A>> cache;

        Store(
                Function<String, CompletableFuture<SourcedAnswer<A>>> upstream,
                Function<String, A> unavailable,
                BiFunction<A, Duration, A> withTtl,
                Function<A, Duration> life,
                ExchangerOptions options,
                LongSupplier nanoTime) {
            this.upstream = upstream;
            this.unavailable = unavailable;
            this.withTtl = withTtl;
            this.life = life;
            this.deadline = options.deadline();
            this.nanoTime = nanoTime;
            this.cache = Caffeine.newBuilder()
                    .maximumSize(options.cacheEntries())
                    .expireAfter(Expiry.<String, Kept<A>>creating((name, kept) -> kept.life()))
                    .ticker(nanoTime::getAsLong)
                    .executor(Runnable::run)
                    .buildAsync();
        }

        @SuppressWarnings("FutureReturnValueIgnored") // What comes of it is handed to those who wait.
        CompletableFuture<SourcedAnswer<A>> get(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            String key = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
            CompletableFuture<Kept<A>> mine = new CompletableFuture<>();
            CompletableFuture<Kept<A>> known = cache.get(key, (k, executor) -> mine);
            while (isOver(known)) {
                // The cache learns of an answer, and starts its clock, a moment after those who wait for it do.
                cache.asMap().remove(key, known);
                known = cache.get(key, (k, executor) -> mine);
            }
            boolean here = known != mine && known.isDone();
            if (known == mine) {
                // Outside of the cache's lock, for asking may take a while or call back at once.
                ask(key).thenApply(this::keep).whenComplete((kept, e) -> {
                    if (e == null) {
                        mine.complete(kept);
                    } else {
                        mine.completeExceptionally(e);
                    }
                });
            }
            // A future for this caller only: cancelling it does not touch the others who wait.
            return known.thenApply(kept -> new SourcedAnswer<>(
                    withTtl.apply(
                            kept.answer().answer(), Duration.ofNanos(Math.max(0, kept.until() - nanoTime.getAsLong()))),
                    kept.answer().servers(),
                    here));
        }

        private boolean isOver(CompletableFuture<Kept<A>> known) {
            return known.isDone()
                    && !known.isCompletedExceptionally()
                    && known.join().until() - nanoTime.getAsLong() <= 0;
        }

        private CompletableFuture<SourcedAnswer<A>> ask(String name) {
            CompletableFuture<SourcedAnswer<A>> answer;
            try {
                answer = Objects.requireNonNull(upstream.apply(name), "no future");
            } catch (RuntimeException e) {
                answer = CompletableFuture.failedFuture(e);
            }
            return answer.handle((a, e) -> e == null && a != null && a.answer() != null
                            ? a
                            : SourcedAnswer.unknown(unavailable.apply(PrintableAscii.of("" + e))))
                    .completeOnTimeout(
                            SourcedAnswer.unknown(unavailable.apply("no answer within " + deadline.toMillis() + " ms")),
                            deadline.toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        private Kept<A> keep(SourcedAnswer<A> answer) {
            Duration kept = life.apply(answer.answer());
            return new Kept<>(answer, kept, nanoTime.getAsLong() + kept.toNanos());
        }
    }
}
