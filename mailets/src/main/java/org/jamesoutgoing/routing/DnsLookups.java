/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Clock;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jamesoutgoing.dns.CachingResolver;
import org.jamesoutgoing.dns.ExchangerLookup;
import org.jamesoutgoing.dns.ExchangerOptions;
import org.jamesoutgoing.dns.HostAddresses;
import org.jamesoutgoing.dns.HostsFile;
import org.jamesoutgoing.dns.LookupTally;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.dns.RecordingResolver;
import org.jamesoutgoing.dns.Resolver;
import org.jamesoutgoing.dns.TalliedResolver;
import org.jamesoutgoing.routing.RouteResolver.Lookups;

/** One cache of DNS answers for all routes that ask the same servers in the same way. Thread-safe. */
public final class DnsLookups implements Function<DnsOptions, Lookups> {

    private static final int KEPT = 1_000;

    private final LoadingCache<DnsOptions, Shared> shared;
    private final Ourselves ourselves;
    private final Random random;
    private final Clock clock;
    private final LongSupplier nanoTime;

    private record Shared(Resolver cache, Lookups lookups) {}

    /**
     * @param tally is told what comes of the questions that the caches cannot answer
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public DnsLookups(
            Function<DnsOptions, Resolver> resolvers,
            Ourselves ourselves,
            LookupTally tally,
            Random random,
            Clock clock,
            LongSupplier nanoTime) {
        this.ourselves = ourselves;
        this.random = random;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.shared = Caffeine.newBuilder().maximumSize(KEPT).build(options -> {
            Resolver cache = new CachingResolver(
                    new TalliedResolver(resolvers.apply(options), tally), exchangerOptions(options), nanoTime);
            return new Shared(cache, lookups(cache, options));
        });
    }

    @Override
    public Lookups apply(DnsOptions options) {
        return shared.get(options).lookups();
    }

    /** Asks as {@link #apply} does, with the same cache, and remembers what it asked. */
    public RecordingResolver recorder(DnsOptions options) {
        return new RecordingResolver(shared.get(options).cache(), nanoTime);
    }

    /** The same that {@link #apply} gives, by way of another resolver, which must be a cache. */
    public Lookups lookups(Resolver cache, DnsOptions options) {
        ExchangerOptions dns = exchangerOptions(options);
        return new Lookups(
                new ExchangerLookup(cache, dns, ourselves, random, clock, nanoTime),
                new HostAddresses(cache, HostsFile.system(nanoTime), dns, nanoTime));
    }

    private static ExchangerOptions exchangerOptions(DnsOptions options) {
        return ExchangerOptions.of(options.parentDomain(), options.localExchangers());
    }
}
