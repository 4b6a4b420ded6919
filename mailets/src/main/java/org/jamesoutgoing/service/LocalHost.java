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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jamesoutgoing.dns.Ourselves;

/**
 * What names and addresses are this host's own: the HELO name, the host name, and every address of its interfaces but
 * loopback ones (an exchanger on loopback is a test or a mistake, never this server as others see it).
 */
final class LocalHost implements Ourselves {

    private final Set<String> names;
    private final Set<InetAddress> addresses;

    private LocalHost(Set<String> names, Set<InetAddress> addresses) {
        this.names = Set.copyOf(names);
        this.addresses = Set.copyOf(addresses);
    }

    static LocalHost withHeloName(String heloName) {
        Set<String> names = new HashSet<>();
        names.add(canonical(heloName));
        Set<InetAddress> addresses = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .forEach(addresses::add);
        } catch (SocketException e) {
            throw new IllegalStateException("the network interfaces cannot be listed", e);
        }
        names.remove("localhost");
        return new LocalHost(names, addresses);
    }

    @Override
    public boolean is(String hostName, List<InetAddress> hostAddresses) {
        return names.contains(canonical(hostName)) || hostAddresses.stream().anyMatch(addresses::contains);
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
