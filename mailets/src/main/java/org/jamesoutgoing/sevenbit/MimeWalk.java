/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jamesoutgoing.sevenbit.MimeLines.Segment;

/**
 * Goes through a message and its parts, in the order of its octets: every octet is shown to the visitor once. A boundary is
 * looked for at every level, innermost first (RFC 2046 §5.1.2). Not thread-safe.
 */
final class MimeWalk {

    /** A longer header field is shown in pieces, and not understood. */
    static final int MAX_FIELD = 64 * 1024;

    interface Visitor {

        /** A header field; the part knows it already. */
        void field(MimePart part, HeaderField field) throws NotConvertibleException;

        /** A piece of a header field that is too long to be understood. */
        void longField(MimePart part, Segment piece) throws NotConvertibleException;

        /** All fields of a part have been shown. */
        void endOfHeader(MimePart part) throws NotConvertibleException;

        /** A piece of the body of a part that has no parts; the line end of the segment comes later, if at all. */
        void body(MimePart part, Segment text);

        /** The line that was shown last ends, within the body. */
        void lineEnd(MimePart part, byte[] lineEnd);

        /** The body of a part that has no parts, or of a multipart, is over. */
        void endOfBody(MimePart part) throws NotConvertibleException;

        /** Text of a multipart before its first or behind its last part. */
        void padding(MimePart multipart, Segment text);

        /** What is between parts: empty lines, boundaries. */
        void delimiter(byte[] octets, int from, int to);
    }

    private enum State {
        HEADER,
        LEAF,
        PADDING
    }

    private static final byte[] NOTHING = {};

    private final MimeLines lines;
    private final Visitor visitor;
    /** The multiparts that the current place is in, innermost first. */
    private final Deque<MimePart> multiparts = new ArrayDeque<>();

    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private boolean longField;
    private MimePart part;
    private State state;
    private int parts;
    /** The end of the body's last line, which belongs to the boundary if one follows. */
    private byte[] lineEnd = NOTHING;

    private boolean over;

    MimeWalk(InputStream in, Visitor visitor) {
        this.lines = new MimeLines(in);
        this.visitor = visitor;
        begin(new MimePart(parts++, null, true));
    }

    /** Shows the next few thousand octets at most; false: there are none. */
    boolean step() throws IOException, NotConvertibleException {
        if (over) {
            return false;
        }
        Segment segment = lines.next();
        if (segment == null) {
            over = true;
            end();
        } else if (!isBoundary(segment)) {
            switch (state) {
                case HEADER -> header(segment);
                case LEAF -> leaf(segment);
                case PADDING -> visitor.padding(part, segment);
            }
        }
        return true;
    }

    private void begin(MimePart begun) {
        part = begun;
        state = State.HEADER;
    }

    private void end() throws NotConvertibleException {
        leave();
        for (MimePart multipart : multiparts) {
            visitor.endOfBody(multipart);
        }
    }

    /** The current part is over. */
    private void leave() throws NotConvertibleException {
        switch (state) {
            case HEADER -> {
                endField();
                visitor.endOfHeader(part);
            }
            case LEAF -> {
                if (over && lineEnd.length > 0) {
                    visitor.lineEnd(part, lineEnd);
                    lineEnd = NOTHING;
                }
                visitor.endOfBody(part);
                visitor.delimiter(lineEnd, 0, lineEnd.length);
                lineEnd = NOTHING;
            }
            case PADDING -> {}
        }
    }

    // ---- boundaries

    private boolean isBoundary(Segment segment) throws NotConvertibleException {
        if (multiparts.isEmpty() || !segment.whole() || segment.first() != '-') {
            return false;
        }
        byte[] line = segment.sentText();
        if (line.length < 3 || line[1] != '-') {
            return false;
        }
        String text = new String(line, 2, line.length - 2, ISO_8859_1);
        for (MimePart multipart : multiparts) {
            if (text.startsWith(multipart.boundary())) {
                String rest = text.substring(multipart.boundary().length());
                boolean closes = rest.startsWith("--");
                // RFC 2046 §5.1.1: only white space may follow.
                if ((closes ? rest.substring(2) : rest).isBlank()) {
                    boundary(multipart, closes, segment);
                    return true;
                }
            }
        }
        return false;
    }

    private void boundary(MimePart multipart, boolean closes, Segment line) throws NotConvertibleException {
        leave();
        Iterator<MimePart> inner = multiparts.iterator();
        for (MimePart open = inner.next(); open != multipart; open = inner.next()) {
            visitor.endOfBody(open);
            inner.remove();
        }
        visitor.delimiter(line.octets(), line.from(), line.to());
        if (closes) {
            visitor.endOfBody(multipart);
            inner.remove();
            part = multipart;
            state = State.PADDING;
        } else {
            multipart.hasParts = true;
            begin(new MimePart(parts++, multipart, false));
        }
    }

    // ---- headers

    private void header(Segment segment) throws NotConvertibleException {
        int first = segment.first();
        if (segment.starts() && first != ' ' && first != '\t') {
            endField();
            if (first < 0 && segment.ends()) {
                visitor.endOfHeader(part);
                visitor.delimiter(segment.octets(), segment.from(), segment.to());
                endOfHeader();
                return;
            }
        }
        if (!longField && field.size() + segment.to() - segment.from() > MAX_FIELD) {
            beginLongField();
        }
        if (longField) {
            visitor.longField(part, segment);
        } else {
            field.write(segment.octets(), segment.from(), segment.to() - segment.from());
        }
    }

    private void beginLongField() throws NotConvertibleException {
        byte[] begun = field.toByteArray();
        field.reset();
        longField = true;
        part.learnTooLong(HeaderField.of(Arrays.copyOf(begun, Math.min(begun.length, 1024)))
                .name());
        visitor.longField(part, new Segment(begun, 0, begun.length, begun.length, true, false));
    }

    private void endField() throws NotConvertibleException {
        if (field.size() > 0) {
            HeaderField complete = HeaderField.of(field.toByteArray());
            field.reset();
            part.learn(complete);
            visitor.field(part, complete);
        }
        longField = false;
    }

    private void endOfHeader() {
        switch (part.structure()) {
            case MULTIPART -> {
                multiparts.push(part);
                state = State.PADDING;
            }
            case MESSAGE -> begin(new MimePart(parts++, part, true));
            case LEAF, OPAQUE -> state = State.LEAF;
        }
    }

    // ---- bodies

    private void leaf(Segment segment) {
        if (segment.starts() && lineEnd.length > 0) {
            visitor.lineEnd(part, lineEnd);
        }
        visitor.body(part, segment);
        lineEnd = segment.ends() ? segment.lineEnd() : NOTHING;
    }
}
