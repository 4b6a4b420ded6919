/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * TCP connections to addresses of which any will do (RFC 8305 §5, "happy eyeballs").
 *
 * <ol>
 *   <li>Start with the first address.
 *   <li>When it has not connected within the head start, or has failed, start with the next one as well.
 *   <li>The first that connects wins; the others are given up, and stay for a later race.
 * </ol>
 *
 * <p>Confined to one event loop.
 */
final class AddressRace {

    /** How it ends. */
    interface Listener {

        /** A channel without handlers; nothing has been read from it. */
        void won(Channel channel, InetSocketAddress remote);

        /** No address is left. */
        void lost();
    }

    /** Small, so that a message read ahead does not pile up behind a slow host. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    private final EventLoop eventLoop;
    private final Bootstrap bootstrap;
    private final Optional<InetAddress> source;
    private final Duration headStart;
    private final BiConsumer<InetSocketAddress, Throwable> onFailure;
    private final Deque<InetSocketAddress> untried = new ArrayDeque<>();
    private final Map<InetSocketAddress, ChannelFuture> running = new LinkedHashMap<>();
    private ScheduledFuture<?> nextStart;
    private Listener listener;

    /** @param onFailure told of each address that could not be connected */
    AddressRace(
            EventLoop eventLoop,
            List<InetSocketAddress> addresses,
            Optional<InetAddress> source,
            Duration connectTimeout,
            Duration headStart,
            BiConsumer<InetSocketAddress, Throwable> onFailure) {
        this.eventLoop = eventLoop;
        this.source = source;
        this.headStart = headStart;
        this.onFailure = onFailure;
        this.untried.addAll(addresses);
        this.bootstrap = new Bootstrap()
                .group(eventLoop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                // A write that fails must not throw away what has been received: see Connection.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, connectTimeout.toMillis()))
                // The handlers come when the race is won, in the same turn of the event loop.
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {}
                });
    }

    /**
     * The addresses that can be reached from the source address, each once, in the order to try them: the families alternate,
     * IPv6 first (RFC 8305 §4).
     */
    static List<InetAddress> order(List<InetAddress> addresses, Optional<InetAddress> source) {
        Deque<InetAddress> six = new ArrayDeque<>();
        Deque<InetAddress> four = new ArrayDeque<>();
        addresses.stream()
                .distinct()
                .filter(address -> source.isEmpty() || sixth(source.get()) == sixth(address))
                .forEach(address -> (sixth(address) ? six : four).add(address));
        List<InetAddress> order = new ArrayList<>();
        while (!six.isEmpty() || !four.isEmpty()) {
            Optional.ofNullable(six.poll()).ifPresent(order::add);
            Optional.ofNullable(four.poll()).ifPresent(order::add);
        }
        return order;
    }

    private static boolean sixth(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** Races the addresses that have not been used up; may be called again after a win. */
    void run(Listener newListener) {
        listener = newListener;
        startNext();
    }

    /** Puts an address first in the next race. */
    void again(InetSocketAddress address) {
        untried.addFirst(address);
    }

    /** Ends the race; nobody is told. */
    void cancel() {
        listener = null;
        untried.clear();
        giveUpOthers();
    }

    private void startNext() {
        stopClock();
        InetSocketAddress address = untried.poll();
        if (address == null) {
            if (running.isEmpty()) {
                Listener ended = listener;
                listener = null;
                ended.lost();
            }
            return;
        }
        ChannelFuture connecting = source.map(local -> bootstrap.connect(address, new InetSocketAddress(local, 0)))
                .orElseGet(() -> bootstrap.connect(address));
        running.put(address, connecting);
        connecting.addListener(done -> ended(address, connecting));
        // It may have failed at once, and the next one has been started already.
        if (listener != null && running.containsKey(address) && nextStart == null && !untried.isEmpty()) {
            nextStart = eventLoop.schedule(this::startNext, headStart.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for a connection to be closed.
    private void ended(InetSocketAddress address, ChannelFuture connecting) {
        boolean counts = running.remove(address, connecting) && listener != null;
        if (!counts) {
            connecting.channel().close();
        } else if (connecting.isSuccess()) {
            Listener ended = listener;
            listener = null;
            giveUpOthers();
            ended.won(connecting.channel(), address);
        } else {
            onFailure.accept(address, connecting.cause());
            startNext();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for a connection to be closed.
    private void giveUpOthers() {
        stopClock();
        Map<InetSocketAddress, ChannelFuture> others = new LinkedHashMap<>(running);
        running.clear();
        others.forEach((address, connecting) -> {
            untried.addFirst(address);
            connecting.cancel(false);
            connecting.channel().close();
        });
    }

    private void stopClock() {
        if (nextStart != null) {
            nextStart.cancel(false);
            nextStart = null;
        }
    }
}
