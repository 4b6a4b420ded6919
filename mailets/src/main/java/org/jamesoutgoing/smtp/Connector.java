/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a session with a host, over as many of its addresses as it takes.
 *
 * <ol>
 *   <li>Race the addresses for a TCP connection ({@link AddressRace}).
 *   <li>On the winner, go through greeting, {@code EHLO}, TLS and {@code AUTH} ({@link Handshake}).
 *   <li>When opportunistic TLS failed, go back to the same address and leave it out.
 *   <li>When anything else failed, race the addresses that are left; but a refused password is not tried elsewhere: the next
 *       address is the same host, and counts wrong passwords.
 *   <li>When none is left, report the failure that came furthest.
 * </ol>
 *
 * <p>Confined to one event loop. Exactly one of the two callbacks is called, at the latest when the deadline is over.
 */
final class Connector {

    /**
     * Why no address would do.
     *
     * @param greeted whether one of them had taken our EHLO
     */
    record NotOpened(ConnectionFailure failure, boolean greeted, Optional<InetSocketAddress> remote) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(Connector.class);

    private final SmtpHost host;
    private final ConnectionSettings settings;
    private final EventLoop eventLoop;
    private final TlsEngines tlsEngines;
    private final BlockingCalls calls;
    private final Stopwatch stopwatch;
    private final Consumer<Handshake.Opened> onOpened;
    private final Consumer<NotOpened> onNotOpened;
    private final AddressRace race;
    private final boolean hasAddress;
    private final Map<InetSocketAddress, PlaintextFallback> withoutTls = new HashMap<>();

    /** Since when it is tried to connect to an address, by {@link System#nanoTime}. */
    private volatile long since = System.nanoTime();

    private ScheduledFuture<?> deadline;
    private volatile Connection connection;
    private ConnectionFailure furthest;
    private InetSocketAddress furthestAddress;
    private boolean greeted;
    private boolean ended;

    Connector(
            SmtpHost host,
            ConnectionSettings settings,
            EventLoop eventLoop,
            Duration headStart,
            TlsEngines tlsEngines,
            BlockingCalls calls,
            Stopwatch stopwatch,
            Consumer<Handshake.Opened> onOpened,
            Consumer<NotOpened> onNotOpened) {
        this.host = host;
        this.settings = settings;
        this.eventLoop = eventLoop;
        this.tlsEngines = tlsEngines;
        this.calls = calls;
        this.stopwatch = stopwatch;
        this.onOpened = onOpened;
        this.onNotOpened = onNotOpened;
        List<InetSocketAddress> addresses = AddressRace.order(host.addresses(), settings.sourceAddress()).stream()
                .map(address -> new InetSocketAddress(address, host.port()))
                .toList();
        this.hasAddress = !addresses.isEmpty();
        this.race = new AddressRace(
                eventLoop,
                addresses,
                settings.sourceAddress(),
                settings.timeouts().connect(),
                headStart,
                (address, cause) -> keep(ConnectionFailure.of(TransactionStage.CONNECT, cause), address));
    }

    void start() {
        if (ended) {
            return;
        }
        stopwatch.connect().begin();
        if (!hasAddress) {
            String reason = host.addresses().isEmpty()
                    ? "the host has no address"
                    : "the host has no address of the source address's family";
            keep(ConnectionFailure.of(TransactionStage.CONNECT, reason), null);
            notOpened();
            return;
        }
        deadline = eventLoop.schedule(
                this::tooLate, settings.timeouts().transaction().toNanos(), TimeUnit.NANOSECONDS);
        connect();
    }

    /** Gives up; from any thread. The caller is told as of any failure. */
    void abort(ConnectionFailure reason) {
        eventLoop.execute(() -> {
            furthest = reason;
            notOpened();
        });
    }

