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
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jamesoutgoing.sevenbit.MimeLines.Segment;
import org.jamesoutgoing.sevenbit.MimePart.Structure;
import org.jamesoutgoing.sevenbit.Plan.Action;

/**
 * Goes through a message and its parts, in the order of its octets, and writes them as planned. The first time the plan is made
 * on the way: a body is counted instead of written. A boundary is looked for at every level, innermost first (RFC 2046 §5.1.2).
 * Not thread-safe.
 */
final class MimeWalk {

    /** A longer header field is taken in pieces, and not understood. */
    private static final int MAX_FIELD = 64 * 1024;

    /** Far more than people send; bounds the plan. */
    private static final int MAX_PARTS = 10_000;

    private static final byte[] NOTHING = {};
    private static final byte[] CRLF = {'\r', '\n'};

    private final MimeLines lines;
    private final OutputStream out;
    private final Plan plan;
    private final boolean planning;

    /** The multiparts that the current place is in, innermost first. */
    private final Deque<MimePart> multiparts = new ArrayDeque<>();

    private int parts = 1;
    private MimePart part = new MimePart(0, null, true);
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private boolean longField;
    /** Where the body goes, or what is around the parts in it; null: its header is not over. */
    private OutputStream body;
    /** The end of the body's last line, which belongs to the boundary if one follows. */
    private byte[] lineEnd = NOTHING;

    private boolean over;

    MimeWalk(InputStream in, OutputStream out, Plan plan, boolean planning) {
        this.lines = new MimeLines(in);
        this.out = out;
        this.plan = plan;
        this.planning = planning;
    }

    /** Passes the next few thousand octets at most; false: there are none. */
    boolean step() throws IOException, NotConvertibleException {
        if (over) {
            return false;
        }
        Segment segment = lines.next();
        if (segment == null) {
            over = true;
            leave();
            while (!multiparts.isEmpty()) {
                leaveMultipart();
            }
        } else if (!isBoundary(segment)) {
            if (body == null) {
                header(segment);
            } else {
                body(segment);
            }
        }
        return true;
    }

    private void begin(MimePart parent, boolean isMessage) throws NotConvertibleException {
        if (parts == MAX_PARTS) {
            throw new NotConvertibleException("more than " + MAX_PARTS + " parts");
        }
        part = new MimePart(parts++, parent, isMessage);
        body = null;
    }

    // ---- boundaries

    private boolean isBoundary(Segment segment) throws IOException, NotConvertibleException {
        String text = multiparts.isEmpty() || !segment.whole() ? "" : segment.sentText();
        if (!text.startsWith("--")) {
            return false;
        }
        for (MimePart multipart : multiparts) {
            if (text.startsWith(multipart.boundary, 2)) {
                String rest = text.substring(2 + multipart.boundary.length());
                boolean closes = rest.startsWith("--");
                // RFC 2046 §5.1.1: only white space may follow.
                if (rest.substring(closes ? 2 : 0).isBlank()) {
                    boundary(multipart, closes, segment);
                    return true;
                }
            }
        }
        return false;
    }

    private void boundary(MimePart multipart, boolean closes, Segment line)
            throws IOException, NotConvertibleException {
        leave();
        while (multiparts.element() != multipart) {
            leaveMultipart();
        }
        line.writeTo(out);
        if (closes) {
            leaveMultipart();
            part = multipart;
            beginBody();
        } else {
            multipart.hasParts = true;
            begin(multipart, false);
        }
    }

    /** What is being read is over: a header, a body or what is around parts. */
    private void leave() throws IOException, NotConvertibleException {
        if (body == null) {
            endHeader();
            return;
        }
        if (over) {
            endLine();
        }
        body.close();
        if (body instanceof Census census) {
            part.hasEightBitPreamble |= census.isEightBit() && !part.hasParts;
            plan.set(part, census.action(part), census.isUtf8());
        }
        out.write(lineEnd);
        lineEnd = NOTHING;
    }

    private void leaveMultipart() throws NotConvertibleException {
        MimePart multipart = multiparts.pop();
        if (!multipart.hasParts && multipart.hasEightBitPreamble) {
            throw new NotConvertibleException("8-bit octets in a multipart without parts");
        }
    }

