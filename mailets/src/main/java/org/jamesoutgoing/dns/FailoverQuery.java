/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.Name;

/** One question put to one server after the other until one answers. */
final class FailoverQuery {
    private final Name name;
    private final int type;
    private final Set<Name> passed;
    private final Iterator<Nameserver> servers;
    private final Set<String> troubles = new LinkedHashSet<>();

    /** @param servers those that gave the answer; empty: none did */
    record Result(DnsReply reply, List<String> servers) {}

    /**
     * @param passed the aliases followed on the way to {@code name}
     * @param plan the servers in the order to ask; one may stand in it several times
     */
    FailoverQuery(Name name, int type, Set<Name> passed, List<Nameserver> plan) {
        this.name = name;
        this.type = type;
        this.passed = passed;
        this.servers = plan.iterator();
    }

    CompletableFuture<Result> run() {
        if (!servers.hasNext()) {
            return CompletableFuture.completedFuture(
                    new Result(new DnsReply.Broken(String.join("; ", troubles), false), List.of()));
        }
        Nameserver server = servers.next();
        return server.ask(name, type)
                .thenApply(message -> DnsReply.of(message, name, type, passed))
                .exceptionally(e -> new DnsReply.Broken(describe(e), true))
                .thenCompose(reply -> take(server, reply));
    }

    private CompletableFuture<Result> take(Nameserver server, DnsReply reply) {
        if (reply instanceof DnsReply.Broken broken && broken.askOthers()) {
            troubles.add(PrintableAscii.of("DNS server " + server + ": " + broken.why()));
            return run();
        }
        return CompletableFuture.completedFuture(new Result(reply, List.of(server.name())));
    }

    static String describe(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
            return "no answer";
        }
        if (cause instanceof PortUnreachableException || cause instanceof ConnectException) {
            return "nothing listens there";
        }
        return "unusable answer (" + cause + ")";
    }
}
