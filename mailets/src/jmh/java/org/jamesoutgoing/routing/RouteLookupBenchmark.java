/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.settings.Origin;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The route of a domain among 100,000 static routes; an operation is one look-up. */
@State(Scope.Thread)
public class RouteLookupBenchmark {

    private static final int ROUTES = 100_000;
    /** So many domains in turn, as a server that delivers to many has them. */
    private static final int DOMAINS = 1 << 10;

    /**
     * {@code EXACT}: a route of its own; {@code ANY_EXACT}: the same for all 100,000 in turn, more than are kept put
     * together; {@code WILDCARD}: one for the domains below, two labels up; {@code DEFAULT}: none; {@code IDN}: a route of
     * its own, asked for with U-labels.
     */
    @Param({"EXACT", "ANY_EXACT", "WILDCARD", "DEFAULT", "IDN"})
    private String kind;

    private List<StaticRoute> statics;
    private LayeredRoutes routes;
    private String[] domains;
    private int next;

    @Setup
    public void makeRoutes() {
        statics = new ArrayList<>(ROUTES);
        OptionValues values = OptionValues.of(Map.of("queueLifetime", "10d", "connectionsPerNextHop", "2"));
        for (int i = 0; i < ROUTES; i++) {
            String name =
                    switch (i % 4) {
                        case 0 -> "*.wild" + i + ".example";
                        case 1 -> "müller" + i + ".example";
                        default -> "domain" + i + ".example";
                    };
            statics.add(new StaticRoute(RouteName.parse(name), Origin.FILE, values));
        }
        routes = new LayeredRoutes(
                new RouteAssembler(), OptionValues.none(), "james.example", StaticRoutes.of(statics, List.of()));
        domains = new String[kind.equals("ANY_EXACT") ? ROUTES / 4 : DOMAINS];
        for (int i = 0; i < domains.length; i++) {
            int number = 4 * (i * (ROUTES / 4 / domains.length));
            domains[i] = switch (kind) {
                case "WILDCARD" -> "mail.office.wild" + number + ".example";
                case "IDN" -> "müller" + (number + 1) + ".example";
                case "DEFAULT" -> "nobody" + number + ".example.com";
                default -> "domain" + (number + 2) + ".example";
            };
        }
    }

    private String domain() {
        next = next + 1 == domains.length ? 0 : next + 1;
        return domains[next];
    }

    @Benchmark
    public Route ours() {
        return routes.of(domain());
    }

    /** One route after the other. */
    @Benchmark
    public StaticRoute naive() {
        String domain = DomainNames.canonical(domain()).orElseThrow();
        StaticRoute best = null;
        for (StaticRoute route : statics) {
            String name = route.name().text();
            boolean fits = name.startsWith("*.") ? domain.endsWith(name.substring(1)) : name.equals(domain);
            if (fits && (best == null || name.length() > best.name().text().length())) {
                best = route;
            }
        }
        return best;
    }
}
