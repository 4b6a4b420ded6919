/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.time.Instant;
import java.util.List;

/**
 * What DNS says about where mail for a domain goes (RFC 5321 §5.1). Each case is one thing to do with the mail; the
 * enhanced status code (RFC 3463) that goes with it stands beside it.
 *
 * <p>{@code domain} is the domain that was asked for, as A-labels in lower case without a trailing dot; for an address
 * literal and for {@link Malformed} as it was given.
 */
public sealed interface Exchangers {
    /** The domain that was asked for. */
    String domain();

    /**
     * Hosts to deliver to. Some, even all, of them may have no address just now; a mail whose every host is without
     * address is deferred (4.4.3).
     *
     * @param exchangers in the order to try: by preference, shuffled within one preference anew at every look-up; never
     *     empty
     * @param expires when the first of the DNS records behind this answer runs out: ask again from then on
     * @param withoutUs whether this host itself was on the list, and is left out with everything that is no better
     * @param excluded everything on the list that mail does not go to
     */
    record MailHosts(
            String domain,
            List<MailExchanger> exchangers,
            Instant expires,
            boolean withoutUs,
            List<ExcludedHost> excluded)
            implements Exchangers {
        /** Copies the lists. */
        public MailHosts {
            exchangers = List.copyOf(exchangers);
            excluded = List.copyOf(excluded);
            if (exchangers.isEmpty()) {
                throw new IllegalArgumentException("no exchangers for " + domain);
            }
        }
    }

    /** The domain says that it takes no mail (RFC 7505): fail with 5.1.10, without asking for addresses. */
    record NullMx(String domain) implements Exchangers {}

    /** The domain does not exist (NXDOMAIN): fail with 5.1.2. */
    record NoSuchDomain(String domain) implements Exchangers {}

    /** The domain exists, but has neither a mail exchanger nor an address: fail with 5.4.4. */
    record NoMailHost(String domain) implements Exchangers {}

    /** No exchanger is better than this host itself: fail with 5.4.6 rather than loop (RFC 5321 §5.1). */
    record OnlyOurselves(String domain) implements Exchangers {}

    /**
     * Every exchanger has addresses, and mail may go to none of them, such as loopback ones: fail with 5.4.6 as well.
     *
     * @param excluded all of them
     */
    record NowhereAllowed(String domain, List<ExcludedHost> excluded) implements Exchangers {
        /** Copies the list. */
        public NowhereAllowed {
            excluded = List.copyOf(excluded);
        }
    }

    /**
     * This cannot be a domain at all: fail with 5.1.2.
     *
     * @param why for the log and the failure message; printable ASCII on one line
     */
    record Malformed(String domain, String why) implements Exchangers {}

    /**
     * DNS did not tell (SERVFAIL, no answer in time, servers unreachable, CNAME loop): defer with 4.4.3.
     *
     * @param why for the log and the failure message; printable ASCII on one line
     */
    record Unresolved(String domain, String why) implements Exchangers {}
}
