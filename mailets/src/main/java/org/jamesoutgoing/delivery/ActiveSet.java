/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import org.jamesoutgoing.delivery.Lane.Standing;
import org.jamesoutgoing.delivery.Shares.Load;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.queue.ListedMail;

/**
 * The mails that are being delivered or about to be, those that are being fetched from the waiting room included: one bound
 * holds for all of them. Not thread-safe: the dispatcher's.
 */
final class ActiveSet {

    private final Shares shares;
    private final Lanes.Totals totals;
    private final Map<String, ActiveMail> mails = new HashMap<>();
    private final Map<String, Load> fetching = new HashMap<>();
    /** Mails taken from the waiting room that are in no lane yet. */
    private final Map<String, Coming> coming = new HashMap<>();

    private final Map<String, Integer> comingTo = new HashMap<>();
    private final Map<Standing, Load> comingBy = new EnumMap<>(Standing.class);
    private Load load = Load.NONE;

    private record Coming(String destination, Standing standing, Load load) {}

    ActiveSet(Shares shares, Lanes.Totals totals) {
        this.shares = shares;
        this.totals = totals;
    }

    void add(ActiveMail mail) {
        mails.put(mail.id(), mail);
        load = load.plus(mail.load());
    }

    void remove(ActiveMail mail) {
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

    /** How many mails this lane may hold now. */
    int shareOf(Lane lane) {
        return hasRoom(lane.standing()) ? shares.of(load.mails(), lane.window.size(), lane.standing()) : 0;
    }

    /** How many mails of a destination that leads to no lane yet may be on their way. */
    int shareOfUnknown() {
        return hasRoom(Standing.NEW) ? shares.of(load.mails(), 0, Standing.NEW) : 0;
    }

    private boolean hasRoom(Standing standing) {
        Load theirs = totals.held(standing).plus(comingBy.getOrDefault(standing, Load.NONE));
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
    int coming(String destination) {
        return comingTo.getOrDefault(destination, 0);
    }

    /** It is taken, to go into a lane of this standing. */
    void expect(ListedMail waiting, Standing standing) {
        Load one = Load.of(waiting);
        coming.put(waiting.recordId().id(), new Coming(waiting.destination(), standing, one));
        comingTo.merge(waiting.destination(), 1, Integer::sum);
        comingBy.merge(standing, one, Load::plus);
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
