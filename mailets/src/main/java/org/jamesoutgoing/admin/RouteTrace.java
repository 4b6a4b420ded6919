/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.delivery.LaneState;
import org.jamesoutgoing.dns.ExcludedHost;
import org.jamesoutgoing.dns.RecordingResolver;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.settings.Origin;

/**
 * What would happen to a mail for one domain now, and why, in the order in which it is decided.
 *
 * @param domain canonical
 * @param name of the route
 * @param origin where that route stands; empty: nobody gave one
 * @param route with what it inherits
 * @param questions what DNS was asked
 * @param hosts in the order to try; empty when there is none
 * @param skipped hosts, or some of their addresses, that are not used, and why
 * @param resolution what became of it
 * @param lane of the next hop, if there is one now
 */
public record RouteTrace(
        String domain,
        RouteName name,
        Optional<Origin> origin,
        Route route,
        List<RecordingResolver.Asked> questions,
        List<Host> hosts,
        List<ExcludedHost> skipped,
        Resolution resolution,
        Optional<LaneState> lane) {

    /** @param preference of its MX record; empty for a relay host, and for a domain that is its own exchanger */
    public record Host(String name, int port, Optional<Integer> preference, List<InetAddress> addresses) {}
}
