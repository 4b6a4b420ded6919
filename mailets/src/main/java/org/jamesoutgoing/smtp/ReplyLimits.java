/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/**
 * What is read from a host before it is given up. A host over a limit is treated as one whose connection was lost.
 *
 * @param maxLineLength octets of one reply line with its end; RFC 5321 §4.5.3.1.5 says 512, hosts send more (64 to 65536,
 *     default 4096)
 * @param maxLines lines of one reply (1 to 10000, default 256)
 * @param maxReplyBytes octets of one reply (512 to 1 MiB, default 64 KiB)
 * @param maxBytesBeforeTls octets read before the TLS handshake is done, when one is to come: an unauthenticated peer is
 *     trusted with less (512 to 1 MiB, default 64 KiB)
 */
public record ReplyLimits(int maxLineLength, int maxLines, int maxReplyBytes, int maxBytesBeforeTls) {

    private static final int MEBIBYTE = 1 << 20;

    public ReplyLimits {
        check("maxLineLength", maxLineLength, 64, 65536);
        check("maxLines", maxLines, 1, 10_000);
        check("maxReplyBytes", maxReplyBytes, 512, MEBIBYTE);
        check("maxBytesBeforeTls", maxBytesBeforeTls, 512, MEBIBYTE);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " is not between " + least + " and " + most);
        }
    }

    public static ReplyLimits defaults() {
        return new ReplyLimits(4096, 256, 65536, 65536);
    }
}
