/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import org.jamesoutgoing.sevenbit.MimeLines.Segment;
import org.jamesoutgoing.sevenbit.MimePart.Structure;
import org.jamesoutgoing.sevenbit.Plan.Action;

/** Writes a message as it was planned, while it passes by. */
final class Writer implements MimeWalk.Visitor {

    private final Plan plan;
    private final Octets out;
    private BodyEncoder body;
    /** The part whose Content-Transfer-Encoding has been written. */
    private MimePart labelled;

    Writer(Plan plan, Octets out) {
        this.plan = plan;
        this.out = out;
        this.body = new BodyEncoder.Verbatim(out);
    }

    @Override
    public void field(MimePart part, HeaderField field) throws NotConvertibleException {
        Action action = plan.action(part);
        boolean label = field.name().equals("content-transfer-encoding");
        if (label && (action.encodes() || (action == Action.RELABEL && tellsEightBit(field)))) {
            if (labelled != part) {
                labelled = part;
                label(action);
            }
        } else if (field.isSevenBit()) {
            out.add(field.raw());
        } else {
            out.add(FieldConversion.convert(field));
        }
    }

    private static boolean tellsEightBit(HeaderField field) {
        return field.value().regionMatches(true, 0, "8bit", 0, 4)
                || field.value().regionMatches(true, 0, "binary", 0, 6);
    }

    private void label(Action action) {
        out.add("Content-Transfer-Encoding: " + action.encoding());
        out.endLine();
    }

    @Override
    public void longField(MimePart part, Segment piece) {
        out.add(piece.octets(), piece.from(), piece.to());
    }

    /** What is not said is said now (RFC 2045 §4: MIME-Version goes with all the others). */
    @Override
    public void endOfHeader(MimePart part) {
        Action action = plan.action(part);
        if (part.isMessage && !part.hasVersion() && action != Action.KEEP) {
            out.add("MIME-Version: 1.0");
            out.endLine();
        }
        if (action.encodes() && !part.hasType()) {
            out.add("Content-Type: text/plain; charset=" + Utf8.charset(plan.isUtf8(part)));
            out.endLine();
        }
        if (action.encodes() && labelled != part) {
            label(action);
        }
        body = BodyEncoder.of(action, out);
    }

    @Override
    public void body(MimePart part, Segment text) {
        body.text(text.octets(), text.from(), text.textEnd());
    }

    @Override
    public void lineEnd(MimePart part, byte[] lineEnd) {
        body.lineEnd(lineEnd);
    }

    @Override
    public void endOfBody(MimePart part) {
        if (part.structure() != Structure.MULTIPART) {
            body.end();
        }
    }

    /** Nobody reads it (RFC 2046 §5.1.1). */
    @Override
    public void padding(MimePart multipart, Segment text) {
        for (int i = text.from(); i < text.to(); i++) {
            out.add(text.octets()[i] < 0 ? '?' : text.octets()[i]);
        }
    }

    @Override
    public void delimiter(byte[] octets, int from, int to) {
        out.add(octets, from, to);
    }
}
