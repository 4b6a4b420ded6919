/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.benchmark;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An SMTP server as far away as one likes: every reply leaves a round trip after the command came, commands of one write
 * together, as over a long line. It takes everything and keeps nothing.
 */
final class DistantReceiver implements AutoCloseable {

    private static final String CAPABILITIES =
            "250-receiver.test\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-CHUNKING\r\n250 ENHANCEDSTATUSCODES\r\n";

    private final EventLoopGroup threads = new NioEventLoopGroup(1);
    private final AtomicInteger mails = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final long roundTripMillis;

    /** On port 25 of 127.0.3.1 and the following addresses: stock RemoteDelivery knows no other port for exchangers. */
    DistantReceiver(int addresses, long roundTripMillis) throws InterruptedException {
        this.roundTripMillis = roundTripMillis;
        ServerBootstrap server = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Session());
                    }
                });
        for (int i = 1; i <= addresses; i++) {
            server.bind("127.0.3." + i, 25).sync();
        }
    }

    int mails() {
        return mails.get();
    }

    /** Opened since the last call. */
    int takeConnections() {
        return connections.getAndSet(0);
    }

    /** Returns when its ports are free again. */
    @Override
    public void close() {
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A client that is gone needs no answer.
    private final class Session extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();
        private boolean inData;
        private long chunkLeft;
        private boolean lastChunk;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connections.incrementAndGet();
            reply(context, "220 receiver.test ESMTP\r\n");
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            StringBuilder replies = new StringBuilder();
            while (bytes.isReadable()) {
                if (chunkLeft > 0) {
                    int skipped = (int) Math.min(chunkLeft, bytes.readableBytes());
                    bytes.skipBytes(skipped);
                    chunkLeft -= skipped;
                    if (chunkLeft == 0) {
                        replies.append(endOfChunk());
                    }
                    continue;
                }
                char octet = (char) bytes.readByte();
                if (octet != '\n') {
                    line.append(octet);
                    continue;
                }
                String command = line.toString().trim();
                line.setLength(0);
                replies.append(inData ? dataLine(command) : command(command));
            }
            bytes.release();
            if (!replies.isEmpty()) {
                reply(context, replies.toString());
            }
        }

        private String dataLine(String text) {
            if (!text.equals(".")) {
                return "";
            }
            inData = false;
            mails.incrementAndGet();
            return "250 2.0.0 taken\r\n";
        }

        private String command(String text) {
            String verb = text.length() < 4 ? text : text.substring(0, 4).toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO":
                    return CAPABILITIES;
                case "DATA":
                    inData = true;
                    return "354 go ahead\r\n";
                case "BDAT":
                    String[] words = text.split(" ", 3);
                    chunkLeft = Long.parseLong(words[1]);
                    lastChunk = words.length > 2;
                    return chunkLeft == 0 ? endOfChunk() : "";
                case "QUIT":
                    return "221 2.0.0 bye\r\n";
                default:
                    return "250 2.0.0 ok\r\n";
            }
        }

        private String endOfChunk() {
            if (lastChunk) {
                mails.incrementAndGet();
            }
            return "250 2.0.0 taken\r\n";
        }

        private void reply(ChannelHandlerContext context, String text) {
            ByteBuf bytes = context.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            if (roundTripMillis == 0) {
                context.writeAndFlush(bytes);
            } else {
                context.executor().schedule(() -> context.writeAndFlush(bytes), roundTripMillis, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
