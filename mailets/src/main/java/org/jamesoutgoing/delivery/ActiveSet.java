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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.delivery.Lane.Standing;
import org.jamesoutgoing.delivery.Shares.Load;
import org.jamesoutgoing.queue.ListedMail;

/**
 * The mails that are being delivered or about to be, those that are being fetched from the waiting room included: one bound
 * holds for all of them, and says which of them may enter their lanes. Not thread-safe: the dispatcher's.
 */
final class ActiveSet {

    /** When nothing has come to its end for so long, and the active set is full, somebody gives way. */
    private static final Duration STANDSTILL = Duration.ofSeconds(2);

    final Shares shares;
    private final Lanes lanes;
    private final Clock clock;
    private final Map<String, ActiveMail> mails = new HashMap<>();
    private final Map<String, Load> fetching = new HashMap<>();
    /** Mails taken from the waiting room that are in no lane yet. */
    private final Map<String, Coming> coming = new HashMap<>();

    private final Map<String, Integer> comingTo = new HashMap<>();
    private final Map<Standing, Load> comingBy = new EnumMap<>(Standing.class);
    private Load load = Load.NONE;

    /** Destinations none of whose mail found room since somebody last asked. */
    private final Set<String> crowdedOut = new HashSet<>();
    /** When an attempt ended, or a mail left, the last time. */
    private Instant lastEnd;

    private record Coming(String destination, Standing standing, Load load) {}

    ActiveSet(Shares shares, Lanes lanes, Clock clock) {
        this.shares = shares;
        this.lanes = lanes;
        this.clock = clock;
        this.lastEnd = clock.instant();
    }

    void add(ActiveMail mail) {
        mails.put(mail.id(), mail);
        load = load.plus(mail.load());
    }

    void remove(ActiveMail mail) {
        lastEnd = clock.instant();
        if (mails.remove(mail.id(), mail)) {
            load = load.minus(mail.load());
        }
        arrived(mail.id());
    }

    Optional<ActiveMail> find(String id) {
        return Optional.ofNullable(mails.get(id));
    }

    boolean has(String id) {
        return mails.containsKey(id);
    }

    boolean isEmpty() {
        return mails.isEmpty() && fetching.isEmpty();
    }

    /** How many more mails may become active, beside those that are asked for already. */
    int free(int askedFor) {
        return shares.free(load.plus(new Load(askedFor, 0)));
    }

    void attemptEnded() {
        lastEnd = clock.instant();
    }

    /** Whether it is full, and has been without anything coming to its end. */
    boolean isAtStandstill() {
        return free(0) == 0 && lastEnd.plus(STANDSTILL).isBefore(clock.instant());
    }

    /** Puts a mail into its lane, if that has room. */
    boolean enter(ActiveMail mail, Lane lane) {
        int share = shareOf(lane);
        if (share == 0) {
            crowdedOut(mail.destination.key(), lane);
        }
        return lanes.enter(mail, lane, share);
    }

    /** Puts the mails that wait for room into their lanes, where there is some now. */
    void letWaitingIn() {
        lanes.waitingForRoom.removeIf(mail -> enter(mail, lanes.of(mail)));
    }

    private void crowdedOut(String destination, Lane lane) {
        if (lane.held() == 0 && lane.hasTurn(clock.instant())) {
            crowdedOut.add(destination);
        }
    }

    /** How many destinations have had no room for any mail since this was last asked. */
    int takeCrowdedOut() {
        int count = crowdedOut.size();
        crowdedOut.clear();
        return count;
    }

    /** How many mails this lane may hold now. */
    private int shareOf(Lane lane) {
        return hasRoom(lane.standing()) ? shares.of(load.mails(), lane.window.size(), lane.standing()) : 0;
    }

    /** How many mails of a destination that leads to no lane yet may be on their way. */
    private int shareOfUnknown() {
        return hasRoom(Standing.NEW) ? shares.of(load.mails(), 0, Standing.NEW) : 0;
    }

    private boolean hasRoom(Standing standing) {
        Load theirs = lanes.totals().held(standing).plus(comingBy.getOrDefault(standing, Load.NONE));
        return shares.hasRoom(standing, theirs, load);
    }

    // ---- Mail that is on its way out of the waiting room

    /** It is being read. */
    void fetching(ListedMail waiting) {
        Load one = Load.of(waiting);
        fetching.put(waiting.recordId().id(), one);
        load = load.plus(one);
    }

    /** It is read, or cannot be. */
    void fetched(String id) {
        Load one = fetching.remove(id);
        if (one != null) {
            load = load.minus(one);
        }
    }

    /** How many mails of a destination have been taken from the waiting room and are in no lane yet. */
    private int coming(String destination) {
        return comingTo.getOrDefault(destination, 0);
    }

    /**
     * It is taken, if there is room for it.
     *
     * @param lane into which it is expected to go; empty when nobody knows
     */
    boolean expect(ListedMail waiting, Optional<Lane> lane, Instant now) {
        boolean room = lane.map(known -> hasRoom(waiting.destination(), known, now))
                .orElseGet(() -> hasRoom(waiting.destination()));
        if (room) {
            Standing standing = lane.map(Lane::standing).orElse(Standing.NEW);
            Load one = Load.of(waiting);
            coming.put(waiting.recordId().id(), new Coming(waiting.destination(), standing, one));
            comingTo.merge(waiting.destination(), 1, Integer::sum);
            comingBy.merge(standing, one, Load::plus);
        }
        return room;
    }

    private boolean hasRoom(String destination, Lane lane, Instant now) {
        int coming = coming(destination);
        int share = shareOf(lane);
        if (share == 0 && coming == 0) {
            crowdedOut(destination, lane);
        }
        return lane.accepts(now, (lane.isUnreachable() ? Math.min(1, share) : share) - coming);
    }

    private boolean hasRoom(String destination) {
        int coming = coming(destination);
        int share = shareOfUnknown();
        if (share == 0 && coming == 0) {
            crowdedOut.add(destination);
        }
        return coming < share;
    }

    /** It is in its lane, or will not come. May be called again. */
    void arrived(String id) {
        Coming one = coming.remove(id);
        if (one != null) {
            comingTo.computeIfPresent(one.destination(), (key, count) -> count > 1 ? count - 1 : null);
            comingBy.merge(one.standing(), Load.NONE.minus(one.load()), Load::plus);
        }
    }
}