    /** Since when the host owes us its next answer, by {@link System#nanoTime}. Any thread. */
    long waitingSince() {
        Connection current = connection;
        long answer = current == null ? since : current.waitingSince();
        return answer == 0 ? System.nanoTime() : answer;
    }

    /** Gives up this mail's try, unless the host has answered since then; from any thread. */
    void giveUp(HostDelivery delivery, long waitingSince, String why) {
        eventLoop.execute(() -> {
            if (!ended && waitingSince() == waitingSince) {
                delivery.giveUp();
                endNow(why);
            }
        });
    }

    private void tooLate() {
        endNow("not open by the deadline");
    }

    private void endNow(String why) {
        boolean connected = connection != null && !connection.isLost();
        TransactionStage stage = connected ? connection.stage() : TransactionStage.CONNECT;
        keep(ConnectionFailure.of(stage, why), connected ? connection.remote() : null);
        notOpened();
    }

    private void connect() {
        connection = null;
        since = System.nanoTime();
        race.run(new AddressRace.Listener() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for a connection to be closed.
            public void won(Channel channel, InetSocketAddress remote) {
                try {
                    open(channel, remote);
                } catch (RuntimeException e) {
                    // TLS settings this JVM does not know.
                    channel.close();
                    keep(ConnectionFailure.of(TransactionStage.TLS, e), remote);
                    notOpened();
                }
            }

            @Override
            public void lost() {
                notOpened();
            }
        });
    }

    private void open(Channel channel, InetSocketAddress remote) {
        Handshake handshake = new Handshake(
                host,
                settings,
                Optional.ofNullable(withoutTls.get(remote)),
                tlsEngines,
                calls,
                stopwatch.tls(),
                this::opened,
                (failure, taken) -> failed(failure, taken, remote));
        connection = new Connection(channel, remote, settings.limits(), handshake);
        Optional<SslHandler> implicitTls = settings.tls().mode().implicit()
                ? Optional.of(tlsEngines.handler(
                        host, settings.tls(), settings.timeouts().tls()))
                : Optional.empty();
        implicitTls.ifPresent(channel.pipeline()::addLast);
        channel.pipeline().addLast(connection);
        handshake.begin(connection, implicitTls);
    }

    private void opened(Handshake.Opened opened) {
        if (!ended) {
            ended = true;
            stopwatch.connect().end();
            deadline.cancel(false);
            LOGGER.debug(
                    "{} opened at {} {}: {}", host, opened.connection().remote(), opened.tls(), opened.capabilities());
            onOpened.accept(opened);
        }
    }

    private void failed(ConnectionFailure failure, boolean taken, InetSocketAddress remote) {
        greeted |= taken;
        if (ended) {
            return;
        }
        LOGGER.debug("{} not opened at {}: {}", host, remote, failure);
        boolean plaintextInstead = failure.stage() == TransactionStage.TLS
                && settings.tls().mode() == TlsMode.OPPORTUNISTIC
                && settings.credentials().isEmpty()
                && !withoutTls.containsKey(remote);
        keep(failure, remote);
        if (plaintextInstead) {
            withoutTls.put(remote, new PlaintextFallback(failure.detail()));
            race.again(remote);
            connect();
            return;
        }
        if (failure.stage() == TransactionStage.AUTH) {
            notOpened();
        } else {
            connect();
        }
    }

    private void keep(ConnectionFailure failure, InetSocketAddress remote) {
        if (furthest == null || failure.stage().compareTo(furthest.stage()) > 0) {
            furthest = failure;
            furthestAddress = remote;
        }
    }

    private void notOpened() {
        if (ended) {
            return;
        }
        ended = true;
        stopwatch.connect().end();
        if (deadline != null) {
            deadline.cancel(false);
        }
        race.cancel();
        if (connection != null) {
            connection.fail(ConnectionFailure.of(TransactionStage.CONNECT, "given up"));
        }
        onNotOpened.accept(new NotOpened(furthest, greeted, Optional.ofNullable(furthestAddress)));
    }
}
