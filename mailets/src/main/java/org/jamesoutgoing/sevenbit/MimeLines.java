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
import java.io.OutputStream;
import java.util.Arrays;

/**
 * A message in lines, which end where the SMTP client will end them: at CRLF, at a bare CR and at a bare LF; NULs, which it
 * takes out, do not separate a CR from its LF. A boundary that the receiver will see is seen here, too.
 *
 * <p>A line over {@link #MAX_SEGMENT} octets comes in several segments. Not thread-safe.
 */
final class MimeLines {

    private static final int MAX_SEGMENT = 4096;

    private static final int MAX_NULS = 64;

    /**
     * A line or a piece of one. Its octets are good until the next segment is read.
     *
     * @param from of its text
     * @param textEnd of its text, and the beginning of its line end
     * @param to of its line end
     * @param starts whether a line begins with it
     */
    record Segment(byte[] octets, int from, int textEnd, int to, boolean starts) {

        /** Whether the line ends with it; the last line may have no end. */
        boolean ends() {
            return to > textEnd;
        }

        /** Whether it is a line of its own. */
        boolean whole() {
            return starts && (ends() || textEnd - from < MAX_SEGMENT);
        }

        /** The text as it will be sent: without NULs. */
        String sentText() {
            return new String(octets, from, textEnd - from, ISO_8859_1).replace("\0", "");
        }

        /** Empty: there is none. */
        byte[] lineEnd() {
            return Arrays.copyOfRange(octets, textEnd, to);
        }

        void writeTo(OutputStream out) throws IOException {
            out.write(octets, from, to - from);
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[4 * MAX_SEGMENT];
    private int at;
    private int end;
    private boolean eof;
    private boolean starts = true;

    MimeLines(InputStream in) {
        this.in = in;
    }

    /** The next segment; null: there is none. */
    Segment next() throws IOException {
        if (end - at < MAX_SEGMENT + MAX_NULS + 2 && !eof) {
            fill();
        }
        if (at == end) {
            return null;
        }
        int from = at;
        int most = Math.min(end, from + MAX_SEGMENT);
        int textEnd = from;
        while (textEnd < most && buffer[textEnd] != '\r' && buffer[textEnd] != '\n') {
            textEnd++;
        }
        at = textEnd < most ? endOfLineEnd(textEnd) : textEnd;
        Segment segment = new Segment(buffer, from, textEnd, at, starts);
        starts = segment.ends();
        return segment;
    }

    private int endOfLineEnd(int textEnd) {
        if (buffer[textEnd] == '\n') {
            return textEnd + 1;
        }
        int next = textEnd + 1;
        while (next < end && next - textEnd <= MAX_NULS && buffer[next] == 0) {
            next++;
        }
        return next < end && buffer[next] == '\n' ? next + 1 : textEnd + 1;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        end += in.readNBytes(buffer, end, buffer.length - end);
        eof = end < buffer.length;
    }
}
