/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks each DNS server by itself for the mail exchangers of a domain, by UDP and by TCP, and whether a name that cannot
 * exist exists: a server that says so hides from us that a domain is gone, and mail to it waits for nothing. Nothing
 * comes from a cache. Thread-safe; no call blocks.
 */
public final class DnsCheck {
    /** The trouble of an answer by UDP that is too long for it (RFC 7766 §5): not a fault, and says nothing of the records. */
    public static final String TRUNCATED = "too long for UDP, to be asked for by TCP";

    private final Duration timeout;
    private final Executor executor;
    private final LongSupplier nanoTime;

    /**
     * What came of one question.
     *
     * @param reachable whether there was any reply
     * @param answered whether the reply was an answer: the records, or that there are none
     * @param records {@code 10 mx1.example.com}, in the order of the preferences
     * @param trouble why there are no records; empty when there are
     */
    public record Reply(boolean reachable, boolean answered, List<String> records, String trouble, Duration took) {}

    /**
     * What one server does.
     *
     * @param server {@code host:port}
     * @param fallback whether it is asked only when the others do not answer
     * @param inventsNames whether it gives an address to a name that cannot exist (RFC 6761 §6.4)
     */
    public record Report(String server, boolean fallback, Reply udp, Reply tcp, boolean inventsNames) {}

    /**
     * @param timeout of one question, 1ms to 1m
     * @param executor runs short callbacks
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public DnsCheck(Duration timeout, Executor executor, LongSupplier nanoTime) {
        this.timeout = timeout;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * Checks all servers at the same time.
     *
     * @param domain A-labels
     * @return never fails, and comes within three time-outs
     * @throws IllegalArgumentException when {@code domain} is no name
     */
    public CompletableFuture<List<Report>> check(DnsServers servers, String domain) {
        Name name = absolute(domain);
        List<CompletableFuture<Report>> reports = new ArrayList<>();
        servers.servers().forEach(server -> reports.add(check(server, false, name)));
        servers.fallback().forEach(server -> reports.add(check(server, true, name)));
        return CompletableFuture.allOf(reports.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> reports.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Report> check(InetSocketAddress address, boolean fallback, Name name) {
        Nameserver server = new Nameserver(address, timeout, executor, nanoTime);
        CompletableFuture<Reply> udp = reply(() -> server.byUdp(name, Type.MX), name);
        CompletableFuture<Reply> tcp = reply(() -> server.byTcp(name, Type.MX), name);
        CompletableFuture<Boolean> invents = invents(server);
        return CompletableFuture.allOf(udp, tcp, invents)
                .thenApply(all -> new Report(server.name(), fallback, udp.join(), tcp.join(), invents.join()));
    }

    private CompletableFuture<Reply> reply(Supplier<CompletableFuture<Message>> question, Name name) {
        long start = nanoTime.getAsLong();
        return question.get().handle((message, e) -> {
            Duration took = Duration.ofNanos(nanoTime.getAsLong() - start);
            if (e != null) {
                return new Reply(false, false, List.of(), PrintableAscii.of(FailoverQuery.describe(e)), took);
            }
            if (message.getHeader().getFlag(Flags.TC)) {
                return new Reply(true, true, List.of(), TRUNCATED, took);
            }
            return read(DnsReply.of(message, name, Type.MX, Set.of()), took);
        });
    }

    private static Reply read(DnsReply reply, Duration took) {
        if (reply instanceof DnsReply.Records found) {
            List<String> records = found.records().stream()
                    .map(MXRecord.class::cast)
                    .sorted()
                    .map(mx -> mx.getPriority() + " " + host(mx.getTarget()))
                    .toList();
            return new Reply(true, true, records, "", took);
        }
        if (reply instanceof DnsReply.Broken broken) {
            return new Reply(true, false, List.of(), PrintableAscii.of(broken.why()), took);
        }
        String trouble = reply instanceof DnsReply.NoSuchName
                ? "no such name"
                : reply instanceof DnsReply.Alias alias ? "alias of " + host(alias.target()) : "no MX record";
        return new Reply(true, true, List.of(), trouble, took);
    }

    /** RFC 6761 §6.4: nothing below "invalid" exists. */
    private static CompletableFuture<Boolean> invents(Nameserver server) {
        Name invalid = absolute("outgoing-" + UUID.randomUUID() + ".invalid");
        return server.byUdp(invalid, Type.A)
                .handle((message, e) ->
                        e == null && DnsReply.of(message, invalid, Type.A, Set.of()) instanceof DnsReply.Records);
    }

    private static String host(Name name) {
        return name.equals(Name.root) ? "." : PrintableAscii.of(name.toString(true));
    }

    private static Name absolute(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
