/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where no mail goes in independent mode, whatever a stranger's DNS says: to addresses that are no other host's, for there this
 * host would talk to itself, and to every place where this James listens.
 *
 * @param localAllowed whether loopback and link-local addresses are hosts like others, as in laboratories
 * @param port that mail would go to
 */
record ForbiddenAddresses(Ourselves ourselves, boolean localAllowed, int port) {

    /** Why no mail goes to this address; empty: it may. */
    Optional<String> why(InetAddress address) {
        return kind(address)
                .map(kind -> address.getHostAddress() + " is " + kind)
                .or(() -> ourselves.listensAt(address, port)
                        ? Optional.of("this James listens at " + address.getHostAddress() + " port " + port)
                        : Optional.empty());
    }

    private Optional<String> kind(InetAddress address) {
        if (!Addresses.isUsable(address)) {
            return Optional.of("no address of a host");
        } else if (address.isLoopbackAddress() && !localAllowed) {
            return Optional.of("a loopback address");
        } else if (address.isLinkLocalAddress() && !localAllowed) {
            return Optional.of("a link-local address");
        }
        return Optional.empty();
    }
}
