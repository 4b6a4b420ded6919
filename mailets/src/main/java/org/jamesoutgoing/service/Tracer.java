/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jamesoutgoing.delivery.LaneState;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.dns.RecordingResolver;
import org.jamesoutgoing.routing.Destination;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteResolver;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.smtp.SmtpHost;

/**
 * Goes the way of a mail as far as its lane, without a mail: the same look-ups, over the same cache, as a delivery.
 * Thread-safe.
 */
final class Tracer {

    /** A little longer than a look-up may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final LookupsByOptions lookups;
    private final RandomGenerator random;
    private final Ourselves ourselves;
    private final Function<NextHop, Optional<LaneState>> lanes;

    /** @param lanes may block for a moment */
    Tracer(
            LookupsByOptions lookups,
            RandomGenerator random,
            Ourselves ourselves,
            Function<NextHop, Optional<LaneState>> lanes) {
        this.lookups = lookups;
        this.random = random;
        this.ourselves = ourselves;
        this.lanes = lanes;
    }

    /** Blocks as long as DNS takes, {@link #PATIENCE} at most; never fails. */
    RouteTrace trace(LayeredRoutes routes, Destination destination, String domain) {
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
                skipped(resolution, recorder.preferences()),
                resolution,
                lane);
    }

    private static List<String> skipped(Resolution resolution, Map<String, Integer> preferences) {
        Set<String> used = resolution instanceof Resolution.Towards towards
                ? towards.hosts().stream().map(SmtpHost::name).collect(Collectors.toSet())
                : Set.of();
        return preferences.keySet().stream()
                .filter(host -> !host.isEmpty() && !used.contains(host))
                .sorted()
                .toList();
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
