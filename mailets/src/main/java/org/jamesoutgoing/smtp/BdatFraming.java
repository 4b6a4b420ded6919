/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Optional;
import java.util.function.Consumer;

/** The message in {@code BDAT} chunks (RFC 3030 §2), each with its reply; as many at a time as one round trip can carry. */
final class BdatFraming implements BodySender.Framing {

    /** What the transaction hears of it. */
    interface Listener {

        /** The last chunk is in the pipeline, and more may be put behind it before it is sent. */
        void endQueued();

        /** The reply to a chunk that is not the last was good. */
        void chunkTaken();

        /** A chunk was refused, and with it the message; no more of it is sent. */
        void refused(Reply reply);

        /** The same, and no reply is outstanding any more. */
        void refusedAndAnswered(Reply reply);

        /** The reply to the last chunk, when none before it was refused. */
        void ended(Reply reply);
    }

    /** Chunks of about 64 KB on their way at a time, with PIPELINING. */
    private static final int WINDOW = 8;

    private final Connection connection;
    private final Timeouts timeouts;
    private final int window;
    private final Listener listener;
    private Optional<Reply> refusal = Optional.empty();
    private int unanswered;
    private boolean endQueued;

    BdatFraming(Connection connection, Timeouts timeouts, boolean pipelining, Listener listener) {
        this.connection = connection;
        this.timeouts = timeouts;
        this.window = pipelining ? WINDOW : 1;
        this.listener = listener;
    }

    @Override
    public boolean ready() {
        return refusal.isEmpty() && unanswered < window && connection.isWritable();
    }

    @Override
    public void send(ContentStream.Chunk chunk) {
        connection.queue(command(chunk));
        if (chunk.last()) {
            listener.endQueued();
        }
        connection.flush();
    }

    /** A chunk as one step of the pipeline. */
    private Command command(ContentStream.Chunk chunk) {
        unanswered++;
        endQueued = chunk.last();
        String line = "BDAT " + chunk.data().readableBytes() + (chunk.last() ? " LAST" : "");
        Consumer<Reply> onReply = reply -> onReply(reply, chunk.last());
        Command command = chunk.last()
                ? Command.line(TransactionStage.END_OF_DATA, "BDAT LAST", line, timeouts.dataTermination(), onReply)
                : Command.line(TransactionStage.BODY, "BDAT", line, timeouts.dataBlock(), onReply);
        return command.with(chunk.data());
    }

    private void onReply(Reply reply, boolean last) {
        unanswered--;
        if (reply.serviceClosing()) {
            return;
        }
        if (last && refusal.isEmpty()) {
            listener.ended(reply);
            return;
        }
        if (!reply.positive() && refusal.isEmpty()) {
            refusal = Optional.of(reply);
            listener.refused(reply);
        }
        if (refusal.isEmpty()) {
            listener.chunkTaken();
        } else if (unanswered == 0) {
            // Whatever the host says to later chunks, it does not have all of the message.
            listener.refusedAndAnswered(refusal.get());
        }
    }

    @Override
    public boolean endQueued() {
        return endQueued;
    }
}
