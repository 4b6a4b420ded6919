/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jamesoutgoing.dns.AddressAnswer;
import org.jamesoutgoing.dns.ExchangerLookup;
import org.jamesoutgoing.dns.Exchangers;
import org.jamesoutgoing.dns.ExcludedHost;
import org.jamesoutgoing.dns.HostAddresses;
import org.jamesoutgoing.dns.MailExchanger;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.SmtpHost;

/**
 * From a destination to its next hop and hosts: the exchangers of a domain, or the addresses of relay hosts. Thread-safe;
 * never blocks, never fails: what goes wrong is in the {@link Resolution}.
 */
public final class RouteResolver {

    private static final int HOSTS_IN_NAME = 3;

    private static final int REASONS = 5;

    /** RFC 3463 §3.5: routing loop detected; for now, and for good. */
    private static final String LOOP_NOW = "4.4.6";

    private static final String LOOP = "5.4.6";

    private final Function<DnsOptions, Lookups> lookups;
    private final RandomGenerator random;
    private final Ourselves ourselves;

    /** What is asked for the exchangers and hosts of routes with equal DNS options. */
    public record Lookups(ExchangerLookup exchangers, HostAddresses addresses) {}

    /** For a host that is a backup mail server for nobody. */
    public RouteResolver(Function<DnsOptions, Lookups> lookups, RandomGenerator random) {
        this(lookups, random, Ourselves.NOBODY);
    }

    /** @param ourselves is left out of the relay hosts */
    public RouteResolver(Function<DnsOptions, Lookups> lookups, RandomGenerator random, Ourselves ourselves) {
        this.lookups = lookups;
        this.random = random;
        this.ourselves = ourselves;
    }

    public CompletableFuture<Resolution> resolve(Destination destination) {
        Route route = destination.route();
        if (route.mode() instanceof RouteMode.Relay relay) {
            return resolveRelay(route, relay);
        }
        RouteMode.Independent independent = (RouteMode.Independent) route.mode();
        return lookups.apply(route.dns())
                .exchangers()
                .lookup(destination.domain(), independent.port())
                .thenApply(exchangers -> resolution(route, independent, exchangers));
    }

    private Resolution resolution(Route route, RouteMode.Independent mode, Exchangers exchangers) {
        if (exchangers instanceof Exchangers.MailHosts mx) {
            if (route.backup().isPresent() && !mx.withoutUs()) {
                // Some of these may be this server by another name: the mail could come back for ever.
                return new Resolution.NotNow(
                        LOOP_NOW,
                        "none of the mail servers of " + mx.domain() + " (" + String.join(", ", names(mx.exchangers()))
                                + ") is known to be this backup server: give its name there in 'ownNames', or the main"
                                + " server in 'relayHosts'");
            }
            List<SmtpHost> hosts = mx.exchangers().stream()
                    .map(exchanger -> new SmtpHost(exchanger.host(), mode.port(), exchanger.addresses()))
                    .toList();
            return new Resolution.Towards(nextHop(route, mx.exchangers(), mode.port()), hosts, mx.excluded());
        }
        String domain = exchangers.domain();
        if (exchangers instanceof Exchangers.NullMx) {
            return new Resolution.Undeliverable("5.1.10", "the domain " + domain + " accepts no mail (null MX)");
        } else if (exchangers instanceof Exchangers.NoSuchDomain) {
            return new Resolution.Undeliverable("5.1.2", "the domain " + domain + " does not exist");
        } else if (exchangers instanceof Exchangers.NoMailHost) {
            return new Resolution.Undeliverable("5.4.4", "the domain " + domain + " has no mail server");
        } else if (exchangers instanceof Exchangers.OnlyOurselves
                && route.backup().isPresent()) {
            return new Resolution.NotNow(
                    LOOP_NOW,
                    "no mail server of " + domain + " is better than this backup server: give the main server in"
                            + " 'relayHosts', or a mail exchanger with a lower preference");
        } else if (exchangers instanceof Exchangers.OnlyOurselves) {
            return new Resolution.Undeliverable(
                    LOOP, "mail for " + domain + " loops back to this server, which does not accept it");
        } else if (exchangers instanceof Exchangers.NowhereAllowed nowhere) {
            String why = "mail for " + domain + " may not go to any of its mail servers: " + listed(nowhere.excluded());
            return route.backup().isPresent()
                    ? new Resolution.NotNow(LOOP_NOW, why + ": give the main server in 'relayHosts'")
                    : new Resolution.Undeliverable(LOOP, why);
        } else if (exchangers instanceof Exchangers.Malformed malformed) {
            return new Resolution.Undeliverable("5.1.2", "bad domain " + domain + ": " + malformed.why());
        }
        String why = exchangers instanceof Exchangers.Unresolved unresolved ? unresolved.why() : "no answer";
        return new Resolution.NotNow("4.4.3", "the mail servers of " + domain + " cannot be looked up: " + why);
    }

