/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.xbill.DNS.Address;

/** What this package knows of IP addresses: reading them, refusing senseless ones, the order to try them in. */
final class IpAddresses {
    static final List<InetAddress> LOOPBACK =
            List.of(parse("127.0.0.1").orElseThrow(), parse("::1").orElseThrow());

    private static final byte[] BROADCAST = {-1, -1, -1, -1};

    private IpAddresses() {}

    /** Reads a plain dotted quad or a plain IPv6 address. Anything else is no address; never asks DNS. */
    static Optional<InetAddress> parse(String text) {
        try {
            return Optional.of(Address.getByAddress(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** RFC 6761 §6.3: such a name is never a question for DNS, and always loopback. */
    static boolean isLocalhost(String asciiName) {
        return asciiName.equals("localhost") || asciiName.endsWith(".localhost");
    }

    /** Whether a host can be reached at this address. {@code 0.0.0.0/8} and {@code ::} would be this host itself. */
    static boolean isUsable(InetAddress address) {
        byte[] octets = address.getAddress();
        return !address.isAnyLocalAddress()
                && !(octets.length == 4 && octets[0] == 0) // RFC 1122 §3.2.1.3
                && !address.isMulticastAddress()
                && !Arrays.equals(octets, BROADCAST);
    }

    /**
     * These addresses, each once, in the order to try them: shuffled within a family, for our cache hides the rotation
     * that DNS servers do; the families in turn, IPv6 first (RFC 8305 §4), so that a limit on tries or addresses never
     * shuts out one family.
     */
    static List<InetAddress> inOrder(List<InetAddress> addresses, int limit, Random random) {
        List<InetAddress> six = family(Inet6Address.class, addresses, random);
        List<InetAddress> four = family(Inet4Address.class, addresses, random);
        List<InetAddress> ordered = new ArrayList<>();
        for (int i = 0; i < Math.max(six.size(), four.size()); i++) {
            if (i < six.size()) {
                ordered.add(six.get(i));
            }
            if (i < four.size()) {
                ordered.add(four.get(i));
            }
        }
        return ordered.subList(0, Math.min(limit, ordered.size()));
    }

    private static List<InetAddress> family(
            Class<? extends InetAddress> family, List<InetAddress> addresses, Random random) {
        List<InetAddress> members = new ArrayList<>(
                addresses.stream().filter(family::isInstance).distinct().toList());
        Collections.shuffle(members, random);
        return members;
    }
}
