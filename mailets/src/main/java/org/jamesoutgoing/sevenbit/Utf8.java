/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/** Whether octets that pass by are UTF-8. Not thread-safe. */
final class Utf8 {

    private final CharsetDecoder decoder = UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer in = ByteBuffer.allocate(512);
    private final CharBuffer out = CharBuffer.allocate(512);
    private boolean valid = true;

    void add(byte octet) {
        if (valid) {
            in.put(octet);
            if (!in.hasRemaining()) {
                decode(false);
            }
        }
    }

    /** To be asked once, at the end. */
    boolean isValid() {
        decode(true);
        return valid;
    }

    private void decode(boolean end) {
        in.flip();
        out.clear();
        valid &= !decoder.decode(in, out, end).isError();
        in.compact();
    }

    /** @param octets one character for each */
    static boolean isValid(String octets) {
        Utf8 check = new Utf8();
        for (byte octet : octets.getBytes(ISO_8859_1)) {
            check.add(octet);
        }
        return check.isValid();
    }

    /** RFC 1428 §3 on what is not known. */
    static String charset(boolean utf8) {
        return utf8 ? "utf-8" : "unknown-8bit";
    }
}
