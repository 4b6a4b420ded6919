/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;

/**
 * A message in lines, which end where the SMTP client will end them: at CRLF, at a bare CR and at a bare LF; NULs, which it
 * takes out, do not separate a CR from its LF. A boundary that the receiver will see is seen here, too. One character for each
 * octet. Not thread-safe.
 */
final class MimeLines {

    private static final int MAX_SEGMENT = 4096;

    private static final int MAX_NULS = 64;

    /**
     * A line, or a piece of one that is long. No character of UTF-8 is torn apart.
     *
     * @param end the line end; empty: there is none
     * @param starts whether a line begins with it
     * @param ends whether the line, or the message, ends with it
     */
    record Segment(String text, String end, boolean starts, boolean ends) {

        /** The text as it will be sent: without NULs. */
        String sentText() {
            return text.replace("\0", "");
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[4 * MAX_SEGMENT];
    private int at;
    private int end;
    private boolean starts = true;

    MimeLines(InputStream in) {
        this.in = in;
    }

    /** The next segment; null: there is none. */
    Segment next() throws IOException {
        if (end - at < MAX_SEGMENT + MAX_NULS + 2) {
            System.arraycopy(buffer, at, buffer, 0, end - at);
            end -= at;
            at = 0;
            end += in.readNBytes(buffer, end, buffer.length - end);
        }
        if (at == end) {
            return null;
        }
        int from = at;
        while (at < end && at < from + MAX_SEGMENT && buffer[at] != '\r' && buffer[at] != '\n') {
            at++;
        }
        boolean ends = at < from + MAX_SEGMENT;
        while (!ends && at < end && at > from + MAX_SEGMENT - 4 && (buffer[at] & 0xc0) == 0x80) {
            at--;
        }
        String text = text(from);
        from = at;
        if (ends && at < end) {
            at = endOfLineEnd();
        }
        Segment segment = new Segment(text, text(from), starts, ends);
        starts = ends;
        return segment;
    }

    private String text(int from) {
        return new String(buffer, from, at - from, ISO_8859_1);
    }

    private int endOfLineEnd() {
        int next = at + 1;
        while (buffer[at] == '\r' && next < end && next - at <= MAX_NULS && buffer[next] == 0) {
            next++;
        }
        return buffer[at] == '\r' && next < end && buffer[next] == '\n' ? next + 1 : at + 1;
    }
}
