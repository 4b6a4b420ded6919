/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.dns.OwnNames;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What names and addresses are this host's own:
 *
 * <ul>
 *   <li>what the administrator says in {@code ownNames};
 *   <li>every HELO name that a route gives now, and the names that James's SMTP servers greet with;
 *   <li>the host name, and the name that DNS or the hosts file gives for it;
 *   <li>every address of its interfaces but loopback ones, which every host has: an exchanger there is a mistake or a trick,
 *       and no sign that this server is on the list of exchangers. They come and go, so they are listed again every minute.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class LocalHost implements Ourselves {

    private static final Logger LOGGER = LoggerFactory.getLogger(LocalHost.class);
    private static final long FRESH = Duration.ofMinutes(1).toNanos();
    private static final int SMTP_PORT = 25;
    /** Names that many hosts have. */
    private static final Set<String> NOBODYS = Set.of("localhost", "localhost.localdomain", "localhost6");

    private final OwnNames ownNames;
    private final SmtpServers servers;
    private final Supplier<LayeredRoutes> routes;
    private final Executor blocking;
    private final LongSupplier nanoTime;
    private final AtomicBoolean listing = new AtomicBoolean();

    private volatile Listed listed;
    private volatile Helo helo;

    /** Names and addresses as the system has them, and when it was asked. */
    private record Listed(Set<String> names, Set<InetAddress> addresses, long at) {}

    private record Helo(LayeredRoutes routes, Set<String> names) {}

    /**
     * @param blocking asks the system, and the system may ask DNS
     * @param nanoTime only goes forward
     */
    LocalHost(
            OwnNames ownNames,
            SmtpServers servers,
            Supplier<LayeredRoutes> routes,
            Executor blocking,
            LongSupplier nanoTime) {
        this.ownNames = ownNames;
        this.servers = servers;
        this.routes = routes;
        this.blocking = blocking;
        this.nanoTime = nanoTime;
        this.listed = new Listed(Set.of(), addresses(), nanoTime.getAsLong());
        listAgain();
    }

    @Override
    public boolean is(String hostName, List<InetAddress> hostAddresses) {
        Listed known = listed();
        String name = canonical(hostName);
        return ownNames.include(name, hostAddresses)
                || known.names().contains(name)
                || heloNames().contains(name)
                || hostAddresses.stream().anyMatch(known.addresses()::contains);
    }

    /**
     * Whether this name is this host's own for those who administer it: not every HELO name is, for a route's may be a name in
     * somebody else's hands.
     */
    boolean isCalled(String hostName) {
        String name = canonical(hostName);
        return ownNames.names().contains(name)
                || listed().names().contains(name)
                || servers.names().contains(name)
                || canonical(routes.get().of(RouteName.DEFAULT).connection().heloName())
                        .equals(name);
    }

    @Override
    public boolean listensAt(InetAddress address, int port) {
        // What stands for this host outside leads to it, whatever address is behind it.
        return (servers.usePort(port) && ownNames.addresses().contains(address))
                || servers.listenAt(address, port, listed().addresses()::contains);
    }

    @Override
    public boolean listensAt(String hostName, List<InetAddress> hostAddresses, int port) {
        // Port 25 of this host may be led to another one of James's, as may all of a router in front of it.
        return hostAddresses.stream().anyMatch(address -> listensAt(address, port))
                || ((servers.usePort(port) || port == SMTP_PORT) && is(hostName, hostAddresses));
    }

    // ---- names that routes give

    private Set<String> heloNames() {
        LayeredRoutes current = routes.get();
        Helo known = helo;
        if (known == null || known.routes() != current) {
            Stream<String> names = Stream.concat(
                    Stream.of(current.of(RouteName.DEFAULT).connection().heloName()),
                    current.statics().all().stream()
                            .flatMap(route -> route.values().get(RouteOptions.HELO_NAME).stream()));
            known = new Helo(current, names(Stream.concat(names, servers.names().stream())));
            helo = known;
        }
        return known.names();
    }

    // ---- what the system knows

    private Listed listed() {
        Listed known = listed;
        if (nanoTime.getAsLong() - known.at() > FRESH) {
            listAgain();
        }
        return known;
    }

    private void listAgain() {
        if (!listing.compareAndSet(false, true)) {
            return;
        }
        try {
            blocking.execute(() -> {
                try {
                    listed = new Listed(hostNames(), addresses(), nanoTime.getAsLong());
                } finally {
                    listing.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            LOGGER.debug("the names of this host are not listed again, the service stops");
        }
    }

    private static Set<String> hostNames() {
        try {
            InetAddress host = InetAddress.getLocalHost();
            return names(Stream.of(host.getHostName(), host.getCanonicalHostName()));
        } catch (UnknownHostException e) {
            LOGGER.debug("this host does not know its name", e);
            return Set.of();
        }
    }

    private static Set<InetAddress> addresses() {
        Set<InetAddress> addresses = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .forEach(addresses::add);
        } catch (SocketException e) {
            throw new IllegalStateException("the network interfaces cannot be listed", e);
        }
        return Set.copyOf(addresses);
    }

    private static Set<String> names(Stream<String> names) {
        return names.map(LocalHost::canonical)
                .filter(name -> !NOBODYS.contains(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String canonical(String name) {
        return DomainNames.canonical(name).orElse(name);
    }
}
