/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.buffer.ByteBuf;

/**
 * Makes a message fit for the wire while it passes (RFC 5321 §2.3.8, §4.5.2). Whatever comes in, what goes out
 *
 * <ul>
 *   <li>has no CR and no LF but in CRLF: a bare CR and a bare LF each end a line. No receiver, however lax, finds the end of
 *       the message earlier than we meant it (SMTP smuggling);
 *   <li>has no NUL: RFC 5322 §4 and RFC 6152 forbid it, and receivers written in C end lines there. NULs are taken out
 *       before anything else is looked at, so that CR NUL LF is a CRLF;
 *   <li>has no line over 998 octets (RFC 5322 §2.1.1): like Postfix ({@code smtp_line_length_limit}), a longer one is broken
 *       by CRLF and a space, which keeps a header field a header field; a UTF-8 character is not broken. This breaks a DKIM
 *       signature, but the receiver's own breaking would, too;
 *   <li>ends with CRLF, unless it is empty;
 *   <li>has a dot before each line's leading dot when it goes by {@code DATA}; with {@code BDAT} it has not.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class ContentNormaliser {

    static final int MAX_LINE = 998;

    private static final int CRLF = '\r' << 8 | '\n';

    private final boolean dotStuffing;
    private int column;
    /** A CR has come, and what it means depends on the next octet. */
    private boolean cr;

    ContentNormaliser(boolean dotStuffing) {
        this.dotStuffing = dotStuffing;
    }

    /** Appends what the octets become; at most a little over twice as many. */
    void write(byte[] in, int length, ByteBuf out) {
        int at = 0;
        while (at < length) {
            byte octet = in[at];
            if (octet == 0) {
                at++;
            } else if (cr) {
                cr = false;
                endLine(out);
                at += octet == '\n' ? 1 : 0;
            } else if (octet == '\r') {
                cr = true;
                at++;
            } else if (octet == '\n') {
                endLine(out);
                at++;
            } else {
                at += text(in, at, length, out);
            }
        }
    }

    /** The message is over. */
    void finish(ByteBuf out) {
        if (cr || column > 0) {
            cr = false;
            endLine(out);
        }
    }

    private void endLine(ByteBuf out) {
        out.writeShort(CRLF);
        column = 0;
    }

    /** Appends text up to the end of the line, as far as there is room in it; returns how many octets that were. */
    private int text(byte[] in, int from, int length, ByteBuf out) {
        if (column == MAX_LINE) {
            breakLine(in[from], out);
        }
        if (column == 0 && dotStuffing && in[from] == '.') {
            out.writeByte('.');
        }
        int limit = Math.min(length, from + MAX_LINE - column);
        int to = from + 1;
        while (to < limit && in[to] != '\r' && in[to] != '\n' && in[to] != 0) {
            to++;
        }
        out.writeBytes(in, from, to - from);
        column += to - from;
        return to - from;
    }

    private void breakLine(byte next, ByteBuf out) {
        int kept = continuesCharacter(next) ? begunCharacter(out) : 0;
        byte[] tail = new byte[kept];
        out.writerIndex(out.writerIndex() - kept);
        out.getBytes(out.writerIndex(), tail);
        out.writeShort(CRLF);
        out.writeByte(' ');
        out.writeBytes(tail);
        column = 1 + kept;
    }

    /**
     * How many octets at the end of the output begin the UTF-8 character that goes on; 0 if they do not look like one, or
     * have been handed on already.
     */
    private static int begunCharacter(ByteBuf out) {
        int most = Math.min(3, out.readableBytes());
        for (int count = 1; count <= most; count++) {
            byte octet = out.getByte(out.writerIndex() - count);
            if (!continuesCharacter(octet)) {
                return (octet & 0xC0) == 0xC0 ? count : 0;
            }
        }
        return 0;
    }

    private static boolean continuesCharacter(byte octet) {
        return (octet & 0xC0) == 0x80;
    }
}
