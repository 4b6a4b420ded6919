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
import java.util.ArrayDeque;
import java.util.Deque;
import org.jamesoutgoing.sevenbit.MimeLines.Segment;
import org.jamesoutgoing.sevenbit.MimePart.Structure;
import org.jamesoutgoing.sevenbit.Plan.Action;

/**
 * Goes through a message and its parts, in the order of its octets, and writes them as planned. The first time the plan is made
 * on the way. A boundary is looked for at every level, innermost first (RFC 2046 §5.1.2). Not thread-safe.
 */
final class MimeWalk {

    /** A longer header field is taken in pieces, and not understood. */
    private static final int MAX_FIELD = 64 * 1024;

    /** Far more than people send; bounds the plan. */
    private static final int MAX_PARTS = 10_000;

    private final MimeLines lines;
    private final OutputStream out;
    private final Plan plan;
    private final boolean planning;

    /** The multiparts that the current place is in, innermost first. */
    private final Deque<MimePart> multiparts = new ArrayDeque<>();

    private int parts = 1;
    private MimePart part = new MimePart(0, null, true);
    private final StringBuilder field = new StringBuilder();
    /** Whether it is a piece of a field that is too long to be understood. */
    private boolean longField;
    /** Where the body goes, or what is around the parts in it; null: its header is not over. */
    private OutputStream body;

    private Census census;
    /** The end of the body's last line, which belongs to the boundary if one follows. */
    private String lineEnd = "";

    private boolean over;

    /** @param out may be closed at any time, which must not have an effect */
    MimeWalk(InputStream in, OutputStream out, Plan plan, boolean planning) {
        this.lines = new MimeLines(in);
        this.out = out;
        this.plan = plan;
        this.planning = planning;
    }

    /** Passes the next few thousand octets at most; false: these were the last. */
    boolean step() throws IOException, NotConvertibleException {
        Segment segment = lines.next();
        if (segment == null) {
            end();
            return false;
        } else if (!isBoundary(segment)) {
            if (body == null) {
                header(segment);
            } else {
                body(segment);
            }
        }
        return true;
    }

    private void end() throws IOException, NotConvertibleException {
        if (!over) {
            over = true;
            leave();
            while (!multiparts.isEmpty()) {
                leaveMultipart();
            }
        }
    }

    private void begin(MimePart parent, boolean isMessage) throws NotConvertibleException {
        if (parts == MAX_PARTS) {
            throw new NotConvertibleException("more than " + MAX_PARTS + " parts");
        }
        part = new MimePart(parts++, parent, isMessage);
        body = null;
    }

    private static void write(String octets, OutputStream to) throws IOException {
        to.write(octets.getBytes(ISO_8859_1));
    }

    // ---- boundaries

    private boolean isBoundary(Segment segment) throws IOException, NotConvertibleException {
        String text = segment.starts() && segment.ends() ? segment.sentText() : "";
        for (MimePart multipart : multiparts) {
            if (text.startsWith(multipart.delimiter)) {
                String rest = text.substring(multipart.delimiter.length());
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
        write(line.text() + line.end(), out);
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
        if (planning) {
            part.hasEightBitPreamble |= census.isEightBit() && !part.hasParts;
            plan.set(part, census.action(part));
            plan.utf8.set(part.index, census.isUtf8());
        }
        write(lineEnd, out);
        lineEnd = "";
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
        String octets = segment.text() + segment.end();
        if (segment.starts() && !text.startsWith(" ") && !text.startsWith("\t")) {
            endField();
            longField = false;
        }
        if (segment.starts() && segment.ends() && text.isEmpty()) {
            endHeader();
            write(octets, out);
            enter();
            return;
        }
        field.append(octets);
        if (field.length() > MAX_FIELD) {
            longField = true;
            endField();
        }
    }

    private void endField() throws IOException, NotConvertibleException {
        if (field.isEmpty()) {
            return;
        }
        HeaderField complete = HeaderField.of(field.toString());
        field.setLength(0);
        part.learn(complete, !longField);
        plan.dkim |= planning && complete.name().equals("dkim-signature");
        Action action = plan.action(part);
        if (complete.name().equals("content-transfer-encoding")
                && (action.encodes()
                        || (action == Action.RELABEL && complete.value().matches("(?is)(8bit|binary).*")))) {
            label();
        } else if (longField && !Tokens.isSevenBit(complete.raw())) {
            throw new NotConvertibleException(
                    "8-bit octets in a header field of more than " + MAX_FIELD / 1024 + " KB");
        } else {
            String sevenBit = complete.sevenBit();
            part.hasEightBitHeader |= !sevenBit.equals(complete.raw());
            write(sevenBit, out);
        }
    }

    private void label() throws IOException {
        if (!part.isLabelled) {
            part.isLabelled = true;
            write("Content-Transfer-Encoding: " + plan.action(part).encoding + "\r\n", out);
        }
    }

    /** What is not said is said now (RFC 2045 §4: MIME-Version goes with all the others). */
    private void endHeader() throws IOException, NotConvertibleException {
        endField();
        if (planning && part.hasEightBitHeader) {
            Structure structure = part.structure();
            boolean composite = structure == Structure.MULTIPART || structure == Structure.MESSAGE;
            plan.set(composite ? part : part.parent, Action.RELABEL);
        }
        Action action = plan.action(part);
        if (part.isMessage && !part.hasVersion && action != Action.KEEP) {
            write("MIME-Version: 1.0\r\n", out);
        }
        if (action.encodes()) {
            if (!part.hasType) {
                write("Content-Type: text/plain; charset=" + Census.charset(plan.utf8.get(part.index)) + "\r\n", out);
            }
            label();
        }
    }

    private void enter() throws NotConvertibleException {
        Structure structure = part.structure();
        if (structure == Structure.MESSAGE) {
            begin(part, true);
            return;
        } else if (structure == Structure.MULTIPART) {
            multiparts.push(part);
        }
        beginBody();
    }

    // ---- bodies

    private void beginBody() {
        census = new Census();
        body = plan.action(part).encoder(out);
    }

    private void body(Segment segment) throws IOException {
        if (segment.starts()) {
            endLine();
        }
        if (planning) {
            census.count(segment.text());
        }
        write(plan.action(part).passed(segment.text()), body);
        lineEnd = segment.end();
    }

    /** The line that was passed last ends, within the body. */
    private void endLine() throws IOException {
        if (!lineEnd.isEmpty()) {
            census.endLine();
            write(plan.action(part).endsLinesWithCrlf() ? "\r\n" : lineEnd, body);
            lineEnd = "";
        }
    }
}
