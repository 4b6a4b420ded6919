/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * One look-up of one domain, in the order of RFC 5321 §5.1: its MX records; without any, those of the domains above
 * it if that is wished, then its own addresses; then the addresses of every exchanger; and nothing that is us, or no better than us,
 * or at an address that mail never goes to.
 */
final class ExchangerSearch {
    private final MailDomain.Name domain;
    private final Resolver resolver;
    private final ExchangerOptions options;
    private final Ourselves ourselves;
    private final ForbiddenAddresses forbidden;
    private final Random random;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final long deadline;

    ExchangerSearch(
            MailDomain.Name domain,
            Resolver resolver,
            ExchangerOptions options,
            Ourselves ourselves,
            ForbiddenAddresses forbidden,
            Random random,
            Clock clock,
            LongSupplier nanoTime) {
        this.domain = domain;
        this.resolver = resolver;
        this.options = options;
        this.ourselves = ourselves;
        this.forbidden = forbidden;
        this.random = random;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + options.deadline().toNanos();
    }

    /** A host of the list, not judged by its addresses yet. */
    private record Candidate(String host, int preference, List<InetAddress> addresses) {}

    CompletableFuture<Exchangers> run() {
        return exchangersOf(domain.ascii()).thenCompose(own -> {
            if (own instanceof MxAnswer.Records records) {
                return fromRecords(records);
            }
            if (own instanceof MxAnswer.Unavailable unavailable) {
                // SERVFAIL is not "no MX": the mail would go to the web server (RFC 5321 §5.1).
                return CompletableFuture.completedFuture(unresolved(unavailable.why()));
            }
            return options.parentDomain() ? fromParent(domain, own) : withoutRecords(own);
        });
    }

    /** The nearest of the domains above this one that has exchangers; a top-level domain is not asked. */
    private CompletableFuture<Exchangers> fromParent(MailDomain.Name below, MxAnswer own) {
        Optional<MailDomain.Name> parent = below.parent();
        if (parent.isEmpty()) {
            return withoutRecords(own);
        }
        return exchangersOf(parent.get().ascii()).thenCompose(answer -> {
            if (answer instanceof MxAnswer.Unavailable unavailable) {
                return CompletableFuture.completedFuture(unresolved(unavailable.why()));
            }
            // A null MX of a parent speaks for that parent only.
            return answer instanceof MxAnswer.Records records && !isNullMx(records)
                    ? fromRecords(records)
                    : fromParent(parent.get(), own);
        });
    }

    /** No MX record at all: the domain is its own exchanger, if it exists and has an address. */
    private CompletableFuture<Exchangers> withoutRecords(MxAnswer own) {
        if (!(own instanceof MxAnswer.NoData noData)) {
            return CompletableFuture.completedFuture(new Exchangers.NoSuchDomain(domain.ascii()));
        }
        return addressesOf(noData.name()).thenApply(answer -> {
            if (answer instanceof AddressAnswer.Unavailable unavailable) {
                return unresolved(unavailable.why());
            }
            if (answer instanceof AddressAnswer.NoSuchName) {
                return new Exchangers.NoSuchDomain(domain.ascii());
            }
            Candidate host = candidate(new MxRecord(0, noData.name()), answer);
            if (host.addresses().isEmpty()) {
                return new Exchangers.NoMailHost(domain.ascii());
            }
            return exchangers(List.of(host), least(noData.ttl(), answer.ttl()), List.of());
        });
    }

