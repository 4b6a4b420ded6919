/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** In what order the addresses of a host are tried (RFC 8305 §4): the families alternate, IPv6 first. */
final class AddressOrder {

    private AddressOrder() {}

    /** The addresses that can be reached from the source address, each once. */
    static List<InetAddress> of(List<InetAddress> addresses, Optional<InetAddress> source) {
        Deque<InetAddress> six = new ArrayDeque<>();
        Deque<InetAddress> four = new ArrayDeque<>();
        addresses.stream()
                .distinct()
                .filter(address -> source.isEmpty() || sixth(source.get()) == sixth(address))
                .forEach(address -> (sixth(address) ? six : four).add(address));
        List<InetAddress> order = new ArrayList<>();
        while (!six.isEmpty() || !four.isEmpty()) {
            Optional.ofNullable(six.poll()).ifPresent(order::add);
            Optional.ofNullable(four.poll()).ifPresent(order::add);
        }
        return order;
    }

    private static boolean sixth(InetAddress address) {
        return address instanceof Inet6Address;
    }
}
