/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which mail gets which connection.
 *
 * <ol>
 *   <li>A mail takes an idle connection with its key, the one used last.
 *   <li>Else one is opened for it, as long as the limits of host, source address and client allow.
 *   <li>Else it waits: for a connection with its key to have done its work, or for a place. Places go round robin among the
 *       keys; an idle connection of another key gives up its place, and a key with many connections gives up one for a key
 *       that has none. The same among the keys of one source address when it is that one's limit that is reached.
 * </ol>
 *
 * <p>Thread-safe: one lock, held only to decide; what was decided is done after it is released.
 */
final class ConnectionPool {

    /** Mails a connection delivers before it makes room for a key that has none: opening one is worth that many. */
    private static final int MAILS_BEFORE_YIELDING = 10;

    private final SmtpClientOptions options;
    private final EventLoopGroup eventLoops;
    private final TlsEngines tlsEngines = new TlsEngines();

    // All guarded by this.
    private final Map<ConnectionKey, HostPool> hosts = new HashMap<>();
    private final Map<InetAddress, Integer> openPerSource = new HashMap<>();
    /** Those with waiting mails; whose turn it is first. */
    private final Set<HostPool> turns = new LinkedHashSet<>();
    /** Idle sessions, the longest idle first. */
    private final Set<Session> idle = new LinkedHashSet<>();

    private final Set<Session> sessions = new HashSet<>();
    private final Set<Session> evicted = new HashSet<>();
    /** What is being opened, and for which mail. */
    private final Map<Connector, HostDelivery> connectors = new HashMap<>();

    private int open;
    private long opened;
    private boolean closed;

    ConnectionPool(SmtpClientOptions options, EventLoopGroup eventLoops) {
        this.options = options;
        this.eventLoops = eventLoops;
    }

    // ---- mails come

