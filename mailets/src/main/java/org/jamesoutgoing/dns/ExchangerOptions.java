/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.time.Duration;

/**
 * How mail exchangers are looked up.
 *
 * @param parentDomain whether a domain without MX records uses those of its parent domain (one label shorter), else of that
 *     one's parent, and so on as long as it has at least two labels; default no. Wrong for most of the Internet, useful for {@code root@web1.example.com}
 * @param localExchangers whether a host may have a loopback or link-local address; default no, for what DNS says of them is a
 *     mistake or a trick, but in laboratories
 * @param minTtl answers are kept at least this long, 0s to {@code maxTtl}; default 1s, so that a burst of mail to one
 *     domain is one question even where the TTL is zero
 * @param maxTtl answers are kept no longer than this, 1s to 7d; default 1h, so that a domain that moves is found again
 *     before its mail is returned
 * @param negativeTtl "no such name" and "no such record" are kept no longer than this, 0s to 3h (RFC 2308 §5); default
 *     5m
 * @param failureTtl how long a failed question is not asked again, 0s to 5m (RFC 2308 §7); default 5s
 * @param deadline how long one look-up may take in all, 1ms to 10m; default 20s. Hosts whose addresses are not there by
 *     then count as hosts without address
 * @param maxExchangers how many exchangers of a domain are used, the best ones, 1 to 100; default 20
 * @param maxAddresses how many addresses of a host are used, 1 to 100; default 16
 * @param cacheEntries how many names, and how many hosts, are kept, 1 to 10,000,000; default 50,000
 */
public record ExchangerOptions(
        boolean parentDomain,
        boolean localExchangers,
        Duration minTtl,
        Duration maxTtl,
        Duration negativeTtl,
        Duration failureTtl,
        Duration deadline,
        int maxExchangers,
        int maxAddresses,
        int cacheEntries) {
    /** The defaults above. */
    public static final ExchangerOptions DEFAULT = of(false, false);

    /** The defaults above, but for these two. */
    public static ExchangerOptions of(boolean parentDomain, boolean localExchangers) {
        return new ExchangerOptions(
                parentDomain,
                localExchangers,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                20,
                16,
                50_000);
    }

    /** @throws IllegalArgumentException if a value is out of its range */
    public ExchangerOptions {
        within("maxTtl", maxTtl, Duration.ofSeconds(1), Duration.ofDays(7));
        within("minTtl", minTtl, Duration.ZERO, maxTtl);
        within("negativeTtl", negativeTtl, Duration.ZERO, Duration.ofHours(3));
        within("failureTtl", failureTtl, Duration.ZERO, Duration.ofMinutes(5));
        within("deadline", deadline, Duration.ofMillis(1), Duration.ofMinutes(10));
        within("maxExchangers", maxExchangers, 100);
        within("maxAddresses", maxAddresses, 100);
        within("cacheEntries", cacheEntries, 10_000_000);
    }

    private static void within(String name, Duration value, Duration low, Duration high) {
        if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + low + " to " + high);
        }
    }

    private static void within(String name, int value, int high) {
        if (value < 1 || value > high) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is 1 to " + high);
        }
    }
}
