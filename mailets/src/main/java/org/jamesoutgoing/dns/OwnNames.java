/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What this host is called by others, as an administrator says: names, and the addresses that stand for it outside, such as
 * that of the router in front of it.
 *
 * @param names A-labels in lower case, without a trailing dot
 */
public record OwnNames(Set<String> names, Set<InetAddress> addresses) {

    public static final OwnNames NONE = new OwnNames(Set.of(), Set.of());

    public static final String ALLOWED =
            "host names and IP addresses of this server, separated by commas, such as mx2.example.com, 192.0.2.7";

    public OwnNames {
        names = Set.copyOf(names);
        addresses = Set.copyOf(addresses);
    }

    /** @throws IllegalArgumentException when it is not {@link #ALLOWED} */
    public static OwnNames parse(String text) {
        Set<String> names = new HashSet<>();
        Set<InetAddress> addresses = new HashSet<>();
        for (String word : text.split("[\\s,]+", -1)) {
            if (!word.isEmpty()) {
                Optional<InetAddress> address = address(word);
                if (address.isPresent()) {
                    addresses.add(address.get());
                } else {
                    names.add(DomainNames.canonical(word).orElseThrow(IllegalArgumentException::new));
                }
            }
        }
        return new OwnNames(names, addresses);
    }

    /** What is an address, plain or as a literal of a mail domain; nothing is asked. */
    public static Optional<InetAddress> address(String word) {
        return IpAddresses.parse(word)
                .or(() -> MailDomain.parse(word) instanceof MailDomain.Literal literal
                        ? Optional.of(literal.address())
                        : Optional.empty());
    }

    /** Whether this host is meant. */
    public boolean include(String hostName, List<InetAddress> hostAddresses) {
        return names.contains(hostName) || hostAddresses.stream().anyMatch(addresses::contains);
    }
}