    /** Finds a connection for a mail, now or later. */
    void submit(HostDelivery delivery) {
        List<Runnable> actions = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                actions.add(() -> delivery.defer(clientClosed(), Optional.empty()));
            } else {
                place(delivery, actions);
            }
        }
        actions.forEach(Runnable::run);
    }

    private void place(HostDelivery delivery, List<Runnable> actions) {
        HostPool host = hosts.computeIfAbsent(delivery.key(), HostPool::new);
        // A mail that met a dead connection gets a new one: the other idle ones may be dead, too.
        Optional<Session> session = delivery.hadSecondChance() ? Optional.empty() : host.takeIdle();
        if (session.isPresent()) {
            idle.remove(session.get());
            actions.add(() -> session.get().run(delivery));
            return;
        }
        host.addWaiting(delivery);
        turns.add(host);
        dispatch(actions);
        if (host.isWaiting(delivery)) {
            Duration patience = delivery.settings().pool().waitTimeout();
            delivery.waitTimer(eventLoops
                    .next()
                    .schedule(() -> waitedEnough(delivery), patience.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void waitedEnough(HostDelivery delivery) {
        synchronized (this) {
            HostPool host = hosts.get(delivery.key());
            if (host == null || !host.removeWaiting(delivery)) {
                return;
            }
            tidy(host);
        }
        delivery.defer(
                ConnectionFailure.of(TransactionStage.CONNECT, "no connection became free in time"), Optional.empty());
    }

    private HostDelivery take(HostPool host, HostDelivery delivery) {
        host.removeWaiting(delivery);
        delivery.stopWaiting();
        tidy(host);
        return delivery;
    }

    private void tidy(HostPool host) {
        if (host.waiting() == 0) {
            turns.remove(host);
        }
        if (host.isUnused()) {
            hosts.remove(host.key());
        }
    }

    // ---- places are given away

    private void dispatch(List<Runnable> actions) {
        int passed = 0;
        while (passed < turns.size() && open < options.maxConnections()) {
            HostPool host = turns.iterator().next();
            turns.remove(host);
            turns.add(host);
            if (mayOpen(host)) {
                passed = 0;
                open(host, actions);
            } else {
                passed++;
                makeRoomAt(host, actions);
            }
        }
        if (open >= options.maxConnections()) {
            makeRoomForOthers(actions);
            turns.stream().filter(this::sourceIsFull).forEach(host -> makeRoomAt(host, actions));
        }
    }

    private boolean mayOpen(HostPool host) {
        return host.hasPlace() && !sourceIsFull(host);
    }

    private boolean sourceIsFull(HostPool host) {
        return host.source()
                .map(source -> openPerSource.getOrDefault(source, 0)
                        >= host.firstWaiting().orElseThrow().settings().pool().maxConnectionsPerSource())
                .orElse(false);
    }

    private void open(HostPool host, List<Runnable> actions) {
        open++;
        opened++;
        host.open++;
        host.source().ifPresent(source -> openPerSource.merge(source, 1, Integer::sum));
        HostDelivery delivery = take(host, host.firstWaiting().orElseThrow());
        EventLoop eventLoop = eventLoops.next();
        Connector[] self = new Connector[1];
        self[0] = new Connector(
                delivery.host(),
                delivery.settings(),
                eventLoop,
                options.connectionAttemptDelay(),
                tlsEngines,
                new BlockingCalls(options.contentExecutor(), eventLoop),
                delivery.stopwatch(),
                success -> onOpened(self[0], delivery, success),
                failure -> onNotOpened(self[0], delivery, failure));
        connectors.put(self[0], delivery);
        actions.add(() -> eventLoop.execute(self[0]::start));
    }

    private void onOpened(Connector connector, HostDelivery delivery, Handshake.Opened success) {
        Session session = new Session(success, delivery.key(), delivery.settings(), this, options.contentExecutor());
        synchronized (this) {
            connectors.remove(connector);
            sessions.add(session);
        }
        session.run(delivery);
    }

    private void onNotOpened(Connector connector, HostDelivery delivery, Connector.NotOpened failure) {
        List<Runnable> actions = new ArrayList<>();
        synchronized (this) {
            connectors.remove(connector);
            freePlace(delivery.key(), actions);
        }
        if (failure.greeted()) {
            delivery.connected();
        }
        delivery.defer(failure.failure(), failure.remote());
        actions.forEach(Runnable::run);
    }

    /** All places are taken: connections without work go, as many as keys could use their places. */
    private void makeRoomForOthers(List<Runnable> actions) {
        long wanted = turns.stream().filter(this::mayOpen).count() - evicted.size();
        for (Session session : idle.stream().limit(Math.max(0, wanted)).toList()) {
            evict(session, actions);
        }
    }

    /** A mail waits although a connection is idle only if it must not use that one; so that one goes. */
    private void makeRoomAt(HostPool host, List<Runnable> actions) {
        host.oldestIdle()
                .or(() -> host.hasPlace() ? idleAtSourceOf(host) : Optional.empty())
                .ifPresent(session -> evict(session, actions));
    }

    /** Another host's connection from the same source address, unless one is giving way already. */
    private Optional<Session> idleAtSourceOf(HostPool host) {
        boolean underWay = evicted.stream().anyMatch(session -> sameSource(session.key(), host));
        return underWay
                ? Optional.empty()
                : idle.stream()
                        .filter(session -> sameSource(session.key(), host))
                        .findFirst();
    }

    private static boolean sameSource(ConnectionKey key, HostPool host) {
        return key.sourceAddress().equals(host.source());
    }

    private void evict(Session session, List<Runnable> actions) {
        idle.remove(session);
        hosts.get(session.key()).removeIdle(session);
        evicted.add(session);
        actions.add(session::quit);
    }

    private void freePlace(ConnectionKey key, List<Runnable> actions) {
        HostPool host = hosts.get(key);
        open--;
        host.open--;
        host.source().ifPresent(source -> openPerSource.merge(source, -1, (a, b) -> a + b == 0 ? null : a + b));
        tidy(host);
        dispatch(actions);
        notifyAll();
    }

    // ---- sessions come back

    /** A mail whose envelope can follow in the same write. */
    synchronized Optional<HostDelivery> nextBehind(Session session) {
        HostPool host = hosts.get(session.key());
        return host.firstWaiting()
                .filter(delivery -> !delivery.hadSecondChance() && !yields(session, host))
                .map(delivery -> take(host, delivery));
    }

    /** What a session does next that has no mail left. */
    synchronized Runnable afterWork(Session session, boolean wornOut) {
        HostPool host = hosts.get(session.key());
        if (wornOut || closed || yields(session, host)) {
            return session::quit;
        }
        // A mail that met a dead connection waits for a new one.
        Optional<HostDelivery> next = host.firstWaiting()
                .filter(delivery -> !delivery.hadSecondChance())
                .map(delivery -> take(host, delivery));
        if (next.isPresent()) {
            return () -> session.goOnWith(next.get());
        }
        host.addIdle(session);
        idle.add(session);
        List<Runnable> actions = new ArrayList<>(List.of(session::startIdling));
        dispatch(actions);
        return () -> actions.forEach(Runnable::run);
    }

    private boolean yields(Session session, HostPool host) {
        boolean limited = open >= options.maxConnections() || host.source().isPresent();
        return limited
                && turns.stream()
                        .filter(other -> other != host && couldUsePlaceOf(host, other))
                        .anyMatch(other -> other.open == 0
                                ? host.open > 1 || session.begun() >= MAILS_BEFORE_YIELDING
                                : host.open > other.open + 1);
    }

    /** Whether the other host could have one more connection if this one had one less. */
    private boolean couldUsePlaceOf(HostPool host, HostPool other) {
        return other.hasPlace()
                && (sourceIsFull(other) ? sameSource(host.key(), other) : open >= options.maxConnections());
    }

    /** Takes an idle session out; false: it has got work in the meantime. */
    synchronized boolean withdraw(Session session) {
        return idle.remove(session) && hosts.get(session.key()).removeIdle(session);
    }

    /** A session's connection is closed. */
    void closed(Session session) {
        List<Runnable> actions = new ArrayList<>();
        synchronized (this) {
            withdraw(session);
            sessions.remove(session);
            evicted.remove(session);
            freePlace(session.key(), actions);
        }
        actions.forEach(Runnable::run);
    }

    // ---- hosts that keep us waiting

    /** A connection whose host owes us an answer. */
    private record Wait(long nanos, Runnable giveUp) {}

    void giveUpLongestWaits(int most, Duration hanging) {
        long now = System.nanoTime();
        List<Wait> waits = new ArrayList<>();
        synchronized (this) {
            connectors.forEach((connector, delivery) -> {
                long since = connector.waitingSince();
                Duration patience = delivery.patience().compareTo(hanging) < 0 ? delivery.patience() : hanging;
                if (now - since >= patience.toNanos()) {
                    waits.add(new Wait(now - since, () -> connector.giveUp(delivery, since, waited(now - since))));
                }
            });
            for (Session session : sessions) {
                long since = session.waitingSince();
                if (since != 0 && now - since >= hanging.toNanos()) {
                    waits.add(new Wait(now - since, () -> session.giveUp(since, waited(now - since))));
                }
            }
        }
        waits.stream()
                .sorted(Comparator.comparingLong(Wait::nanos).reversed())
                .limit(most)
                .forEach(wait -> wait.giveUp().run());
    }

    private static String waited(long nanos) {
        return "no answer for " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s, and other mail needed the place";
    }

    // ---- the whole

    synchronized PoolStatistics statistics() {
        int waiting = turns.stream().mapToInt(HostPool::waiting).sum();
        return new PoolStatistics(open, idle.size(), waiting, opened);
    }

    /** By host name, whatever its connections differ in. */
    synchronized Map<String, HostConnections> connectionsByHost() {
        Map<String, HostConnections> byHost = new HashMap<>();
        for (HostPool host : hosts.values()) {
            byHost.merge(
                    host.key().hostName(),
                    new HostConnections(host.open, host.idle(), host.waiting()),
                    HostConnections::plus);
        }
        return byHost;
    }

    /** Ends what can be ended properly within the time, and then the rest. Not to be called on an event loop. */
    void close(Duration patience) {
        List<HostDelivery> waiting = new ArrayList<>();
        List<Session> unused;
        List<Connector> unfinished;
        synchronized (this) {
            closed = true;
            for (HostPool host : List.copyOf(turns)) {
                while (host.firstWaiting().isPresent()) {
                    waiting.add(take(host, host.firstWaiting().get()));
                }
            }
            unused = List.copyOf(idle);
            unused.forEach(this::withdraw);
            unfinished = List.copyOf(connectors.keySet());
        }
        waiting.forEach(delivery -> delivery.defer(clientClosed(), Optional.empty()));
        unused.forEach(Session::quit);
        unfinished.forEach(connector -> connector.abort(clientClosed()));
        awaitClosed(patience);
        List<Session> rest;
        synchronized (this) {
            rest = List.copyOf(sessions);
        }
        rest.forEach(session -> session.abort(clientClosed().detail()));
    }

    private synchronized void awaitClosed(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            long left = patience.toMillis();
            while (open > 0 && left > 0) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConnectionFailure clientClosed() {
        return ConnectionFailure.of(TransactionStage.LOCAL, "the client is closed");
    }
}