    private CompletableFuture<Exchangers> fromRecords(MxAnswer.Records answer) {
        if (isNullMx(answer)) {
            return CompletableFuture.completedFuture(new Exchangers.NullMx(domain.ascii()));
        }
        // By name first, and before the limit, which might cut this host off the list.
        List<MxRecord> all = bestOfEachHost(answer.records());
        Predicate<MxRecord> isUs = record -> ourselves.is(record.host(), List.of());
        List<MxRecord> betterByName = better(all, MxRecord::preference, isUs);
        List<ExcludedHost> noBetter = noBetter(all, betterByName, MxRecord::host, isUs);
        List<MxRecord> records =
                betterByName.stream().limit(options.maxExchangers()).toList();
        List<CompletableFuture<AddressAnswer>> asked =
                records.stream().map(record -> addressesOf(record.host())).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> {
                    List<Candidate> hosts = new ArrayList<>();
                    Duration ttl = answer.ttl();
                    for (int i = 0; i < records.size(); i++) {
                        AddressAnswer addresses = asked.get(i).join();
                        hosts.add(candidate(records.get(i), addresses));
                        ttl = least(ttl, addresses.ttl());
                    }
                    return exchangers(hosts, ttl, noBetter);
                });
    }

    /** RFC 7505 §3. Beside other records (which §3 forbids) the root is only one more host that is none. */
    private static boolean isNullMx(MxAnswer.Records answer) {
        return answer.records().stream().allMatch(record -> record.host().isEmpty());
    }

    /** Shuffled, then sorted by preference: the order to try, and what a limit may cut. */
    private List<MxRecord> bestOfEachHost(List<MxRecord> records) {
        List<MxRecord> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, random);
        shuffled.sort(Comparator.comparingInt(MxRecord::preference));
        Map<String, MxRecord> byHost = new LinkedHashMap<>();
        shuffled.stream().filter(record -> !record.host().isEmpty()).forEach(r -> byHost.putIfAbsent(r.host(), r));
        return List.copyOf(byHost.values());
    }

    /** @param noBetter those left out already because we are on the list */
    private Exchangers exchangers(List<Candidate> hosts, Duration ttl, List<ExcludedHost> noBetter) {
        Predicate<Candidate> isUs = host -> ourselves.is(host.host(), host.addresses());
        List<Candidate> better = better(hosts, Candidate::preference, isUs);
        if (better.isEmpty()) {
            return new Exchangers.OnlyOurselves(domain.ascii());
        }
        List<ExcludedHost> excluded = new ArrayList<>(noBetter);
        excluded.addAll(noBetter(hosts, better, Candidate::host, isUs));
        boolean withoutUs = !excluded.isEmpty();
        List<MailExchanger> allowed = new ArrayList<>();
        for (Candidate host : better) {
            List<InetAddress> addresses = new ArrayList<>();
            for (InetAddress address : host.addresses()) {
                forbidden
                        .why(address)
                        .ifPresentOrElse(
                                why -> excluded.add(new ExcludedHost(host.host(), why)), () -> addresses.add(address));
            }
            if (host.addresses().isEmpty() || !addresses.isEmpty()) {
                allowed.add(new MailExchanger(
                        host.host(),
                        host.preference(),
                        IpAddresses.inOrder(addresses, options.maxAddresses(), random)));
            }
        }
        return allowed.isEmpty()
                ? new Exchangers.NowhereAllowed(domain.ascii(), excluded)
                : new Exchangers.MailHosts(
                        domain.ascii(), allowed, clock.instant().plus(ttl), withoutUs, excluded);
    }

    /** Those preferred to us, or all if we are not among them (RFC 5321 §5.1). */
    private static <T> List<T> better(Collection<T> hosts, ToIntFunction<T> preference, Predicate<T> isUs) {
        OptionalInt ours = hosts.stream().filter(isUs).mapToInt(preference).min();
        return hosts.stream()
                .filter(host -> ours.isEmpty() || preference.applyAsInt(host) < ours.getAsInt())
                .toList();
    }

    private static <T> List<ExcludedHost> noBetter(
            List<T> hosts, List<T> better, Function<T, String> name, Predicate<T> isUs) {
        return hosts.stream()
                .filter(host -> !better.contains(host))
                .map(host -> new ExcludedHost(
                        name.apply(host), isUs.test(host) ? "this server itself" : "not preferred to this server"))
                .toList();
    }

    private static Candidate candidate(MxRecord record, AddressAnswer answer) {
        return new Candidate(
                record.host(),
                record.preference(),
                answer instanceof AddressAnswer.Addresses some
                        ? some.addresses().stream().distinct().toList()
                        : List.of());
    }

    private CompletableFuture<MxAnswer> exchangersOf(String name) {
        return inTime(resolver.mailExchangers(name), new MxAnswer.Unavailable(late()));
    }

    private CompletableFuture<AddressAnswer> addressesOf(String host) {
        // Against RFC 5321 §5.1, but there are many: the address itself as the target of an MX record.
        Optional<InetAddress> address = IpAddresses.parse(host);
        if (address.isPresent()) {
            return CompletableFuture.completedFuture(
                    new AddressAnswer.Addresses(List.of(address.get()), options.maxTtl()));
        }
        if (IpAddresses.isLocalhost(host)) {
            return CompletableFuture.completedFuture(
                    new AddressAnswer.Addresses(IpAddresses.LOOPBACK, options.maxTtl()));
        }
        if (!MailDomain.isHostName(host)) {
            return CompletableFuture.completedFuture(new AddressAnswer.NoSuchName(options.negativeTtl()));
        }
        return inTime(resolver.addresses(host), new AddressAnswer.Unavailable(late()));
    }

    private <A> CompletableFuture<A> inTime(CompletableFuture<A> answer, A otherwise) {
        long left = Math.max(0, deadline - nanoTime.getAsLong());
        return answer.completeOnTimeout(otherwise, left, TimeUnit.NANOSECONDS);
    }

    private String late() {
        return "no answer within " + options.deadline().toMillis() + " ms";
    }

    private Exchangers unresolved(String why) {
        return new Exchangers.Unresolved(domain.ascii(), why);
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
