/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * A message on its way from its source to the wire, in chunks of about {@link #CHUNK} octets. Each chunk is one short task on
 * the content executor, started when the connection has room for it, so that no thread ever waits for a peer and never more
 * than a few chunks of a message are in memory.
 *
 * <p>Called on one event loop, and calls back there.
 */
final class ContentStream {

    /** What comes of one read. */
    record Chunk(ByteBuf data, boolean last) {}

    /** Octets. */
    static final int CHUNK = 64 * 1024;

    private static final int READ = 16 * 1024;

    private final MessageContent content;
    private final ContentNormaliser normaliser;
    private final BlockingCalls calls;

    // Used by the reading task, of which there is one at a time; handed over through the executors.
    private final byte[] buffer = new byte[READ];
    private InputStream in;

    // Used on the event loop.
    private boolean reading;
    private boolean closed;

    ContentStream(MessageContent content, boolean dotStuffing, BlockingCalls calls) {
        this.content = content;
        this.normaliser = new ContentNormaliser(dotStuffing);
        this.calls = calls;
    }

    /** Reads the next chunk. To be called again only after an answer, which is exactly one of the two unless closed. */
    void next(Consumer<Chunk> onChunk, Consumer<Throwable> onFailure) {
        reading = true;
        calls.call(
                this::read,
                chunk -> answer(() -> onChunk.accept(chunk)),
                failure -> answer(() -> onFailure.accept(failure)));
    }

    private Chunk read() throws IOException {
        if (in == null) {
            in = content.open();
        }
        ByteBuf out = Unpooled.buffer(capacity());
        while (out.readableBytes() < CHUNK) {
            int count = in.readNBytes(buffer, 0, READ);
            normaliser.write(buffer, count, out);
            if (count < READ) {
                normaliser.finish(out);
                return new Chunk(out, true);
            }
        }
        return new Chunk(out, false);
    }

    /** Room for all of a small message, with some bare line ends and dots; for a chunk of any other. */
    private int capacity() {
        long size = content.size();
        return size >= 0 && size < CHUNK / 2 ? (int) (size + size / 8 + 64) : CHUNK + 2 * READ;
    }

    private void answer(Runnable answer) {
        reading = false;
        if (closed) {
            closeSource();
        } else {
            answer.run();
        }
    }

    /** Closes the source; no answer comes after this. */
    void close() {
        if (!closed) {
            closed = true;
            if (!reading) {
                closeSource();
            }
        }
    }

    private void closeSource() {
        if (in != null) {
            // It was only read: if closing fails, nothing is lost.
            calls.call(
                    () -> {
                        in.close();
                        return in;
                    },
                    done -> {},
                    failure -> {});
        }
    }
}
