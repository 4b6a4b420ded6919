/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Asks another resolver and remembers what was asked and who answered, for somebody who wants to see one look-up. Its
 * cache is that of the other one. Thread-safe.
 */
public final class RecordingResolver implements Resolver {
    private final Resolver resolver;
    private final LongSupplier nanoTime;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> preferences = new HashMap<>();

    /**
     * One question and its answer.
     *
     * @param name what was asked for
     * @param type {@code MX}, or {@code AAAA+A} for a host's addresses
     * @param records the answer: {@code 10 mx1.example.com}, {@code 192.0.2.1}; empty when there is none
     * @param trouble why there is none, or empty
     * @param ttl how long the answer may still be kept
     * @param servers as {@link SourcedAnswer#servers()}
     * @param cached as {@link SourcedAnswer#cached()}
     * @param took from the question to the answer
     */
    public record Asked(
            String name,
            String type,
            List<String> records,
            String trouble,
            Duration ttl,
            List<String> servers,
            boolean cached,
            Duration took) {}

    /**
     * @param resolver is asked as it is, without another cache
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public RecordingResolver(Resolver resolver, LongSupplier nanoTime) {
        this.resolver = resolver;
        this.nanoTime = nanoTime;
    }

    /** All questions that have been answered so far, in the order of the answers. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** The best preference of each exchanger that was named in an answer. */
    public Map<String, Integer> preferences() {
        synchronized (preferences) {
            return Map.copyOf(preferences);
        }
    }

    @Override
    public boolean isCache() {
        return true;
    }

    @Override
    public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
        long start = nanoTime.getAsLong();
        return resolver.sourcedExchangers(asciiName).thenApply(sourced -> {
            MxAnswer answer = sourced.answer();
            if (answer instanceof MxAnswer.Records found) {
                synchronized (preferences) {
                    found.records().forEach(mx -> preferences.merge(mx.host(), mx.preference(), Math::min));
                }
            }
            note(asciiName, "MX", records(answer), trouble(answer), answer.ttl(), sourced, start);
            return answer;
        });
    }

    @Override
    public CompletableFuture<AddressAnswer> addresses(String hostName) {
        long start = nanoTime.getAsLong();
        return resolver.sourcedAddresses(hostName).thenApply(sourced -> {
            AddressAnswer answer = sourced.answer();
            List<String> records = answer instanceof AddressAnswer.Addresses some
                    ? some.addresses().stream().map(InetAddress::getHostAddress).toList()
                    : List.of();
            note(hostName, "AAAA+A", records, trouble(answer), answer.ttl(), sourced, start);
            return answer;
        });
    }

    private void note(
            String name,
            String type,
            List<String> records,
            String trouble,
            Duration ttl,
            SourcedAnswer<?> sourced,
            long start) {
        Duration took = Duration.ofNanos(nanoTime.getAsLong() - start);
        asked.add(new Asked(name, type, records, trouble, ttl, sourced.servers(), sourced.cached(), took));
    }

    static List<String> records(MxAnswer answer) {
        return answer instanceof MxAnswer.Records found
                ? found.records().stream()
                        .map(mx -> mx.preference() + " " + (mx.host().isEmpty() ? "." : mx.host()))
                        .toList()
                : List.of();
    }

    static String trouble(MxAnswer answer) {
        if (answer instanceof MxAnswer.Unavailable unavailable) {
            return unavailable.why();
        }
        if (answer instanceof MxAnswer.NoSuchName) {
            return "no such name";
        }
        return answer instanceof MxAnswer.NoData ? "no MX record" : "";
    }

    private static String trouble(AddressAnswer answer) {
        if (answer instanceof AddressAnswer.Unavailable unavailable) {
            return unavailable.why();
        }
        if (answer instanceof AddressAnswer.NoSuchName) {
            return "no such name";
        }
        return answer instanceof AddressAnswer.NoData ? "no address" : "";
    }
}
