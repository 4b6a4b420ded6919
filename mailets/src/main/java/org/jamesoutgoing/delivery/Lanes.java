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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jamesoutgoing.delivery.Lane.Standing;
import org.jamesoutgoing.delivery.Shares.Load;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.smtp.SmtpHost;

/**
 * All lanes, and whose turn it is. Not thread-safe: the dispatcher's; only {@link #size} and {@link #hostsTowards} are for
 * everybody.
 */
final class Lanes {

    /** What all lanes of one standing hold together. Each lane keeps it up to date. */
    static final class Totals {

        private final Map<Standing, Load> held = new EnumMap<>(Standing.class);
        private final Map<Standing, Integer> underWay = new EnumMap<>(Standing.class);

        void add(Standing standing, Load more, int attempts) {
            held.merge(standing, more, Load::plus);
            underWay.merge(standing, attempts, Integer::sum);
        }

        void subtract(Standing standing, Load less, int attempts) {
            add(standing, Load.NONE.minus(less), -attempts);
        }

        /** Mails in line and under way. */
        Load held(Standing standing) {
            return held.getOrDefault(standing, Load.NONE);
        }

        int underWay(Standing standing) {
            return underWay.getOrDefault(standing, 0);
        }

        int underWay() {
            return underWay.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** How long a lane that nobody uses keeps what it has learnt. */
    private static final Duration MEMORY = Duration.ofMinutes(15);

    private final Clock clock;
    private final Map<NextHop, Lane> lanes = new HashMap<>();
    /** The lane that each destination led to last. */
    private final Map<String, Lane> byDestination = new ConcurrentHashMap<>();
    /** Lanes that have mail in line, in turn, by what is known of them. */
    private final Map<Standing, Set<Lane>> turns = new EnumMap<>(Standing.class);
    /** Whose turn it is first. */
    private final ArrayDeque<Standing> order = new ArrayDeque<>(List.of(Standing.values()));

    /** Mails of the outgoing queue whose lane has no room; they have a moment to get some. */
    final ArrayDeque<ActiveMail> waitingForRoom = new ArrayDeque<>();

    private final Totals totals = new Totals();

    private volatile int size;

    Lanes(Clock clock) {
        this.clock = clock;
        order.forEach(standing -> turns.put(standing, new LinkedHashSet<>()));
    }

    /** What they hold together. */
    Totals totals() {
        return totals;
    }

    /** The lane of a mail that is resolved. */
    Lane of(ActiveMail mail) {
        Lane lane = lanes.computeIfAbsent(mail.towards.nextHop(), hop -> newLane(hop, mail));
        size = lanes.size();
        lane.follow(mail.destination.route());
        byDestination.put(mail.destination.key(), lane);
        return lane;
    }

    private Lane newLane(NextHop hop, ActiveMail mail) {
        Lane lane = new Lane(hop, names(mail.towards), mail.destination.route(), totals, clock.instant());
        if (mail.metSilence()) {
            lane.expectSilence();
        }
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

    /** The destinations that lead to this lane. Looks at each. */
    List<String> destinationsOf(Lane lane) {
        return byDestination.entrySet().stream()
                .filter(entry -> entry.getValue() == lane)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Puts a mail into its lane, if that has room.
     *
     * @param share how many mails the lane may hold now
     */
    boolean enter(ActiveMail mail, Lane lane, int share) {
        Instant now = clock.instant();
        boolean room = lane.accepts(now, share);
        if (room) {
            lane.enter(mail, now);
            ready(lane);
        }
        return room;
    }

    /** Takes out a mail that has not been started; false when it is not here, or its attempt is under way. */
    boolean leave(ActiveMail mail) {
        return waitingForRoom.remove(mail) || lanes.values().stream().anyMatch(lane -> lane.leave(mail));
    }

    /** Takes out all mails that have not been started. */
    List<ActiveMail> clear() {
        List<ActiveMail> all = new ArrayList<>(waitingForRoom);
        waitingForRoom.clear();
        lanes.values().forEach(lane -> all.addAll(lane.clear()));
        return all;
    }

    /** This lane may have mail in line. */
    void ready(Lane lane) {
        turns.forEach((standing, turn) -> {
            if (standing == lane.standing() && !lane.isEmpty()) {
                // It keeps its place, if it has one.
                turn.add(lane);
            } else {
                turn.remove(lane);
            }
        });
    }

    /** The next mail to start, round robin over the lanes of each standing in turn. */
    Optional<Started> startNext(Shares shares) {
        int connections = shares.ofConnections(totals.underWay());
        for (Standing standing : List.copyOf(order)) {
            Optional<Lane> next = shares.hasConnection(standing, totals)
                    ? nextOf(turns.get(standing), connections)
                    : Optional.empty();
            if (next.isPresent()) {
                order.remove(standing);
                order.addLast(standing);
                ActiveMail mail = next.get().start();
                // Behind all others, if it has more.
                turns.get(standing).remove(next.get());
                ready(next.get());
                return Optional.of(new Started(next.get(), mail));
            }
        }
        return Optional.empty();
    }

    private static Optional<Lane> nextOf(Set<Lane> turn, int connections) {
        Iterator<Lane> lanesInTurn = turn.iterator();
        while (lanesInTurn.hasNext()) {
            Lane lane = lanesInTurn.next();
            if (lane.canStart(connections)) {
                return Optional.of(lane);
            } else if (!lane.canStart(Integer.MAX_VALUE)) {
                // It has as many under way as it may. When one of them ends, it is put in turn again.
                lanesInTurn.remove();
            }
        }
        return Optional.empty();
    }

    /** How many next hops have mail in line and none under way for want of a connection. */
    int waitingForFirst() {
        return (int) turns.values().stream()
                .flatMap(Set::stream)
                .filter(Lane::waitsForFirst)
                .count();
    }

    record Started(Lane lane, ActiveMail mail) {}

    int size() {
        return size;
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
