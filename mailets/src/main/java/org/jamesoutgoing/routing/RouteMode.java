/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.List;

/** How the hosts of a route are found. */
public sealed interface RouteMode {

    /**
     * Deliver to the domain's mail exchangers.
     *
     * @param port the exchangers' port, 25 but for tests and unusual networks
     * @param firstExchangerOnly when set, an attempt ends with the first exchanger that answers, whatever it says
     */
    record Independent(int port, boolean firstExchangerOnly) implements RouteMode {}

    /**
     * Deliver everything to configured relay hosts.
     *
     * @param hosts at least one
     * @param loadBalancing true: every attempt starts at a random host; false: always at the first (fail-over)
     * @param defaultPort the port of hosts that name none
     */
    record Relay(List<RelayHost> hosts, boolean loadBalancing, int defaultPort) implements RouteMode {
        public Relay {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("relay mode needs at least one relay host");
            }
        }
    }
}