    private CompletableFuture<Resolution> resolveRelay(Route route, RouteMode.Relay relay) {
        List<RelayHost> order = new ArrayList<>(relay.hosts());
        if (relay.loadBalancing()) {
            // Every attempt starts at another host and goes on in the configured order.
            Collections.rotate(order, random.nextInt(order.size()));
        }
        List<CompletableFuture<SmtpHost>> lookups = order.stream()
                .map(host -> withAddresses(route, host, relay.defaultPort()))
                .toList();
        return CompletableFuture.allOf(lookups.toArray(CompletableFuture[]::new))
                .thenApply(done -> resolution(
                        route,
                        relay,
                        lookups.stream().map(CompletableFuture::join).toList()));
    }

    private Resolution resolution(Route route, RouteMode.Relay relay, List<SmtpHost> hosts) {
        List<SmtpHost> others = new ArrayList<>();
        List<ExcludedHost> excluded = new ArrayList<>();
        for (SmtpHost host : hosts) {
            if (route.backup().isPresent() && ourselves.listensAt(host.name(), host.addresses(), host.port())) {
                excluded.add(new ExcludedHost(host.name(), "this server itself"));
                continue;
            }
            List<InetAddress> addresses = new ArrayList<>(host.addresses());
            if (addresses.removeIf(address -> ourselves.listensAt(address, host.port()))) {
                excluded.add(new ExcludedHost(
                        host.name(), "this James listens at some of its addresses, port " + host.port()));
            }
            if (host.addresses().isEmpty() || !addresses.isEmpty()) {
                others.add(new SmtpHost(host.name(), host.port(), addresses));
            }
        }
        if (!others.isEmpty()) {
            return new Resolution.Towards(nextHop(route, relay), others, excluded);
        }
        // A slip in the settings, or of the name of a relay host, is the administrator's matter, and no reason to
        // bounce.
        return new Resolution.NotNow(
                LOOP_NOW,
                "the relay hosts of " + route.name() + " ("
                        + hosts.stream().map(SmtpHost::toString).collect(Collectors.joining(", "))
                        + ") are this server itself: give "
                        + (route.backup().isPresent() ? "the main server" : "others")
                        + " in 'relayHosts'");
    }

    /** A relay host that does not resolve now is kept without address: it is a matter of the administrator, not a reason
     * to bounce. */
    private CompletableFuture<SmtpHost> withAddresses(Route route, RelayHost host, int defaultPort) {
        HostAddresses addresses = lookups.apply(route.dns()).addresses();
        return addresses.lookup(host.host()).thenApply(answer -> {
            List<InetAddress> known =
                    answer instanceof AddressAnswer.Addresses some ? some.addresses() : List.<InetAddress>of();
            return new SmtpHost(host.host(), host.port().orElse(defaultPort), known);
        });
    }

    private static NextHop nextHop(Route route, RouteMode.Relay relay) {
        List<String> hosts = relay.hosts().stream().map(RelayHost::toString).toList();
        return nextHop(route, "relay", hosts, relay.defaultPort(), hosts);
    }

    private static NextHop nextHop(Route route, List<MailExchanger> exchangers, int port) {
        List<String> identity = exchangers.stream()
                .map(exchanger -> exchanger.preference() + ":" + exchanger.host())
                .sorted()
                .toList();
        return nextHop(route, "mx", identity, port, names(exchangers));
    }

    private static String listed(List<ExcludedHost> excluded) {
        // As many as a stranger's DNS names.
        return excluded.stream().limit(REASONS).map(ExcludedHost::toString).collect(Collectors.joining(", "))
                + (excluded.size() > REASONS ? ", …" : "");
    }

    private static List<String> names(List<MailExchanger> exchangers) {
        return exchangers.stream().map(MailExchanger::host).toList();
    }

    private static NextHop nextHop(Route route, String kind, List<String> identity, int port, List<String> names) {
        Key key = new Key(kind, identity, port, route.connection().identity());
        String name = names.stream().limit(HOSTS_IN_NAME).collect(Collectors.joining(","))
                + (names.size() > HOSTS_IN_NAME ? ",…" : "");
        return new NextHop(key, name);
    }

    private record Key(String kind, List<String> hosts, int port, ConnectionSettings.Identity connection) {}
}
