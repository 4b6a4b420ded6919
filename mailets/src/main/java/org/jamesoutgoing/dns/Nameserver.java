/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;

/** One DNS server, and whether it has been answering lately. Thread-safe. */
final class Nameserver {
    /** So many failures in a row make a server suspect; one may be a lost packet. */
    static final int SUSPECT_AFTER = 3;

    /** How long a server stays suspect after its last failure. */
    static final Duration SUSPECT_FOR = Duration.ofSeconds(30);

    /** Fits into one packet nearly everywhere (RFC 9715 §3.1). */
    private static final int UDP_PAYLOAD = 1232;

    private final InetSocketAddress address;
    private final SimpleResolver tcp;
    private final Duration timeout;
    private final Executor executor;
    private final LongSupplier nanoTime;

    /** Guarded by {@code this}. */
    private int failures;

    /** Guarded by {@code this}. */
    private long lastFailure;

    Nameserver(InetSocketAddress address, Duration timeout, Executor executor, LongSupplier nanoTime) {
        this.address = address;
        this.tcp = new SimpleResolver(address);
        this.tcp.setTCP(true);
        this.tcp.setTimeout(timeout);
        this.timeout = timeout;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks by UDP; without EDNS if the server does not know it (RFC 6891 §7); by TCP if the reply is truncated (RFC
     * 7766 §5). Each of these has the whole time-out.
     *
     * @return fails when there is no readable reply; completes on the executor
     */
    CompletableFuture<Message> ask(Name name, int type) {
        return byUdp(name, type)
                .thenCompose(reply -> reply.getHeader().getFlag(Flags.TC)
                        ? byTcp(name, type)
                        : CompletableFuture.completedFuture(reply))
                .whenComplete((reply, e) -> note(e != null));
    }

    /** The part of {@link #ask} that is done by UDP. */
    CompletableFuture<Message> byUdp(Name name, int type) {
        return byUdp(query(name, type, true))
                .thenCompose(reply -> reply.getRcode() == Rcode.FORMERR || reply.getRcode() == Rcode.NOTIMP
                        ? byUdp(query(name, type, false))
                        : CompletableFuture.completedFuture(reply));
    }

    /** The part of {@link #ask} that is done by TCP. */
    CompletableFuture<Message> byTcp(Name name, int type) {
        return byTcp(query(name, type, false));
    }

    /** Whether asking this server has been a waste of time lately. */
    synchronized boolean isSuspect() {
        return failures >= SUSPECT_AFTER && nanoTime.getAsLong() - lastFailure < SUSPECT_FOR.toNanos();
    }

    /** As an administrator writes it. */
    String name() {
        return DnsServers.text(address);
    }

    private synchronized void note(boolean failed) {
        failures = failed ? Math.min(failures + 1, SUSPECT_AFTER) : 0;
        lastFailure = nanoTime.getAsLong();
    }

    /** A fresh one each time: the random id is half of what keeps forged replies out (RFC 5452 §4.2). */
    private static Message query(Name name, int type, boolean edns) {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        if (edns) {
            query.addRecord(new OPTRecord(UDP_PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        return query;
    }

    private CompletableFuture<Message> byUdp(Message query) {
        return onExecutor(UdpTransport.ask(address, query, timeout));
    }

    private CompletableFuture<Message> byTcp(Message query) {
        try {
            // Rare, so that dnsjava's delays do not matter; its own time-out would come late, if at all.
            return onExecutor(tcp.sendAsync(query, executor)
                    .toCompletableFuture()
                    .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Not on the threads that receive all packets and end all time-outs. */
    private CompletableFuture<Message> onExecutor(CompletableFuture<Message> reply) {
        return reply.whenCompleteAsync((message, e) -> {}, executor);
    }

    @Override
    public String toString() {
        return address.getAddress().getHostAddress() + "#" + address.getPort();
    }
}
