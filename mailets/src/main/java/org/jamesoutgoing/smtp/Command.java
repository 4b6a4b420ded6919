/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One step of a connection's pipeline that the host answers with one reply.
 *
 * @param stage for results
 * @param name for logs; never a secret
 * @param octets what is sent; empty for the greeting, which answers the connection itself
 * @param timeout for the whole reply, from when it is the next one to come
 * @param endsGroup whether nothing may be sent before its reply is there (RFC 2920 §3.1)
 * @param wanted asked when its turn to be sent has come; when it says no, the step is left out
 * @param onReply what to do with the reply
 */
record Command(
        TransactionStage stage,
        String name,
        ByteBuf octets,
        Duration timeout,
        boolean endsGroup,
        BooleanSupplier wanted,
        Consumer<Reply> onReply)
        implements Connection.Step {

    /** A command line, without its CRLF. */
    static Command line(TransactionStage stage, String name, String line, Duration timeout, Consumer<Reply> onReply) {
        // Addresses are checked before; here once more that no line holds a second command.
        if (line.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("control character in " + name);
        }
        ByteBuf octets = Unpooled.wrappedBuffer((line + "\r\n").getBytes(UTF_8));
        return new Command(stage, name, octets, timeout, false, () -> true, onReply);
    }

    /** Octets that are answered by a reply: the end of the message, or nothing at all for the greeting. */
    static Command octets(
            TransactionStage stage, String name, ByteBuf octets, Duration timeout, Consumer<Reply> onReply) {
        return new Command(stage, name, octets, timeout, false, () -> true, onReply);
    }

    /** The same, followed by octets that belong to it. */
    Command with(ByteBuf payload) {
        return new Command(stage, name, Unpooled.wrappedBuffer(octets, payload), timeout, endsGroup, wanted, onReply);
    }

    /** The same, as the last of a group. */
    Command endingGroup() {
        return new Command(stage, name, octets, timeout, true, wanted, onReply);
    }

    /** The same, left out when the condition does not hold by the time it could be sent. */
    Command onlyIf(BooleanSupplier condition) {
        return new Command(stage, name, octets, timeout, endsGroup, condition, onReply);
    }
}
