/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.server.core.configuration.ConfigurationProvider;

/**
 * James's own SMTP servers, as {@code smtpserver.xml} has them.
 *
 * @param names that they greet with, where it says so
 * @param listening that they listen at, those with a port that the system chooses left out
 */
record SmtpServers(Set<String> names, Set<InetSocketAddress> listening) {

    static final SmtpServers NONE = new SmtpServers(Set.of(), Set.of());

    private static final String ANYWHERE = "0.0.0.0:25";

    /** @throws IllegalArgumentException when the file cannot be read */
    static SmtpServers read(ConfigurationProvider configuration) {
        Set<String> names = new HashSet<>();
        Set<InetSocketAddress> listening = new HashSet<>();
        try {
            List<HierarchicalConfiguration<ImmutableNode>> servers =
                    configuration.getConfiguration("smtpserver").configurationsAt("smtpserver");
            for (HierarchicalConfiguration<ImmutableNode> server : servers) {
                if (server.getBoolean("[@enabled]", true)) {
                    if (!server.getBoolean("helloName[@autodetect]", true)) {
                        names.add(server.getString("helloName", "").trim());
                    }
                    for (String listen : server.getString("bind", ANYWHERE).split(",", -1)) {
                        socket(listen).ifPresent(listening::add);
                    }
                }
            }
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("smtpserver.xml cannot be read: " + e.getMessage(), e);
        }
        names.remove("");
        return new SmtpServers(Set.copyOf(names), Set.copyOf(listening));
    }

    /** As James reads it: {@code host:port}. */
    private static Optional<InetSocketAddress> socket(String listen) {
        int colon = listen.lastIndexOf(':');
        String port = listen.substring(colon + 1).trim();
        if (!port.matches("[1-9]\\d{0,4}")) {
            return Optional.empty();
        }
        InetSocketAddress socket =
                new InetSocketAddress(listen.substring(0, Math.max(0, colon)).trim(), Integer.parseInt(port));
        // James itself says why it does not start there.
        return socket.isUnresolved() ? Optional.empty() : Optional.of(socket);
    }

    boolean usePort(int port) {
        return listening.stream().anyMatch(socket -> socket.getPort() == port);
    }

    /**
     * Whether a connection to this address and port ends at one of them.
     *
     * @param isThisHost whether an address is one of this host's
     */
    boolean listenAt(InetAddress address, int port, Predicate<InetAddress> isThisHost) {
        return listening.stream()
                .filter(socket -> socket.getPort() == port)
                .map(InetSocketAddress::getAddress)
                .anyMatch(socket -> {
                    if (address.isAnyLocalAddress()) { // a connection to it goes to the loopback interface
                        return socket.isAnyLocalAddress() || socket.isLoopbackAddress();
                    }
                    return socket.isAnyLocalAddress()
                            ? address.isLoopbackAddress() || isThisHost.test(address)
                            : socket.equals(address);
                });
    }
}
