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
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.routing.RoutingTable;

/** Why nothing is delivered somewhere at this moment, in words for people: a suspension, or a route that says so. Thread-safe. */
final class SuspensionCheck {

    private static final String WHY = "delivery is suspended: ";

    private final Supplier<Suspensions> suspensions;
    private final RoutingTable routes;
    private final Lanes lanes;
    private final Clock clock;

    /** @param suspensions those of now */
    SuspensionCheck(Supplier<Suspensions> suspensions, RoutingTable routes, Lanes lanes, Clock clock) {
        this.suspensions = suspensions;
        this.routes = routes;
        this.lanes = lanes;
        this.clock = clock;
    }

    /** Why this mail waits; empty: it need not. */
    Optional<String> of(ListedMail waiting) {
        return waiting.recipients().isEmpty()
                ? Optional.empty()
                : ofAll(waiting.recipients()).or(() -> ofDestination(waiting.destination()));
    }

    /** Why mail for this destination waits, because of the hosts that it led to last; empty: it need not. */
    Optional<String> ofDestination(String destinationKey) {
        return ofHosts(lanes.hostsTowards(destinationKey));
    }

    /** Why mail for this recipient waits; empty: it need not. */
    Optional<String> ofRecipient(MailAddress recipient) {
        return suspensionOf(recipient).map(Suspension::reason);
    }

    /** Why mail for these recipients waits; empty: for one of them at least it need not. */
    Optional<String> ofAll(Collection<MailAddress> recipients) {
        return recipients.stream().allMatch(recipient -> ofRecipient(recipient).isPresent())
                ? recipients.stream().findFirst().flatMap(this::ofRecipient)
                : Optional.empty();
    }

    /**
     * When mail for these recipients need not wait any longer, as far as is known: for the first of them.
     *
     * @return {@link Instant#MAX} when nobody knows; empty: for one of them at least it need not wait now
     */
    Optional<Instant> untilAnyOf(Collection<MailAddress> recipients) {
        Instant first = Instant.MAX;
        for (MailAddress recipient : recipients) {
            Optional<Suspension> suspension = suspensionOf(recipient);
            if (suspension.isEmpty()) {
                return Optional.empty();
            }
            Instant end = suspension.get().until().orElse(Instant.MAX);
            first = end.isBefore(first) ? end : first;
        }
        return recipients.isEmpty() ? Optional.empty() : Optional.of(first);
    }

    private Optional<Suspension> suspensionOf(MailAddress recipient) {
        Instant now = clock.instant();
        String domain = recipient.getDomain().asString();
        Suspensions current = suspensions.get();
        return current.ofService(now)
                .or(() -> current.ofDomain(domain, now))
                .map(suspension -> new Suspension(WHY + suspension.reason(), suspension.since(), suspension.until()))
                .or(() -> routes.routeOf(domain)
                        .suspended()
                        .map(why -> new Suspension(
                                "delivery to " + domain + " is suspended: " + why, Instant.EPOCH, Optional.empty())));
    }

    /** Why mail for the next hop of these hosts waits; empty: it need not. */
    Optional<String> ofHosts(Collection<String> hosts) {
        return suspensions.get().ofHosts(hosts, clock.instant()).map(suspension -> WHY + suspension.reason());
    }
}
