/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.util.List;

/**
 * What names and addresses are this host's own, so that mail is never sent in a circle (RFC 5321 §5.1).
 *
 * <p>Called on any thread, for every exchanger of every look-up: an implementation must be fast, thread-safe, and must
 * not ask DNS.
 */
public interface Ourselves {
    /** Nothing is ours. For tests, and for a host that only relays. */
    Ourselves NOBODY = (hostName, addresses) -> false;

    /**
     * Whether this is us.
     *
     * @param hostName as in {@link MailExchanger#host()}
     * @param addresses the addresses of that host; empty when they are not known (yet)
     */
    boolean is(String hostName, List<InetAddress> addresses);

    /** Whether a connection to this address and port ends at one of James's own SMTP servers. */
    default boolean listensAt(InetAddress address, int port) {
        return false;
    }

    /**
     * Whether what is sent to this port of that host may come back to us, whoever stands between: a host that is us may
     * have other mail servers, on other ports.
     *
     * @param hostName a name or an address, without brackets
     * @param addresses as in {@link #is}
     */
    default boolean listensAt(String hostName, List<InetAddress> addresses, int port) {
        return is(hostName, addresses);
    }
}
