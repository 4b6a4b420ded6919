/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jamesoutgoing.dns.AddressAnswer;
import org.jamesoutgoing.dns.ExchangerLookup;
import org.jamesoutgoing.dns.ExchangerOptions;
import org.jamesoutgoing.dns.HostAddresses;
import org.jamesoutgoing.dns.HostsFile;
import org.jamesoutgoing.dns.MxAnswer;
import org.jamesoutgoing.dns.MxRecord;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.dns.Resolver;

/** DNS as a test wants it. A name it was not told of does not exist. */
final class ScriptedDns implements Resolver {

    private static final Duration TTL = Duration.ofMinutes(1);

    private final Map<String, CompletableFuture<MxAnswer>> exchangers = new HashMap<>();
    private final Map<String, CompletableFuture<AddressAnswer>> addresses = new HashMap<>();

    /** @param records each {@code preference host} */
    ScriptedDns mx(String domain, String... records) {
        List<MxRecord> parsed = new ArrayList<>();
        for (String record : records) {
            String[] words = record.split(" ", -1);
            parsed.add(new MxRecord(Integer.parseInt(words[0]), words[1]));
        }
        return mx(domain, new MxAnswer.Records(domain, parsed, TTL));
    }

    ScriptedDns mx(String domain, MxAnswer answer) {
        exchangers.put(domain, CompletableFuture.completedFuture(answer));
        return this;
    }

    ScriptedDns noMx(String domain) {
        return mx(domain, new MxAnswer.NoData(domain, TTL));
    }

    ScriptedDns host(String name, String... literals) {
        List<InetAddress> parsed =
                Arrays.stream(literals).map(ScriptedDns::address).toList();
        return host(name, new AddressAnswer.Addresses(parsed, TTL));
    }

    ScriptedDns host(String name, AddressAnswer answer) {
        return host(name, CompletableFuture.completedFuture(answer));
    }

    ScriptedDns host(String name, CompletableFuture<AddressAnswer> answer) {
        addresses.put(name, answer);
        return this;
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
        return exchangers.getOrDefault(asciiName, CompletableFuture.completedFuture(new MxAnswer.NoSuchName(TTL)));
    }

    @Override
    public CompletableFuture<AddressAnswer> addresses(String hostName) {
        return addresses.getOrDefault(hostName, CompletableFuture.completedFuture(new AddressAnswer.NoSuchName(TTL)));
    }

    /** A resolver with nothing remembered yet. */
    RouteResolver resolver(Ourselves ourselves, Random random) {
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
        RouteResolver.Lookups lookups = new RouteResolver.Lookups(
                new ExchangerLookup(this, ExchangerOptions.DEFAULT, ourselves, random, clock, () -> 0),
                new HostAddresses(
                        this,
                        new HostsFile(Path.of("/nonexistent/hosts"), () -> 0),
                        ExchangerOptions.DEFAULT,
                        () -> 0));
        return new RouteResolver(options -> lookups, random, ourselves);
    }
}
