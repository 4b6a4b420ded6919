/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The addresses of a relay host, which an administrator named: an address, a name in the hosts file, or a name in DNS,
 * in this order. The first two work without any DNS. No MX records, and no {@link Ourselves}:
 * another server of this very host may be meant. Thread-safe and asynchronous as {@link ExchangerLookup} is.
 */
public final class HostAddresses {
    private final Resolver resolver;
    private final HostsFile hostsFile;
    private final ExchangerOptions options;

    /**
     * @param resolver wrapped in a {@link CachingResolver} unless it is one
     * @param options how long to keep and to wait for answers
     * @param nanoTime drives the cache: only goes forward, in nanoseconds
     */
    public HostAddresses(Resolver resolver, HostsFile hostsFile, ExchangerOptions options, LongSupplier nanoTime) {
        this.resolver = CachingResolver.around(resolver, options, nanoTime);
        this.hostsFile = hostsFile;
        this.options = options;
    }

    /**
     * Finds the addresses of a host.
     *
     * @param host a name in any spelling, an address, or an address in brackets ({@code [IPv6:…]} too)
     * @return never fails; {@code NoSuchName} also for what cannot be a name
     */
    public CompletableFuture<AddressAnswer> lookup(String host) {
        return known(host)
                .<CompletableFuture<AddressAnswer>>map(CompletableFuture::completedFuture)
                .orElseGet(() -> resolver.addresses(((MailDomain.Name) MailDomain.parse(host)).ascii()));
    }

    /** The answer, if it takes no DNS. */
    private Optional<AddressAnswer> known(String host) {
        Optional<InetAddress> address = IpAddresses.parse(host);
        if (address.isPresent()) {
            return Optional.of(new AddressAnswer.Addresses(List.of(address.get()), options.maxTtl()));
        }
        MailDomain parsed = MailDomain.parse(host);
        if (parsed instanceof MailDomain.Literal literal) {
            return Optional.of(new AddressAnswer.Addresses(List.of(literal.address()), options.maxTtl()));
        }
        if (!(parsed instanceof MailDomain.Name name)) {
            return Optional.of(new AddressAnswer.NoSuchName(options.negativeTtl()));
        }
        List<InetAddress> listed = hostsFile.addresses(name.ascii());
        if (!listed.isEmpty()) {
            return Optional.of(new AddressAnswer.Addresses(listed, HostsFile.FRESH));
        }
        // Even where the hosts file does not list it.
        return IpAddresses.isLocalhost(name.ascii())
                ? Optional.of(new AddressAnswer.Addresses(IpAddresses.LOOPBACK, HostsFile.FRESH))
                : Optional.empty();
    }
}
