/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

/**
 * How much of what all lanes share one lane may have: half of what is free, of the active set and of the connections
 * alike. The more lanes take all they can, the less each of them gets, and there is always something left for the next:
 * with {@code n} of them, {@code 2/(n+2)} stays free. So hosts that accept and never answer do not stop the others.
 *
 * @param maxMails bound of the active set in mails, 10 or more
 * @param maxOctets bound of the active set in octets of messages
 * @param maxConnections attempts under way at once, over all lanes
 */
record Shares(int maxMails, long maxOctets, int maxConnections) {

    /** For a lane none of whose attempts came back yet: it may turn out to be silent. */
    private static final int LEAST = 2;

    int of(int activeMails, int laneWindow, boolean laneMoves) {
        int half = (maxMails - activeMails) / 2;
        return Math.max(half, laneMoves ? laneWindow : LEAST);
    }

    /** How many attempts of one lane may be under way while so many are in all. */
    int ofConnections(int underWay) {
        return Math.max(1, (maxConnections - underWay) / 2);
    }

    /** How many more mails may become active. */
    int free(int activeMails, long activeOctets) {
        return activeOctets >= maxOctets ? 0 : Math.max(0, maxMails - activeMails);
    }
}
