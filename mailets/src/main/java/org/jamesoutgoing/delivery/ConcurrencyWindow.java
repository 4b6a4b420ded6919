/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import org.jamesoutgoing.routing.Concurrency;

/**
 * How many mails may be under way to one next hop: rises slowly while its hosts accept connections, is halved when one
 * does not, as Postfix's queue manager does. Not thread-safe: the dispatcher's.
 */
final class ConcurrencyWindow {

    /**
     * Mails under way for each connection once the window is as wide as it may be: the connections stay at their maximum,
     * and whenever one of them is at a final dot, there is a next envelope to send along with it (RFC 2920 §3.1).
     */
    private static final int MAILS_PER_CONNECTION = 3;

    private int maximum;
    private double size;
    private LaneState.Limit lastChange = LaneState.Limit.INITIAL;

    ConcurrencyWindow(Concurrency concurrency) {
        this.maximum = concurrency.maximum();
        this.size = concurrency.initial();
    }

    /** Other limits from now on; what was learnt about the hosts stays. */
    void limit(Concurrency concurrency) {
        maximum = concurrency.maximum();
        size = Math.min(size, maximum);
    }

    /** How many mails may be under way. */
    int size() {
        return size >= maximum ? maximum * MAILS_PER_CONNECTION : (int) size;
    }

    /** One more for as many good attempts as the window is wide. */
    void reached() {
        size = Math.min(maximum, size + 1 / size);
        lastChange = LaneState.Limit.GROWN;
    }

    void unreachable() {
        size = Math.max(1, size / 2);
        lastChange = LaneState.Limit.CUT;
    }

    /** Why it is as wide as it is. */
    LaneState.Limit why() {
        return size >= maximum ? LaneState.Limit.ROUTE : lastChange;
    }
}
