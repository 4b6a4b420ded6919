/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.time.Duration;
import java.util.List;

/** The answer to a question for MX records. Only {@link NoData} says that there are none. */
public sealed interface MxAnswer {
    /** How long the answer may be kept, as DNS says; not yet bounded. Zero when unknown. */
    Duration ttl();

    /** The same answer with another time to live. */
    MxAnswer withTtl(Duration ttl);

    /**
     * There are MX records.
     *
     * @param name the name that owns them: the one asked for, or what it is a CNAME of
     * @param records in any order, at least one
     */
    record Records(String name, List<MxRecord> records, Duration ttl) implements MxAnswer {
        /** Copies {@code records}. */
        public Records {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("no records for " + name + ", that is NoData");
            }
        }

        @Override
        public MxAnswer withTtl(Duration left) {
            return new Records(name, records, left);
        }
    }

    /**
     * The name exists, but has no MX record (NODATA, RFC 2308 §2.2).
     *
     * @param name the one asked for, or what it is a CNAME of; that one is to be asked for addresses (RFC 5321 §5.1)
     */
    record NoData(String name, Duration ttl) implements MxAnswer {
        @Override
        public MxAnswer withTtl(Duration left) {
            return new NoData(name, left);
        }
    }

    /** The name, or what it is a CNAME of, does not exist (NXDOMAIN, RFC 8020). */
    record NoSuchName(Duration ttl) implements MxAnswer {
        @Override
        public MxAnswer withTtl(Duration left) {
            return new NoSuchName(left);
        }
    }

    /**
     * No usable answer: SERVFAIL, time-out, nonsense. Temporary.
     *
     * @param why one line of printable ASCII for the administrator
     */
    record Unavailable(String why, Duration ttl) implements MxAnswer {
        /** With a {@code ttl} of zero: the cache decides how long it is kept. */
        public Unavailable(String why) {
            this(why, Duration.ZERO);
        }

        @Override
        public MxAnswer withTtl(Duration left) {
            return new Unavailable(why, left);
        }
    }
}
