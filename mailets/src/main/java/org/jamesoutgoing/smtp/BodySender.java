/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.function.Consumer;

/**
 * Moves a message from its stream to the connection, as fast as the host takes it and no faster. Confined to the event loop.
 */
final class BodySender {

    /** How octets of the message are put on the wire: {@link DataFraming} or {@link BdatFraming}. */
    interface Framing {

        /** Whether the host takes more. */
        boolean ready();

        /** Sends octets, and the end of the message with the last. */
        void send(ContentStream.Chunk chunk);

        /** Whether the end of the message is in the pipeline. */
        boolean endQueued();
    }

    private final ContentStream stream;
    private final Framing framing;
    private final Consumer<Throwable> onSourceFailure;

    private ContentStream.Chunk ahead;
    private Throwable failure;
    private boolean asking;
    private boolean started;
    private boolean finished;

    BodySender(ContentStream stream, Framing framing, Consumer<Throwable> onSourceFailure) {
        this.stream = stream;
        this.framing = framing;
        this.onSourceFailure = onSourceFailure;
    }

    /** Reads the first chunk, while the host has not answered the envelope yet. */
    void readAhead() {
        if (ahead == null && !asking && !finished && failure == null) {
            asking = true;
            stream.next(this::onChunk, this::onFailure);
        }
    }

    /** The host waits for the message. */
    void start() {
        started = true;
        pump();
    }

    boolean started() {
        return started;
    }

    /** Sends what can be sent now; to be called whenever the host may have become ready. */
    void pump() {
        if (!started || finished) {
            return;
        }
        if (failure != null) {
            stop();
            onSourceFailure.accept(failure);
            return;
        }
        if (ahead != null && framing.ready()) {
            ContentStream.Chunk chunk = ahead;
            ahead = null;
            if (chunk.last()) {
                stop();
            }
            framing.send(chunk);
        }
        readAhead();
    }

    /** No more is to be sent. */
    void stop() {
        finished = true;
        ahead = null;
        stream.close();
    }

    private void onChunk(ContentStream.Chunk chunk) {
        asking = false;
        ahead = chunk;
        pump();
    }

    private void onFailure(Throwable reason) {
        asking = false;
        failure = reason;
        pump();
    }
}
