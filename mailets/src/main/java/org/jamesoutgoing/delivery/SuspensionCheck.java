/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.routing.RoutingTable;

/** Why nothing is delivered somewhere at this moment, in words for people: a suspension, or a route that says so. Thread-safe. */
final class SuspensionCheck {

    private static final String WHY = "delivery is suspended: ";

    private final Supplier<Suspensions> suspensions;
    private final RoutingTable routes;
    private final Clock clock;

    /** @param suspensions those of now */
    SuspensionCheck(Supplier<Suspensions> suspensions, RoutingTable routes, Clock clock) {
        this.suspensions = suspensions;
        this.routes = routes;
        this.clock = clock;
    }

    /** Why mail for this recipient waits; empty: it need not. */
    Optional<String> ofRecipient(MailAddress recipient) {
        Instant now = clock.instant();
        String domain = recipient.getDomain().asString();
        Suspensions current = suspensions.get();
        return current.ofService(now)
                .or(() -> current.ofDomain(domain, now))
                .map(suspension -> WHY + suspension.reason())
                .or(() -> routes.routeOf(domain).suspended()
                        ? Optional.of("delivery to " + domain + " is suspended")
                        : Optional.empty());
    }

    /** Why mail for the next hop of these hosts waits; empty: it need not. */
    Optional<String> ofHosts(Collection<String> hosts) {
        return suspensions.get().ofHosts(hosts, clock.instant()).map(suspension -> WHY + suspension.reason());
    }
}
