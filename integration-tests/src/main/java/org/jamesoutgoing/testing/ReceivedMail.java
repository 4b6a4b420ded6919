/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A message that a {@link ReceivingServer} got to its last byte.
 *
 * @param connection the number of the connection, counted from 1 in each server
 * @param sender as in {@code MAIL FROM}, without the brackets; empty for the null sender
 * @param senderParameters what followed the sender, {@code SIZE=…} and the like
 * @param recipients those that this server accepted, without the brackets
 * @param content the message: dots undone, chunks joined
 * @param wire the bytes as they came between {@code DATA} and the reply, or the chunks' content
 * @param accepted whether the answer was a 250; false for a refusal and for a connection dropped after the final dot
 */
public record ReceivedMail(
        int connection,
        String sender,
        String senderParameters,
        List<String> recipients,
        byte[] content,
        byte[] wire,
        boolean accepted,
        Instant at) {

    /** The message with one char for each octet. */
    public String text() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** The first value of a header field, on one line; empty when it is not there. */
    public String header(String name) {
        String head = text().split("\r\n\r\n", 2)[0].replaceAll("\r\n[ \t]+", " ");
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return line.substring(name.length() + 1).trim();
            }
        }
        return "";
    }
}
