/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * DNS messages by UDP, over one selector on one daemon thread that lives as long as the process.
 *
 * <p>In place of dnsjava 3.5's own one, which serves James, but not many questions at once: a question that is handed
 * over while a reply comes in is not sent before its selector next idles, up to a second later; the first stray packet
 * ends a question, so that anyone can spoil it; and its time-outs are looked at only when it idles.
 *
 * <p>Each question has a socket of its own, on a port that the kernel draws at random, connected, so that only the
 * server's packets arrive (RFC 5452 §9.2). Packets that are no answer to the question are passed over.
 */
final class UdpTransport {
    private static final Logger LOGGER = LoggerFactory.getLogger(UdpTransport.class);

    /** Opened with the first question; guarded by the class. */
    private static UdpTransport shared;

    private final Selector selector;

    /** Where other threads leave work that only the selector's thread may do. */
    private final Queue<Question> newcomers = new ConcurrentLinkedQueue<>();

    /** Only the selector's thread touches it. */
    private final ByteBuffer buffer = ByteBuffer.allocate(Message.MAXLENGTH);

    private UdpTransport() throws IOException {
        selector = Selector.open();
        Thread thread = new Thread(this::serve, "outgoing-dns");
        thread.setDaemon(true);
        thread.start();
    }

    private static synchronized UdpTransport shared() throws IOException {
        if (shared == null) {
            shared = new UdpTransport();
        }
        return shared;
    }

    /**
     * Asks one server once.
     *
     * @return fails with an {@link IOException} or, after {@code timeout}, a
     *     {@link java.util.concurrent.TimeoutException}; completes on a thread that must be left at once
     */
    static CompletableFuture<Message> ask(InetSocketAddress server, Message query, Duration timeout) {
        CompletableFuture<Message> reply = new CompletableFuture<>();
        try {
            shared().send(server, query, reply);
            return reply.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (IOException | RuntimeException e) {
            // Unreachable networks and the like; out of file descriptors, too.
            return CompletableFuture.failedFuture(e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whoever asked has the reply; release() does not throw.
    private void send(InetSocketAddress server, Message query, CompletableFuture<Message> reply) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        reply.whenComplete((message, e) -> release(channel));
        try {
            channel.configureBlocking(false);
            channel.connect(server);
            newcomers.add(new Question(channel, query, reply));
            // Sent before the channel is registered: a reply that has come by then is found all the same.
            channel.write(ByteBuffer.wrap(query.toWire()));
            selector.wakeup();
        } catch (IOException | RuntimeException e) {
            reply.completeExceptionally(e);
        }
    }

    private void release(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOGGER.debug("Closing a DNS socket failed", e);
        }
        // A closed channel keeps its file descriptor until the selector takes notice.
        selector.wakeup();
    }

    private void serve() {
        while (true) {
            try {
                selector.select(this::receive);
                Question newcomer;
                while ((newcomer = newcomers.poll()) != null) {
                    newcomer.register(selector);
                }
            } catch (IOException | RuntimeException | Error e) {
                // Without this thread there is no DNS, so nothing ends it. The questions concerned time out.
                LOGGER.error("Waiting for DNS replies failed", e);
            }
        }
    }

    private void receive(SelectionKey key) {
        Question question = (Question) key.attachment();
        try {
            buffer.clear();
            question.channel().read(buffer);
            buffer.flip();
            byte[] packet = new byte[buffer.remaining()];
            buffer.get(packet);
            question.take(packet);
        } catch (IOException | RuntimeException e) {
            question.reply().completeExceptionally(e);
        }
    }

    private record Question(DatagramChannel channel, Message query, CompletableFuture<Message> reply) {
        void register(Selector selector) {
            try {
                channel.register(selector, SelectionKey.OP_READ, this);
            } catch (IOException | CancelledKeyException e) {
                reply.completeExceptionally(e);
            }
        }

        void take(byte[] packet) throws IOException {
            int id = query.getHeader().getID();
            if (packet.length < 2 || (packet[0] & 0xff) != id >> 8 || (packet[1] & 0xff) != (id & 0xff)) {
                return;
            }
            Message message = new Message(packet);
            if (message.getHeader().getFlag(Flags.QR) && isAsked(message)) {
                reply.complete(message);
            }
        }

        /** RFC 5452 §9.1. A server that could not read the question need not repeat it. */
        private boolean isAsked(Message message) {
            Record question = message.getQuestion();
            return question == null ? message.getRcode() == Rcode.FORMERR : question.equals(query.getQuestion());
        }
    }
}