    // ---- headers

    private void header(Segment segment) throws IOException, NotConvertibleException {
        String text = segment.sentText();
        if (segment.starts() && text.isEmpty() && segment.ends()) {
            endHeader();
            segment.writeTo(out);
            enter();
            return;
        } else if (segment.starts() && !text.startsWith(" ") && !text.startsWith("\t")) {
            endField();
        }
        segment.writeTo(field);
        if (longField || field.size() > MAX_FIELD) {
            longField();
        }
    }

    /** A piece of a field that is too long to be understood. */
    private void longField() throws IOException, NotConvertibleException {
        String piece = takeField();
        if (!longField) {
            longField = true;
            part.learnTooLong(HeaderField.of(piece.substring(0, 1024)).name());
        }
        if (!Tokens.isSevenBit(piece)) {
            throw new NotConvertibleException(
                    "8-bit octets in a header field of more than " + MAX_FIELD / 1024 + " KB");
        }
        write(piece);
    }

    private String takeField() {
        String taken = field.toString(ISO_8859_1);
        field.reset();
        return taken;
    }

    private void endField() throws IOException, NotConvertibleException {
        longField = false;
        if (field.size() == 0) {
            return;
        }
        HeaderField complete = HeaderField.of(takeField());
        part.learn(complete);
        if (planning && complete.name().equals("dkim-signature")) {
            plan.dkim = true;
        }
        if (isRelabelled(complete)) {
            label();
        } else {
            String sevenBit = complete.sevenBit();
            part.hasEightBitHeader |= !sevenBit.equals(complete.raw());
            write(sevenBit);
        }
    }

    private boolean isRelabelled(HeaderField field) {
        Action action = plan.action(part);
        return field.name().equals("content-transfer-encoding")
                && action != Action.KEEP
                && (action.encodes() || field.value().matches("(?is)(8bit|binary).*"));
    }

    private void label() throws IOException {
        if (!part.isLabelled) {
            part.isLabelled = true;
            write("Content-Transfer-Encoding: " + plan.action(part).encoding + "\r\n");
        }
    }

    /** What is not said is said now (RFC 2045 §4: MIME-Version goes with all the others). */
    private void endHeader() throws IOException, NotConvertibleException {
        endField();
        if (planning && part.hasEightBitHeader) {
            boolean composite = part.structure() == Structure.MULTIPART || part.structure() == Structure.MESSAGE;
            plan.relabel(composite ? part : part.parent);
        }
        Action action = plan.action(part);
        if (part.isMessage && !part.hasVersion && action != Action.KEEP) {
            write("MIME-Version: 1.0\r\n");
        }
        if (action.encodes() && !part.hasType) {
            write("Content-Type: text/plain; charset=" + plan.charset(part) + "\r\n");
        }
        if (action.encodes()) {
            label();
        }
    }

    private void enter() throws NotConvertibleException {
        if (part.structure() == Structure.MESSAGE) {
            begin(part, true);
            return;
        }
        if (part.structure() == Structure.MULTIPART) {
            multiparts.push(part);
        }
        beginBody();
    }

    private void write(String octets) throws IOException {
        out.write(octets.getBytes(ISO_8859_1));
    }

    // ---- bodies

    private void beginBody() {
        if (planning) {
            body = new Census();
        } else if (part.structure() == Structure.MULTIPART) {
            // Nobody reads it (RFC 2046 §5.1.1).
            body = new Plan.Ascii(out, "?");
        } else {
            body = plan.action(part).encoder(out);
        }
    }

    private void body(Segment segment) throws IOException {
        if (segment.starts()) {
            endLine();
        }
        body.write(segment.octets(), segment.from(), segment.textEnd() - segment.from());
        lineEnd = segment.lineEnd();
    }

    /** The line that was passed last ends, within the body. */
    private void endLine() throws IOException {
        if (lineEnd.length > 0) {
            body.write(planning || plan.action(part).endsLinesWithCrlf() ? CRLF : lineEnd);
            lineEnd = NOTHING;
        }
    }
}
