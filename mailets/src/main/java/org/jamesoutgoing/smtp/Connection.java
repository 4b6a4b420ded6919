/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ordered pipeline of commands whose replies are matched in order (RFC 5321 §4.1.1, RFC 2920). Whoever queues steps need
 * not know whether the host allows PIPELINING: with it, everything up to the end of a command group leaves in one write;
 * without it, one command at a time.
 *
 * <p>Nothing that arrives is trusted. While input is being read nothing is sent, so a reply that came ahead of its command
 * finds no command waiting, and that ends the connection; so does anything that is no reply, is over the limits, or does not
 * come in time.
 *
 * <p>That a host has closed the connection is often noticed by a write that fails. Nothing is sent then, but what had arrived
 * before is read: it may hold the reply that refuses the message.
 *
 * <p>Confined to the channel's event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** Who uses the connection. */
    interface Owner {

        /** The connection is closed, and no reply will come any more. Called once, from the event loop's own turn. */
        void lost(ConnectionFailure failure);

        /** More octets may be written. */
        default void writable() {}
    }

    /** What stands in the pipeline. */
    sealed interface Step permits Command, Then {}

    /** What to do as soon as everything before it has been answered. */
    record Then(Runnable action) implements Step {}

    private static final Logger LOGGER = LoggerFactory.getLogger(Connection.class);

    /** What is read after a write has failed is there already; this is for a host that has closed only its receiving side. */
    private static final Duration LAST_WORD = Duration.ofSeconds(2);

    private final Channel channel;
    private final InetSocketAddress remote;
    private final ReplyParser parser;
    private final RollingTimeout replyTimeout;
    private final RollingTimeout lastWord;
    private final Deque<Step> unsent = new ArrayDeque<>();
    private final Deque<Step> unanswered = new ArrayDeque<>();

    private Owner owner;
    private boolean pipelining;
    private TransactionStage stage = TransactionStage.CONNECT;
    private String awaited = "the connection";
    /** Since when the host owes us an answer, by {@link System#nanoTime}; 0: it owes none, or the message is on its way. */
    private volatile long waitingSince;

    /** Whether the time of the command that is answered next is running. */
    private boolean clockRuns;

    private ConnectionFailure failure;
    /** Why nothing can be sent any more, while what has arrived is still being read. */
    private ConnectionFailure unsendable;

    private boolean reading;
    private boolean advancing;
    private ByteBuf input;
    private long allowance = Long.MAX_VALUE;

    Connection(Channel channel, InetSocketAddress remote, ReplyLimits limits, Owner owner) {
        this.channel = channel;
        this.remote = remote;
        this.parser = new ReplyParser(limits);
        this.owner = owner;
        this.replyTimeout = new RollingTimeout(channel.eventLoop(), this::timedOut);
        this.lastWord = new RollingTimeout(channel.eventLoop(), () -> fail(unsendable));
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    InetSocketAddress remote() {
        return remote;
    }

    /** Our end of it; the loopback address when it is closed. */
    InetAddress localAddress() {
        return channel.localAddress() instanceof InetSocketAddress local
                ? local.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    boolean isLost() {
        return failure != null || unsendable != null || !channel.isActive();
    }

    /** Why it is lost. */
    ConnectionFailure failure() {
        return failure == null ? orUnsendable(ConnectionFailure.of(stage, "the host closed the connection")) : failure;
    }

    /** A write that failed before is the reason, if there was one. */
    private ConnectionFailure orUnsendable(ConnectionFailure later) {
        return unsendable == null ? later : unsendable;
    }

    /** What the host is doing for us, or was when the connection was lost. */
    TransactionStage stage() {
        return stage;
    }

    void enter(TransactionStage newStage) {
        stage = newStage;
    }

    /** Whether octets written now leave soon, rather than pile up. */
    boolean isWritable() {
        return unsendable == null && channel.isWritable();
    }

    void owner(Owner newOwner) {
        owner = newOwner;
    }

    void pipelining(boolean allowed) {
        pipelining = allowed;
    }

    /** How many more octets are read. */
    void allowance(long octets) {
        allowance = octets;
    }

    // ---- sending

    /** Appends a step; it is sent by {@link #flush()}. */
    void queue(Step step) {
        if (failure == null && unsendable == null) {
            unsent.add(step);
        }
    }

    /** Sends what may be sent, in one write. */
    void flush() {
        if (reading || advancing || failure != null || unsendable != null) {
            return;
        }
        advancing = true;
        try {
            settle();
            while (!unsent.isEmpty() && !mustWait()) {
                send(unsent.poll());
                settle();
            }
        } finally {
            advancing = false;
        }
        channel.flush();
        awaitNext();
    }

    private boolean mustWait() {
        return !unanswered.isEmpty()
                && (!pipelining || (unanswered.peekLast() instanceof Command last && last.endsGroup()));
    }

    private void send(Step step) {
        if (step instanceof Command command && !command.wanted().getAsBoolean()) {
            return;
        }
        unanswered.add(step);
        if (step instanceof Command command && command.octets().isReadable()) {
            write(command.octets(), () -> withdraw(command));
        }
    }

    /** The host did not get the command, nor what follows it: whatever it says now does not answer them. */
    private void withdraw(Command command) {
        if (unanswered.stream().anyMatch(step -> step == command)) {
            Step last;
            do {
                last = unanswered.pollLast();
            } while (last != command);
        }
    }

    /** Sends octets of the message: only when the host waits for them. */
    void writeMessage(ByteBuf octets) {
        if (!unsent.isEmpty() || !unanswered.isEmpty()) {
            // A command that was sent now would become a line of the message.
            throw new IllegalStateException("message octets between commands");
        }
        write(octets, () -> {});
    }

    private void write(ByteBuf octets, Runnable onFailure) {
        channel.write(octets).addListener((ChannelFutureListener) written -> {
            if (!written.isSuccess()) {
                onFailure.run();
                cannotSend(written.cause());
            }
        });
    }

    /** Ends the connection when what the host sent last has been read: at the end of input, or soon. */
    private void cannotSend(Throwable cause) {
        if (failure == null && unsendable == null) {
            unsendable = ConnectionFailure.of(stage, cause);
            unsent.clear();
            lastWord.set(LAST_WORD);
        }
    }

    /** Does what was to follow the steps that have been answered. */
    private void settle() {
        while (failure == null && unanswered.peek() instanceof Then then) {
            unanswered.poll();
            then.action().run();
        }
    }

    // ---- time

    private void awaitNext() {
        if (failure == null && !clockRuns && unanswered.peek() instanceof Command next) {
            clockRuns = true;
            await(next.stage(), "the reply to " + next.name(), next.timeout());
        }
    }

    /** Gives the host that much time, from now, for what is named. */
    void await(TransactionStage newStage, String what, Duration timeout) {
        stage = newStage;
        boolean beforeMessage = newStage != TransactionStage.LOCAL && newStage.compareTo(TransactionStage.BODY) < 0;
        waitingSince = beforeMessage ? System.nanoTime() : 0;
        awaited = what;
        replyTimeout.set(timeout);
    }

    /** Nothing is due from the host. */
    void awaitNothing() {
        waitingSince = 0;
        replyTimeout.clear();
    }

    /** Since when the host owes us an answer before the message is sent, by {@link System#nanoTime}; 0: it owes none. Any thread. */
    long waitingSince() {
        return waitingSince;
    }

    private void timedOut() {
        fail(ConnectionFailure.of(stage, "timed out waiting for " + awaited));
    }

    // ---- receiving

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        input = (ByteBuf) message;
        try {
            allowance -= input.readableBytes();
            if (allowance < 0) {
                fail(ConnectionFailure.of(stage, "the host sent too much before TLS"));
            }
            while (failure == null && input.isReadable()) {
                parser.parse(input).ifPresent(this::received);
            }
        } catch (BadReplyException e) {
            fail(ConnectionFailure.of(stage, e.getMessage()));
        } finally {
            input.release();
            input = null;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        flush();
    }

    private void received(Reply reply) {
        LOGGER.trace("{} {}", remote, reply);
        awaitNothing();
        clockRuns = false;
        if (!(unanswered.poll() instanceof Command command)) {
            fail(ConnectionFailure.of(stage, reply.serviceClosing() ? "the host closes" : "a reply to nothing", reply));
            return;
        }
        stage = command.stage();
        command.onReply().accept(reply);
        if (reply.serviceClosing()) {
            fail(ConnectionFailure.of(stage, "the host closes", reply));
        }
        settle();
        awaitNext();
    }

    // ---- TLS

    /**
     * Goes on in TLS. To be called for the reply to {@code STARTTLS}: anything that came behind it in plaintext is an attack
     * and ends the connection (RFC 3207 §6).
     */
    void startTls(SslHandler tls, Consumer<SslHandler> onSuccess) {
        if (input.isReadable()) {
            fail(ConnectionFailure.of(TransactionStage.TLS, "the host sent plaintext behind its reply to STARTTLS"));
            return;
        }
        stage = TransactionStage.TLS;
        channel.pipeline().addFirst(tls);
        awaitTls(tls, onSuccess);
    }

    /** Waits for a handshake that has its own time-out. */
    @SuppressWarnings("FutureReturnValueIgnored") // The listener hears of a failure.
    void awaitTls(SslHandler tls, Consumer<SslHandler> onSuccess) {
        stage = TransactionStage.TLS;
        waitingSince = System.nanoTime();
        tls.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                onSuccess.accept(tls);
            } else {
                fail(ConnectionFailure.of(TransactionStage.TLS, handshake.cause()));
            }
        });
    }

    // ---- the end

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (failure == null && channel.isWritable()) {
            owner.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(orUnsendable(ConnectionFailure.of(stage, "the host closed the connection")));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (reason instanceof RuntimeException && !(reason instanceof CodecException)) {
            LOGGER.error("Unexpected trouble with {} at {}", remote, stage, reason);
        }
        fail(orUnsendable(ConnectionFailure.of(stage, reason)));
    }

    /** Ends the connection at once, without {@code QUIT}; the first reason counts. */
    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for a connection to be closed.
    void fail(ConnectionFailure reason) {
        if (failure != null) {
            return;
        }
        failure = reason;
        LOGGER.debug("{} lost at {}: {}", remote, reason.stage(), reason.detail());
        waitingSince = 0;
        replyTimeout.stop();
        lastWord.stop();
        unsent.clear();
        unanswered.clear();
        channel.close();
        // In a turn of its own: the owner may be in the middle of something that led here.
        channel.eventLoop().execute(() -> owner.lost(reason));
    }
}
