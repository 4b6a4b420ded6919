/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jamesoutgoing.routing.Destination;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.smtp.SmtpHost;

/**
 * All lanes, and whose turn it is. Not thread-safe: the dispatcher's; only {@link #size} and {@link #hostsTowards} are for
 * everybody.
 */
final class Lanes {

    /** How long a lane that nobody uses keeps what it has learnt. */
    private static final Duration MEMORY = Duration.ofMinutes(15);

    private final Clock clock;
    private final Map<NextHop, Lane> lanes = new HashMap<>();
    /** The lane that each destination led to last. */
    private final Map<String, Lane> byDestination = new ConcurrentHashMap<>();
    /** Lanes that have mail in line, in turn. */
    private final LinkedHashSet<Lane> turn = new LinkedHashSet<>();

    private volatile int size;

    Lanes(Clock clock) {
        this.clock = clock;
    }

    Lane of(Resolution.Towards towards, Destination destination) {
        Route route = destination.route();
        Lane lane =
                lanes.computeIfAbsent(towards.nextHop(), hop -> new Lane(hop, names(towards), route, clock.instant()));
        size = lanes.size();
        lane.follow(route);
        byDestination.put(destination.key(), lane);
        return lane;
    }

    private static List<String> names(Resolution.Towards towards) {
        return towards.hosts().stream().map(SmtpHost::name).toList();
    }

    List<LaneState> states() {
        return lanes.values().stream().map(lane -> lane.state(clock.instant())).toList();
    }

    Optional<LaneState> stateOf(NextHop nextHop) {
        return Optional.ofNullable(lanes.get(nextHop)).map(lane -> lane.state(clock.instant()));
    }

    Optional<Lane> lastOf(String destinationKey) {
        return Optional.ofNullable(byDestination.get(destinationKey));
    }

    /** The hosts that this destination led to last; none when that is not known. */
    List<String> hostsTowards(String destinationKey) {
        return lastOf(destinationKey).map(Lane::hosts).orElse(List.of());
    }

    /** This lane may have mail in line. */
    void ready(Lane lane) {
        if (!lane.isEmpty()) {
            turn.add(lane);
        }
    }

    /**
     * The next mail to start, round robin over the lanes.
     *
     * @param connections how many each lane may use
     */
    Optional<Started> startNext(int connections) {
        Iterator<Lane> lanesInTurn = turn.iterator();
        while (lanesInTurn.hasNext()) {
            Lane lane = lanesInTurn.next();
            if (lane.canStart(connections)) {
                ActiveMail mail = lane.start();
                // Behind all others, if it has more.
                lanesInTurn.remove();
                ready(lane);
                return Optional.of(new Started(lane, mail));
            } else if (!lane.canStart(Integer.MAX_VALUE)) {
                // All it may have is under way; what comes back puts it in turn again.
                lanesInTurn.remove();
            }
        }
        return Optional.empty();
    }

    record Started(Lane lane, ActiveMail mail) {}

    int size() {
        return size;
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    void forgetUnused() {
        Instant before = clock.instant().minus(MEMORY);
        Set<Lane> unused =
                lanes.values().stream().filter(lane -> lane.idleSince(before)).collect(Collectors.toSet());
        if (!unused.isEmpty()) {
            lanes.values().removeAll(unused);
            size = lanes.size();
            byDestination.values().removeAll(unused);
        }
    }
}
