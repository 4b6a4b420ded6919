/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mail exchangers of a domain (RFC 5321 §5.1), cached as long as DNS allows.
 *
 * <p>Thread-safe and asynchronous. The futures complete on whichever thread had the last answer, or at once on the
 * caller's when everything was cached: what depends on them must not block.
 */
public final class ExchangerLookup {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExchangerLookup.class);

    private final Resolver resolver;
    private final ExchangerOptions options;
    private final Ourselves ourselves;
    private final Random random;
    private final Clock clock;
    private final LongSupplier nanoTime;

    /**
     * @param resolver wrapped in a {@link CachingResolver} unless it is one
     * @param random shuffles; no secret hangs on it
     * @param clock tells {@link Exchangers.MailHosts#expires()}
     * @param nanoTime drives the cache: only goes forward, in nanoseconds
     */
    public ExchangerLookup(
            Resolver resolver,
            ExchangerOptions options,
            Ourselves ourselves,
            Random random,
            Clock clock,
            LongSupplier nanoTime) {
        this.resolver = CachingResolver.around(resolver, options, nanoTime);
        this.options = options;
        this.ourselves = ourselves;
        this.random = random;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Finds the exchangers of a domain.
     *
     * @param domain any spelling: U-labels or A-labels, upper case, a trailing dot, an address literal
     *     ({@code [192.0.2.1]}, {@code [IPv6:2001:db8::1]})
     * @param port that mail is to go to there
     * @return never fails, and comes within {@link ExchangerOptions#deadline()}
     */
    public CompletableFuture<Exchangers> lookup(String domain, int port) {
        MailDomain parsed = MailDomain.parse(domain);
        if (parsed instanceof MailDomain.Malformed malformed) {
            return CompletableFuture.completedFuture(
                    new Exchangers.Malformed(PrintableAscii.of(String.valueOf(domain)), malformed.why()));
        }
        return find(parsed, port).exceptionally(e -> {
            // A bug of ours: the mail waits, it is not returned.
            LOGGER.error("Looking up the mail exchangers of {} failed", PrintableAscii.of(domain), e);
            return new Exchangers.Unresolved(PrintableAscii.of(domain), "internal error while asking DNS");
        });
    }

    private CompletableFuture<Exchangers> find(MailDomain domain, int port) {
        ForbiddenAddresses forbidden = new ForbiddenAddresses(ourselves, options.localExchangers(), port);
        try {
            if (domain instanceof MailDomain.Literal literal) {
                return CompletableFuture.completedFuture(ofLiteral(literal, forbidden));
            }
            return new ExchangerSearch(
                            (MailDomain.Name) domain, resolver, options, ourselves, forbidden, random, clock, nanoTime)
                    .run();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Exchangers ofLiteral(MailDomain.Literal literal, ForbiddenAddresses forbidden) {
        List<InetAddress> addresses = List.of(literal.address());
        if (ourselves.is(literal.text(), addresses)) {
            return new Exchangers.OnlyOurselves(literal.text());
        }
        return forbidden
                .why(literal.address())
                .<Exchangers>map(why ->
                        new Exchangers.NowhereAllowed(literal.text(), List.of(new ExcludedHost(literal.text(), why))))
                .orElseGet(() -> new Exchangers.MailHosts(
                        literal.text(),
                        List.of(new MailExchanger(literal.text(), 0, addresses)),
                        clock.instant().plus(options.maxTtl()),
                        false,
                        List.of()));
    }
}
