/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A message of ten chunks of 64 KB framed, sent to a channel that throws it away, and answered; an operation is the message. */
@State(Scope.Thread)
public class FramingBenchmark {

    private static final int CHUNKS = 10;
    private static final byte[] OCTETS =
            "0123456789abcdef".repeat(ContentStream.CHUNK / 16).getBytes(ISO_8859_1);
    private static final byte[] OK = "250 2.0.0 Ok\r\n".getBytes(ISO_8859_1);

    private final Timeouts timeouts = Timeouts.all(Duration.ofMinutes(5));
    private EmbeddedChannel channel;
    private Connection connection;
    private int ends;

    @Setup(Level.Trial)
    public void connect() {
        channel = new EmbeddedChannel();
        connection =
                new Connection(channel, new InetSocketAddress("127.0.0.1", 25), ReplyLimits.defaults(), failure -> {
                    throw new IllegalStateException(failure.toString());
                });
        connection.pipelining(true);
        channel.pipeline().addLast(connection);
    }

    private static ContentStream.Chunk chunk(int number) {
        return new ContentStream.Chunk(Unpooled.wrappedBuffer(OCTETS), number == CHUNKS - 1);
    }

    /** Octets that were sent, thrown away. */
    private int discard() {
        int count = 0;
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            count += sent.readableBytes();
            sent.release();
        }
        return count;
    }

    private void answer() {
        channel.writeInbound(Unpooled.wrappedBuffer(OK));
    }

    @Benchmark
    public int bdat() {
        int sent = 0;
        BdatFraming framing = new BdatFraming(connection, timeouts, true, new BdatFraming.Listener() {
            @Override
            public void endQueued() {}

            @Override
            public void chunkTaken() {}

            @Override
            public void refused(Reply reply) {
                throw new IllegalStateException(reply.toString());
            }

            @Override
            public void refusedAndAnswered(Reply reply) {}

            @Override
            public void ended(Reply reply) {
                ends++;
            }
        });
        for (int i = 0; i < CHUNKS; i++) {
            framing.send(chunk(i));
            sent += discard();
            answer();
        }
        return sent + ends;
    }

    @Benchmark
    public int data() {
        int sent = 0;
        DataFraming framing = new DataFraming(connection, timeouts, () -> {}, reply -> ends++);
        for (int i = 0; i < CHUNKS; i++) {
            framing.send(chunk(i));
            sent += discard();
        }
        answer();
        return sent + ends;
    }

    /** Command and chunk copied into one array, and the reply read by the same parser. */
    @Benchmark
    public int naive() throws BadReplyException {
        int sent = 0;
        ReplyParser parser = new ReplyParser(ReplyLimits.defaults());
        for (int i = 0; i < CHUNKS; i++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(String.format("BDAT %d%s\r\n", OCTETS.length, i == CHUNKS - 1 ? " LAST" : "")
                    .getBytes(ISO_8859_1));
            out.writeBytes(OCTETS);
            channel.writeOutbound(Unpooled.wrappedBuffer(out.toByteArray()));
            sent += discard();
            ends += parser.parse(Unpooled.wrappedBuffer(OK)).isPresent() ? 1 : 0;
        }
        return sent + ends;
    }
}
