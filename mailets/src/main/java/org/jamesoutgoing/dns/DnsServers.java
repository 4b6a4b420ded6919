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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.ResolverConfig;

/**
 * Which DNS servers to ask, in turn, and which ones when none of those gave an answer. Immutable.
 *
 * <p>Made once, at start: servers given by name are looked up then, and a later change of the system's list is not
 * seen.
 */
public final class DnsServers {
    private static final int DNS_PORT = 53;
    private static final String ALLOWED =
            "allowed are host, host:port, IPv6 address and [IPv6 address]:port, several separated by ; or ,";

    private final List<InetSocketAddress> servers;
    private final List<InetSocketAddress> fallback;

    private DnsServers(List<InetSocketAddress> servers, List<InetSocketAddress> fallback) {
        this.servers = servers.stream().distinct().toList();
        this.fallback =
                fallback.stream().filter(f -> !servers.contains(f)).distinct().toList();
    }

    /**
     * The servers of a list as an administrator writes it: {@code 10.0.0.1;10.0.0.2:5353,[::1]:53}.
     *
     * @throws IllegalArgumentException saying which server is wrong and what is allowed
     */
    public static DnsServers of(String list) {
        return of(Arrays.asList(list.split("[;,\\s]+")));
    }

    /**
     * These servers, each written as in {@link #of(String)}. Blank ones are skipped.
     *
     * @throws IllegalArgumentException saying which server is wrong and what is allowed; also if there is none
     */
    public static DnsServers of(Collection<String> servers) {
        List<InetSocketAddress> parsed = servers.stream()
                .map(String::trim)
                .filter(server -> !server.isEmpty())
                .map(DnsServers::parse)
                .toList();
        if (parsed.isEmpty()) {
            throw new IllegalArgumentException("no DNS server is given; " + ALLOWED);
        }
        return new DnsServers(parsed, List.of());
    }

    /** The servers the operating system uses (in {@code /etc/resolv.conf} and its likes); {@code localhost} if none. */
    public static DnsServers system() {
        List<InetSocketAddress> found = ResolverConfig.getCurrentConfig().servers();
        return found.isEmpty() ? of("127.0.0.1") : new DnsServers(found, List.of());
    }

    /**
     * The servers James's own DNS service uses with this {@code dnsservice.xml}.
     *
     * @param autodiscover its {@code <autodiscover>} (James's default: true): the system's servers come first
     * @param servers its {@code <servers><server>} elements
     * @throws IllegalArgumentException as {@link #of(Collection)}
     */
    public static DnsServers asJames(boolean autodiscover, Collection<String> servers) {
        List<InetSocketAddress> all = new ArrayList<>(autodiscover ? system().servers() : List.of());
        if (servers.stream().anyMatch(server -> !server.isBlank())) {
            all.addAll(of(servers).servers());
        }
        return all.isEmpty() ? of("127.0.0.1") : new DnsServers(all, List.of());
    }

    /** These, and the system's when none of these gave an answer. */
    public DnsServers orSystem() {
        return or(system());
    }

    /** These, and {@code others} when none of these gave an answer. */
    public DnsServers or(DnsServers others) {
        return new DnsServers(servers, others.servers);
    }

    /** The servers to ask, in this order; never empty. */
    public List<InetSocketAddress> servers() {
        return servers;
    }

    /** The servers to ask when none of {@link #servers()} gave an answer; may be empty. */
    public List<InetSocketAddress> fallback() {
        return fallback;
    }

    /** A server as an administrator writes it: {@code 192.0.2.1:53}, {@code [2001:db8::1]:53}. */
    static String text(InetSocketAddress server) {
        String host = server.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getPort();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DnsServers that && servers.equals(that.servers) && fallback.equals(that.fallback);
    }

    @Override
    public int hashCode() {
        return 31 * servers.hashCode() + fallback.hashCode();
    }

    @Override
    public String toString() {
        return servers + (fallback.isEmpty() ? "" : ", then " + fallback);
    }

    private static InetSocketAddress parse(String server) {
        boolean bracketed = server.startsWith("[");
        int end = server.indexOf(']');
        if (bracketed && end < 0) {
            throw wrong(server, "the bracket is not closed");
        }
        int colon = bracketed ? end + 1 : server.indexOf(':');
        boolean bareV6 = !bracketed && colon >= 0 && server.indexOf(':', colon + 1) >= 0;
        if (bareV6 || colon < 0 || colon == server.length()) {
            return new InetSocketAddress(address(server, bracketed ? server.substring(1, end) : server), DNS_PORT);
        }
        if (server.charAt(colon) != ':') {
            throw wrong(server, "only a port may follow the bracket");
        }
        String host = bracketed ? server.substring(1, end) : server.substring(0, colon);
        return new InetSocketAddress(address(server, host), port(server, server.substring(colon + 1)));
    }

    private static int port(String server, String text) {
        // Integer.parseInt alone would take +53.
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw wrong(server, "the port is not a number from 1 to 65535");
    }

    private static InetAddress address(String server, String host) {
        Optional<InetAddress> literal = IpAddresses.parse(host);
        if (literal.isPresent()) {
            return literal.get();
        }
        // The JDK would read 10.1 and 0x7f000001 as addresses.
        if (!MailDomain.isHostName(host.toLowerCase(Locale.ROOT)) || host.matches("(?i)[0-9.]+|0x[0-9a-f.x]*")) {
            throw wrong(server, "this is neither a host name nor an address");
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("DNS server '" + server + "': its name cannot be resolved", e);
        }
    }

    private static IllegalArgumentException wrong(String server, String why) {
        return new IllegalArgumentException("DNS server '" + PrintableAscii.of(server) + "': " + why + "; " + ALLOWED);
    }
}
