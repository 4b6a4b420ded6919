/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import javax.inject.Inject;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.dnsservice.dnsjava.DNSJavaService;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.jamesoutgoing.dns.DnsServers;
import org.jamesoutgoing.dns.DnsjavaResolver;
import org.jamesoutgoing.dns.JamesDnsResolver;
import org.jamesoutgoing.dns.Resolver;
import org.jamesoutgoing.routing.DnsOptions;

/**
 * Whom DNS questions are asked: the servers of the route; without any, those of James's {@code dnsservice.xml}; and
 * when James runs with another implementation of its DNS service than its own, that service.
 */
final class ResolverFactory {

    private final DNSService dnsService;
    private final ConfigurationProvider configuration;

    @Inject
    ResolverFactory(DNSService dnsService, ConfigurationProvider configuration) {
        this.dnsService = dnsService;
        this.configuration = configuration;
    }

    Resolver of(DnsOptions options, Executor blocking) {
        if (options.servers().isPresent()) {
            return dnsjava(options.servers().get(), options);
        }
        if (dnsService instanceof DNSJavaService) {
            return dnsjava(jamesServers(), options);
        }
        return new JamesDnsResolver(dnsService, blocking);
    }

    private static Resolver dnsjava(DnsServers servers, DnsOptions options) {
        return new DnsjavaResolver(servers, options.timeout(), 2, ForkJoinPool.commonPool(), SystemTime::nanoTime);
    }

    /** The servers that {@link #of} asks; empty: they are known to James's own DNS service only. */
    Optional<DnsServers> servers(DnsOptions options) {
        if (options.servers().isPresent()) {
            return options.servers();
        }
        return dnsService instanceof DNSJavaService ? Optional.of(jamesServers()) : Optional.empty();
    }

    private DnsServers jamesServers() {
        try {
            HierarchicalConfiguration<ImmutableNode> dns = configuration.getConfiguration("dnsservice");
            return DnsServers.asJames(
                    dns.getBoolean("autodiscover", true), Arrays.asList(dns.getStringArray("servers.server")));
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("dnsservice.xml cannot be read: " + e.getMessage(), e);
        }
    }
}
