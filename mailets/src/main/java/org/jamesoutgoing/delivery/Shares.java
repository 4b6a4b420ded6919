/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import org.jamesoutgoing.delivery.Lane.Standing;
import org.jamesoutgoing.queue.ListedMail;

/**
 * How much of what all lanes share, of the active set and of the connections alike, one of them may have: half of what is
 * free. The more lanes take all they can, the less each of them gets, and there is always something left for the next: with
 * {@code n} of them, {@code 2/(n+2)} stays free.
 *
 * <p>Each lane may have at least one, so that many silent next hops would have everything all the same. So the lanes of
 * {@link Standing#SILENT} next hops together have no more than half of what the others leave, and those of
 * {@link Standing#NEW} ones, each of which may turn out to be silent, too: there is always something left for those that
 * answer. An eighth they may have in any case, or they would starve while all others are busy.
 *
 * @param maxMails bound of the active set in mails, 10 or more
 * @param maxOctets bound of the active set in octets of messages
 * @param maxConnections attempts under way at once, over all lanes
 */
public record Shares(int maxMails, long maxOctets, int maxConnections) {

    /** Mails, and the octets of their messages. */
    record Load(int mails, long octets) {

        static final Load NONE = new Load(0, 0);

        static Load of(ListedMail waiting) {
            return new Load(1, Math.max(0, waiting.size()));
        }

        Load plus(Load other) {
            return new Load(mails + other.mails, octets + other.octets);
        }

        Load minus(Load other) {
            return new Load(mails - other.mails, octets - other.octets);
        }
    }

    /** For a lane none of whose attempts came back yet: it may turn out to be silent. */
    private static final int LEAST = 2;

    private static final int FLOOR = 8;

    /** How many mails one lane may hold while so many are active. */
    int of(int activeMails, int laneWindow, Standing standing) {
        int half = (maxMails - activeMails) / 2;
        return Math.max(half, standing == Standing.ANSWERING ? laneWindow : LEAST);
    }

    /** Whether the lanes of this standing may hold one more mail. */
    boolean hasRoom(Standing standing, Load theirs, Load active) {
        Load others = active.minus(theirs);
        return standing == Standing.ANSWERING
                || (theirs.mails() < part(maxMails, others.mails())
                        && theirs.octets() < part(maxOctets, others.octets()));
    }

    /** How many attempts of one lane may be under way while so many are in all. */
    int ofConnections(int underWay) {
        return Math.max(1, (maxConnections - underWay) / 2);
    }

    /** Whether the lanes of this standing may have one more attempt under way. */
    boolean hasConnection(Standing standing, Lanes.Totals totals) {
        int theirs = totals.underWay(standing);
        int all = totals.underWay();
        return all < maxConnections && (standing == Standing.ANSWERING || theirs < part(maxConnections, all - theirs));
    }

    /** How many give way at a time. */
    int aFew() {
        return Math.max(1, maxConnections / 16);
    }

    /** How many mails may be asked of the queue at once: what it has not got to give must leave room for what waits. */
    int ofQueue(int most) {
        return Math.min(most, Math.max(1, maxMails / 4));
    }

    /** How many more mails may become active. */
    int free(Load active) {
        return active.octets() >= maxOctets ? 0 : Math.max(0, maxMails - active.mails());
    }

    private static long part(long most, long othersHave) {
        return Math.max((most - othersHave + 1) / 2, Math.max(1, most / FLOOR));
    }
}
