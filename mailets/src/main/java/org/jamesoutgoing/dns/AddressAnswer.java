/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** The answer to a question for the addresses of a host: its AAAA and A records together. */
public sealed interface AddressAnswer {
    /** How long the answer may be kept, as DNS says; not yet bounded. Zero when unknown. */
    Duration ttl();

    /** The same answer with another time to live. */
    AddressAnswer withTtl(Duration ttl);

    /**
     * There are addresses.
     *
     * @param addresses at least one; the order means nothing. When only one of the two questions (AAAA, A) was
     *     answered, what that one gave, with a {@code ttl} of zero
     */
    record Addresses(List<InetAddress> addresses, Duration ttl) implements AddressAnswer {
        /** Copies {@code addresses}. */
        public Addresses {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("no addresses, that is NoData");
            }
        }

        @Override
        public AddressAnswer withTtl(Duration left) {
            return new Addresses(addresses, left);
        }
    }

    /** The name exists, but has no address. */
    record NoData(Duration ttl) implements AddressAnswer {
        @Override
        public AddressAnswer withTtl(Duration left) {
            return new NoData(left);
        }
    }

    /** The name, or what it is a CNAME of, does not exist, or cannot exist because it is no name. */
    record NoSuchName(Duration ttl) implements AddressAnswer {
        @Override
        public AddressAnswer withTtl(Duration left) {
            return new NoSuchName(left);
        }
    }

    /**
     * No usable answer: SERVFAIL, time-out, nonsense. Temporary.
     *
     * @param why one line of printable ASCII for the administrator
     */
    record Unavailable(String why, Duration ttl) implements AddressAnswer {
        /** With a {@code ttl} of zero: the cache decides how long it is kept. */
        public Unavailable(String why) {
            this(why, Duration.ZERO);
        }

        @Override
        public AddressAnswer withTtl(Duration left) {
            return new Unavailable(why, left);
        }
    }
}
