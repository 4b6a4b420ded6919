/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks DNS servers in dnsjava's messages: by UDP, then TCP when the reply is truncated; one server after the other
 * until one gives an answer; CNAMEs followed.
 *
 * <p>The servers are recursive resolvers, and trusted as such. Each one is asked {@code rounds} times, in turn, before
 * the fall-back servers are: those may not know our internal names, and one lost packet must not make their "no such
 * domain" the answer. A server that has been silent lately comes last, and once.
 *
 * <p>Thread-safe; no call blocks. The futures complete on the executor handed in.
 */
public final class DnsjavaResolver implements Resolver {
    /** Sockets in use at once. */
    private static final int MAX_UNDER_WAY = 200;

    private static final Duration MAX_WAIT = Duration.ofSeconds(10);

    /** What is kept of one answer; a reply by TCP could hold some three thousand records. */
    private static final int MAX_RECORDS = 100;

    private final List<Nameserver> servers;
    private final List<Nameserver> fallback;
    private final int rounds;
    private final QueryLimit<FailoverQuery.Result> limit;

    /**
     * @param timeout of one try of one server, 1ms to 1m
     * @param rounds how often each server is asked, 1 to 10
     * @param executor runs short callbacks, nothing that blocks
     * @param nanoTime a clock that only goes forward, in nanoseconds
     * @throws IllegalArgumentException if a value is out of its range
     */
    public DnsjavaResolver(DnsServers servers, Duration timeout, int rounds, Executor executor, LongSupplier nanoTime) {
        if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("DNS time-out is " + timeout + ", allowed is 1ms to 1m");
        }
        if (rounds < 1 || rounds > 10) {
            throw new IllegalArgumentException("DNS rounds are " + rounds + ", allowed is 1 to 10");
        }
        this.servers = nameservers(servers.servers(), timeout, executor, nanoTime);
        this.fallback = nameservers(servers.fallback(), timeout, executor, nanoTime);
        this.rounds = rounds;
        this.limit = new QueryLimit<>(
                MAX_UNDER_WAY,
                MAX_WAIT,
                new FailoverQuery.Result(new DnsReply.Broken("too many questions to DNS under way", false), List.of()),
                nanoTime);
    }

    @Override
    public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
        return sourcedExchangers(asciiName).thenApply(SourcedAnswer::answer);
    }

    @Override
    public CompletableFuture<AddressAnswer> addresses(String hostName) {
        return sourcedAddresses(hostName).thenApply(SourcedAnswer::answer);
    }

    @Override
    public CompletableFuture<SourcedAnswer<MxAnswer>> sourcedExchangers(String asciiName) {
        Optional<Name> name = absolute(asciiName);
        return name.isEmpty()
                ? CompletableFuture.completedFuture(SourcedAnswer.unknown(new MxAnswer.NoSuchName(Duration.ZERO)))
                : follow(name.get(), Type.MX, Set.of())
                        .thenApply(result -> new SourcedAnswer<>(mxAnswer(result.reply()), result.servers(), false));
    }

    @Override
    public CompletableFuture<SourcedAnswer<AddressAnswer>> sourcedAddresses(String hostName) {
        Optional<Name> name = absolute(hostName);
        return name.isEmpty()
                ? CompletableFuture.completedFuture(SourcedAnswer.unknown(new AddressAnswer.NoSuchName(Duration.ZERO)))
                : follow(name.get(), Type.AAAA, Set.of())
                        .thenCombine(
                                follow(name.get(), Type.A, Set.of()),
                                (six, four) -> new SourcedAnswer<>(
                                        addressAnswer(six.reply(), four.reply()),
                                        SourcedAnswer.union(six.servers(), four.servers()),
                                        false));
    }

    /** Asks, and asks on where the reply ended at an alias. */
    private CompletableFuture<FailoverQuery.Result> follow(Name name, int type, Set<Name> passed) {
        return limit.pass(() -> new FailoverQuery(name, type, passed, plan()).run())
                .thenCompose(result -> result.reply() instanceof DnsReply.Alias alias
                        ? follow(alias.target(), type, alias.passed())
                                .thenApply(end -> new FailoverQuery.Result(
                                        atMost(alias.ttl(), end.reply()),
                                        SourcedAnswer.union(result.servers(), end.servers())))
                        : CompletableFuture.completedFuture(result));
    }

    private List<Nameserver> plan() {
        return Stream.concat(inTurn(servers), inTurn(fallback)).toList();
    }

    private Stream<Nameserver> inTurn(List<Nameserver> group) {
        List<Nameserver> good = new ArrayList<>();
        List<Nameserver> suspect = new ArrayList<>();
        group.forEach(server -> (server.isSuspect() ? suspect : good).add(server));
        return Stream.concat(Stream.generate(() -> good).limit(rounds).flatMap(List::stream), suspect.stream());
    }

    private static DnsReply atMost(Duration ttl, DnsReply end) {
        if (end instanceof DnsReply.Records found) {
            return new DnsReply.Records(found.owner(), found.records(), least(ttl, found.ttl()));
        }
        if (end instanceof DnsReply.NoData noData) {
            return new DnsReply.NoData(noData.owner(), least(ttl, noData.ttl()));
        }
        return end instanceof DnsReply.NoSuchName none ? new DnsReply.NoSuchName(least(ttl, none.ttl())) : end;
    }

    private static MxAnswer mxAnswer(DnsReply reply) {
        if (reply instanceof DnsReply.Records found) {
            List<MxRecord> records = found.records().stream()
                    .map(MXRecord.class::cast)
                    .map(mx -> new MxRecord(mx.getPriority(), text(mx.getTarget())))
                    .sorted(Comparator.comparingInt(MxRecord::preference))
                    .limit(MAX_RECORDS)
                    .toList();
            return new MxAnswer.Records(text(found.owner()), records, found.ttl());
        }
        if (reply instanceof DnsReply.NoData noData) {
            return new MxAnswer.NoData(text(noData.owner()), noData.ttl());
        }
        return reply instanceof DnsReply.NoSuchName none
                ? new MxAnswer.NoSuchName(none.ttl())
                : new MxAnswer.Unavailable(trouble(reply));
    }

    /** The addresses, if either reply has some; else that it cannot be told, if either says so; else what both say. */
    private static AddressAnswer addressAnswer(DnsReply six, DnsReply four) {
        List<InetAddress> addresses = Stream.of(six, four)
                .filter(DnsReply.Records.class::isInstance)
                .flatMap(reply -> ((DnsReply.Records) reply).records().stream().limit(MAX_RECORDS / 2))
                .map(DnsjavaResolver::address)
                .toList();
        Optional<DnsReply> broken =
                Stream.of(six, four).filter(DnsReply.Broken.class::isInstance).findFirst();
        if (!addresses.isEmpty()) {
            return new AddressAnswer.Addresses(
                    addresses, broken.isPresent() ? Duration.ZERO : least(ttl(six, four), ttl(four, six)));
        }
        if (broken.isPresent()) {
            return new AddressAnswer.Unavailable(trouble(broken.get()));
        }
        Duration ttl = least(ttl(six, four), ttl(four, six));
        return six instanceof DnsReply.NoSuchName && four instanceof DnsReply.NoSuchName
                ? new AddressAnswer.NoSuchName(ttl)
                : new AddressAnswer.NoData(ttl);
    }

    /** A family without addresses does not shorten the life of the other one's: most hosts have no IPv6. */
    private static Duration ttl(DnsReply reply, DnsReply other) {
        if (reply instanceof DnsReply.Records found) {
            return found.ttl();
        }
        if (other instanceof DnsReply.Records found) {
            return found.ttl();
        }
        return reply instanceof DnsReply.NoData noData
                ? noData.ttl()
                : reply instanceof DnsReply.NoSuchName none ? none.ttl() : Duration.ZERO;
    }

    /** Without the owner's name, which dnsjava puts in: what shows up in logs is an address. */
    private static InetAddress address(Record record) {
        InetAddress named = record instanceof ARecord a ? a.getAddress() : ((AAAARecord) record).getAddress();
        try {
            return InetAddress.getByAddress(named.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of another length than an address has", e);
        }
    }

    private static String trouble(DnsReply reply) {
        return reply instanceof DnsReply.Broken broken ? PrintableAscii.of(broken.why()) : reply.toString();
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    /** Never relative to one of the system's search domains. */
    private static Optional<Name> absolute(String name) {
        try {
            return Optional.of(Name.fromString(name, Name.root));
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    private static List<Nameserver> nameservers(
            List<InetSocketAddress> addresses, Duration timeout, Executor executor, LongSupplier nanoTime) {
        return addresses.stream()
                .map(address -> new Nameserver(address, timeout, executor, nanoTime))
                .toList();
    }
}
