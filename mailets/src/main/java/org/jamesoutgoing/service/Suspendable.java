/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.delivery.Suspensions;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.settings.ValueType;

/** What can be suspended by itself. */
public sealed interface Suspendable {

    /** Whether it is suspended now, and why. */
    Optional<Suspension> in(Suspensions suspensions, Instant now);

    /** Everything that the service delivers. */
    record Service() implements Suspendable {
        @Override
        public Optional<Suspension> in(Suspensions suspensions, Instant now) {
            return suspensions.ofService(now);
        }

        @Override
        public String toString() {
            return "service";
        }
    }

    /**
     * Mail to a domain.
     *
     * @param name A-labels in lower case, or an address literal in its brackets
     */
    record Domain(String name) implements Suspendable {

        /** What a domain may be. */
        public static final ValueType<Domain> TYPE =
                new ValueType<>("a domain, such as example.com; not its subdomains", Domain::of);

        private static Domain of(String text) {
            return new Domain(DomainNames.canonical(text)
                    .or(() -> Optional.of(text.toLowerCase(Locale.ROOT)).filter(Suspendable::isLiteral))
                    .orElseThrow(IllegalArgumentException::new));
        }

        @Override
        public Optional<Suspension> in(Suspensions suspensions, Instant now) {
            return suspensions.ofDomain(name, now);
        }

        @Override
        public String toString() {
            return "domain " + name;
        }
    }

    /**
     * Every next hop that the host is one of.
     *
     * @param name a host name as A-labels in lower case, or an address as the next hops show it
     */
    record Host(String name) implements Suspendable {

        /** What a host may be. */
        public static final ValueType<Host> TYPE = new ValueType<>(
                "the name or the address of a host, such as mx.example.com, 192.0.2.1 or 2001:db8::1", Host::of);

        private static Host of(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            return new Host(
                    isAddress(lower) ? lower : DomainNames.canonical(text).orElseThrow(IllegalArgumentException::new));
        }

        @Override
        public Optional<Suspension> in(Suspensions suspensions, Instant now) {
            return suspensions.ofHosts(List.of(name), now);
        }

        @Override
        public String toString() {
            return "host " + name;
        }
    }

    private static boolean isLiteral(String text) {
        return text.startsWith("[") && text.endsWith("]") && isAddress(text.substring(1, text.length() - 1));
    }

    /** Only to keep out what cannot be meant: an address that no host has suspends nothing. */
    private static boolean isAddress(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}|(ipv6:)?[0-9a-f.]*:[0-9a-f:.]{1,60}");
    }
}
