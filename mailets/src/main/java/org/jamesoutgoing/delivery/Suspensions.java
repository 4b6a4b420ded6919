/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.dns.DomainNames;

/**
 * What is suspended in one service. Mail for it is accepted and waits; lifetimes go on.
 *
 * @param service everything
 * @param domains by recipient domain, A-labels in lower case
 * @param hosts by the name of a host, in lower case: every next hop that it is one of
 */
public record Suspensions(
        Optional<Suspension> service, Map<String, Suspension> domains, Map<String, Suspension> hosts) {

    public static final Suspensions NONE = new Suspensions(Optional.empty(), Map.of(), Map.of());

    public Suspensions {
        domains = Map.copyOf(domains);
        hosts = Map.copyOf(hosts);
    }

    public Optional<Suspension> ofService(Instant now) {
        return service.filter(suspension -> suspension.isOn(now));
    }

    /** The suspension of a domain, in any spelling of it. */
    public Optional<Suspension> ofDomain(String domain, Instant now) {
        return domains.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(domains.get(DomainNames.canonical(domain).orElse(domain)))
                        .filter(suspension -> suspension.isOn(now));
    }

    /** The suspension of a next hop with these hosts. */
    public Optional<Suspension> ofHosts(Collection<String> names, Instant now) {
        return hosts.isEmpty()
                ? Optional.empty()
                : names.stream()
                        .map(name -> hosts.get(name.toLowerCase(Locale.ROOT)))
                        .filter(suspension -> suspension != null && suspension.isOn(now))
                        .findFirst();
    }
}
