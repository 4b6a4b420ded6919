/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.net.InetAddress;
import java.util.List;

/**
 * One host of a next hop, with the addresses it was resolved to.
 *
 * @param name for SNI, the certificate check, the pool and the logs; without a trailing dot
 * @param port 1 to 65535
 * @param addresses in the resolver's order; all of them are tried, the families alternating (RFC 8305)
 */
public record SmtpHost(String name, int port, List<InetAddress> addresses) {

    public SmtpHost {
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        addresses = List.copyOf(addresses);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of " + name);
        }
    }

    @Override
    public String toString() {
        return name + ":" + port;
    }
}
