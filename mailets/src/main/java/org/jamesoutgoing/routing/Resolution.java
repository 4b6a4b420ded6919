/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.List;
import org.jamesoutgoing.dns.ExcludedHost;
import org.jamesoutgoing.smtp.SmtpHost;

/** What a destination resolves to at this moment. */
public sealed interface Resolution {

    /**
     * Mail goes to this next hop.
     *
     * @param hosts in the order to try; a host without addresses was found but has none now
     * @param excluded hosts and addresses that mail does not go to
     */
    record Towards(NextHop nextHop, List<SmtpHost> hosts, List<ExcludedHost> excluded) implements Resolution {
        public Towards {
            hosts = List.copyOf(hosts);
            excluded = List.copyOf(excluded);
        }

        public Towards(NextHop nextHop, List<SmtpHost> hosts) {
            this(nextHop, hosts, List.of());
        }
    }

    /** Nobody takes mail for this domain: final. {@code status} is an RFC 3463 code of class 5. */
    record Undeliverable(String status, String reason) implements Resolution {}

    /** It cannot be told now: try again later. {@code status} is an RFC 3463 code of class 4. */
    record NotNow(String status, String reason) implements Resolution {}
}
