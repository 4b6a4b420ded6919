/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The connections to one host with one identity, and the mails that wait for one. Guarded by the pool's lock. */
final class HostPool {

    private final ConnectionKey key;
    private final Deque<Session> idle = new ArrayDeque<>();
    private final Set<HostDelivery> waiting = new LinkedHashSet<>();
    /** Connections now, those being opened included. */
    int open;

    HostPool(ConnectionKey key) {
        this.key = key;
    }

    ConnectionKey key() {
        return key;
    }

    Optional<InetAddress> source() {
        return key.sourceAddress();
    }

    boolean isUnused() {
        return open == 0 && waiting.isEmpty();
    }

    // ---- idle sessions

    /** The one used last: it is the least likely to be dead, and the others get their time-out. */
    Optional<Session> takeIdle() {
        return Optional.ofNullable(idle.pollLast());
    }

    void addIdle(Session session) {
        idle.addLast(session);
    }

    boolean removeIdle(Session session) {
        return idle.remove(session);
    }

    int idle() {
        return idle.size();
    }

    Optional<Session> oldestIdle() {
        return Optional.ofNullable(idle.peekFirst());
    }

    // ---- waiting mails

    void addWaiting(HostDelivery delivery) {
        waiting.add(delivery);
    }

    boolean removeWaiting(HostDelivery delivery) {
        return waiting.remove(delivery);
    }

    boolean isWaiting(HostDelivery delivery) {
        return waiting.contains(delivery);
    }

    Optional<HostDelivery> firstWaiting() {
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(waiting.iterator().next());
    }

    int waiting() {
        return waiting.size();
    }

    /** Whether the host's own limit leaves a place for the mail that waits first. */
    boolean hasPlace() {
        return firstWaiting()
                .map(first -> open < first.settings().pool().maxConnectionsPerHost())
                .orElse(false);
    }
}
