/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jamesoutgoing.delivery.LaneState;
import org.jamesoutgoing.dns.ExcludedHost;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.dns.RecordingResolver;
import org.jamesoutgoing.routing.Destination;
import org.jamesoutgoing.routing.DnsLookups;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteResolver;
import org.jamesoutgoing.routing.StaticRoute;

/**
 * Finds out how a mail for one domain would be routed, as far as its lane: by the same look-ups, over the same cache, as a
 * delivery. Thread-safe.
 */
public final class Tracer {

    /** A little longer than a look-up may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final DnsLookups lookups;
    private final RandomGenerator random;
    private final Ourselves ourselves;
    private final Function<NextHop, Optional<LaneState>> lanes;

    /** @param lanes may block for a moment */
    public Tracer(
            DnsLookups lookups,
            RandomGenerator random,
            Ourselves ourselves,
            Function<NextHop, Optional<LaneState>> lanes) {
        this.lookups = lookups;
        this.random = random;
        this.ourselves = ourselves;
        this.lanes = lanes;
    }

    /** Blocks as long as DNS takes, {@link #PATIENCE} at most; never fails. */
    public RouteTrace trace(LayeredRoutes routes, Destination destination, String domain) {
        RouteName name = routes.statics().match(domain);
        RecordingResolver recorder = lookups.recorder(destination.route().dns());
        Resolution resolution = new RouteResolver(options -> lookups.lookups(recorder, options), random, ourselves)
                .resolve(destination)
                .completeOnTimeout(
                        new Resolution.NotNow("4.4.3", "no answer within " + PATIENCE.toSeconds() + " s"),
                        PATIENCE.toMillis(),
                        TimeUnit.MILLISECONDS)
                .exceptionally(e -> new Resolution.NotNow("4.3.0", "internal trouble: " + e))
                .join();
        Optional<LaneState> lane =
                resolution instanceof Resolution.Towards towards ? lanes.apply(towards.nextHop()) : Optional.empty();
        return new RouteTrace(
                domain,
                name,
                routes.statics().get(name).map(StaticRoute::origin),
                destination.route(),
                recorder.asked(),
                hosts(resolution, recorder.preferences()),
                skipped(resolution, recorder.preferences().keySet()),
                resolution,
                lane);
    }

    /** What the resolution says of them, and the exchangers that it does not mention. */
    private static List<ExcludedHost> skipped(Resolution resolution, Set<String> exchangers) {
        List<ExcludedHost> skipped = new ArrayList<>();
        Set<String> mentioned = new HashSet<>();
        String why = "";
        if (resolution instanceof Resolution.Towards towards) {
            skipped.addAll(towards.excluded());
            towards.hosts().forEach(host -> mentioned.add(host.name()));
            towards.excluded().forEach(host -> mentioned.add(host.host()));
            why = "more exchangers than are used";
        } else if (resolution instanceof Resolution.Undeliverable undeliverable) {
            why = undeliverable.reason();
        } else if (resolution instanceof Resolution.NotNow notNow) {
            why = notNow.reason();
        }
        for (String host : exchangers) {
            if (!host.isEmpty() && !mentioned.contains(host)) {
                skipped.add(new ExcludedHost(host, why));
            }
        }
        skipped.sort(Comparator.comparing(ExcludedHost::host));
        return skipped;
    }

    private static List<RouteTrace.Host> hosts(Resolution resolution, Map<String, Integer> preferences) {
        return resolution instanceof Resolution.Towards towards
                ? towards.hosts().stream()
                        .map(host -> new RouteTrace.Host(
                                host.name(),
                                host.port(),
                                Optional.ofNullable(preferences.get(host.name())),
                                host.addresses()))
                        .toList()
                : List.of();
    }
}
