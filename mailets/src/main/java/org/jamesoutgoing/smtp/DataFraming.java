/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** The message behind {@code DATA} (RFC 5321 §4.1.1.4): octets as long as the host reads them, then the dot. */
final class DataFraming implements BodySender.Framing {

    private final Connection connection;
    private final Timeouts timeouts;
    private final Runnable onEndQueued;
    private final Consumer<Reply> onEnd;
    private boolean endQueued;

    /**
     * @param onEndQueued the dot is in the pipeline, and more may be put behind it before it is sent
     * @param onEnd the reply to the dot
     */
    DataFraming(Connection connection, Timeouts timeouts, Runnable onEndQueued, Consumer<Reply> onEnd) {
        this.connection = connection;
        this.timeouts = timeouts;
        this.onEndQueued = onEndQueued;
        this.onEnd = onEnd;
    }

    @Override
    public boolean ready() {
        boolean ready = connection.isWritable();
        if (ready) {
            // The host is not waited for: if nothing is sent now, the message's source is slow.
            connection.awaitNothing();
        }
        return ready;
    }

    @Override
    public void send(ContentStream.Chunk chunk) {
        if (chunk.data().isReadable()) {
            connection.writeMessage(chunk.data());
        }
        if (chunk.last()) {
            queueEnd();
        }
        connection.flush();
        if (!chunk.last() && !connection.isWritable()) {
            connection.await(TransactionStage.BODY, "room for more of the message", timeouts.dataBlock());
        }
    }

    /** Without a message before it: the lone dot. */
    void queueEnd() {
        endQueued = true;
        connection.queue(Command.octets(
                TransactionStage.END_OF_DATA,
                "the final dot",
                Unpooled.wrappedBuffer(new byte[] {'.', '\r', '\n'}),
                timeouts.dataTermination(),
                onEnd));
        onEndQueued.run();
    }

    @Override
    public boolean endQueued() {
        return endQueued;
    }
}
