/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Where no mail goes in independent mode, whatever a stranger's DNS says: to addresses that are no other host's, for there this
 * host would talk to itself, and to every place where this James listens.
 *
 * @param localAllowed whether loopback and link-local addresses are hosts like others, as in laboratories
 * @param port that mail would go to
 */
record ForbiddenAddresses(Ourselves ourselves, boolean localAllowed, int port) {

    /**
     * Prefixes in hexadecimal digits, and where behind them the IPv4 address begins: IPv4-compatible (RFC 4291 §2.5.5.1), NAT64
     * (RFC 6052 §2.1), 6to4 (RFC 3056 §2).
     */
    private static final Map<String, Integer> SPELL_IPV4 =
            Map.of("000000000000000000000000", 12, "0064ff9b0000000000000000", 12, "2002", 2);

    /** Why no mail goes to this address; empty: it may. */
    Optional<String> why(InetAddress spelt) {
        InetAddress address = unwrapped(spelt);
        return kind(address)
                .map(kind -> spelt.getHostAddress() + " is " + kind)
                .or(() -> ourselves.listensAt(address, port)
                        ? Optional.of("this James listens at " + spelt.getHostAddress() + " port " + port)
                        : Optional.empty());
    }

    /** An IPv6 address that only spells an IPv4 one is judged as that one: a router on the way may make it so. */
    private static InetAddress unwrapped(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != 16 || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return address;
        }
        for (Map.Entry<String, Integer> prefix : SPELL_IPV4.entrySet()) {
            byte[] begin = HexFormat.of().parseHex(prefix.getKey());
            if (Arrays.equals(begin, Arrays.copyOf(octets, begin.length))) {
                return ipv4(Arrays.copyOfRange(octets, prefix.getValue(), prefix.getValue() + 4));
            }
        }
        return address;
    }

    private static InetAddress ipv4(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<String> kind(InetAddress address) {
        if (!IpAddresses.isUsable(address)) {
            return Optional.of("no address of a host");
        } else if (address.isLoopbackAddress() && !localAllowed) {
            return Optional.of("a loopback address");
        } else if (address.isLinkLocalAddress() && !localAllowed) {
            return Optional.of("a link-local address");
        }
        return Optional.empty();
    }
}
