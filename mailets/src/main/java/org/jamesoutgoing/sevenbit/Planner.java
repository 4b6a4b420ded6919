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

/** Reads a message through to find out what must become of each of its parts. */
final class Planner implements MimeWalk.Visitor {

    /** Far more than people send; bounds the plan. */
    static final int MAX_PARTS = 10_000;

    /** RFC 5322 §2.1.1: a longer line does not survive outside of base64. */
    private static final int MAX_LINE = 998;

    private final Plan plan = new Plan();
    private boolean dkim;
    private boolean signed;

    private boolean fieldConverted;
    private boolean preambleConverted;
    private Count count = new Count();

    /** What there is in the body of the part that is being read. */
    private static final class Count {
        private final Utf8 utf8 = new Utf8();
        private long octets;
        private long eightBit;
        private long escaped;
        private boolean nul;
        private boolean longLine;
        private int column;
    }

    Plan plan() {
        return plan;
    }

    boolean hasDkimSignature() {
        return dkim;
    }

    /** A multipart/signed with something in it that is converted. */
    boolean hasSignedPart() {
        return signed;
    }

    @Override
    public void field(MimePart part, HeaderField field) throws NotConvertibleException {
        check(part);
        dkim |= field.name().equals("dkim-signature");
        if (!field.isSevenBit()) {
            FieldConversion.convert(field);
            fieldConverted = true;
        }
    }

    @Override
    public void longField(MimePart part, Segment piece) throws NotConvertibleException {
        check(part);
        for (int i = piece.from(); i < piece.to(); i++) {
            if (piece.octets()[i] < 0) {
                throw new NotConvertibleException(
                        "8-bit octets in a header field of more than " + MimeWalk.MAX_FIELD / 1024 + " KB");
            }
        }
    }

    @Override
    public void endOfHeader(MimePart part) throws NotConvertibleException {
        check(part);
        if (fieldConverted) {
            fieldConverted = false;
            converted(isComposite(part) ? part : part.parent);
        }
        preambleConverted = false;
        count = new Count();
    }

    private static void check(MimePart part) throws NotConvertibleException {
        if (part.index >= MAX_PARTS) {
            throw new NotConvertibleException("more than " + MAX_PARTS + " parts");
        }
    }

    @Override
    public void body(MimePart part, Segment text) {
        for (int i = text.from(); i < text.textEnd(); i++) {
            byte octet = text.octets()[i];
            count.eightBit += octet < 0 ? 1 : 0;
            count.escaped += (octet < ' ' && octet != '\t') || octet == '=' || octet == 0x7f ? 1 : 0;
            count.nul |= octet == 0;
            count.utf8.add(octet);
        }
        int length = text.textEnd() - text.from();
        count.octets += length;
        count.column += length;
        count.longLine |= count.column > MAX_LINE;
    }

    @Override
    public void lineEnd(MimePart part, byte[] lineEnd) {
        count.octets += 2;
        count.column = 0;
        count.utf8.add((byte) '\n');
    }

    @Override
    public void endOfBody(MimePart part) throws NotConvertibleException {
        if (part.structure() == Structure.MULTIPART) {
            if (!part.hasParts && preambleConverted) {
                throw new NotConvertibleException("8-bit octets in a multipart without parts");
            }
            return;
        }
        // Labelled binary, it may have what a 7bit part must not have.
        boolean binary = part.encoding().equals("binary") && part.structure() == Structure.LEAF;
        if (count.eightBit > 0 || (binary && (count.nul || count.longLine))) {
            plan.set(part, action(part, binary), count.utf8.isValid());
            converted(part.parent);
        }
    }

    private Action action(MimePart part, boolean binary) throws NotConvertibleException {
        if (part.structure() == Structure.OPAQUE) {
            throw new NotConvertibleException("8-bit octets in a " + part.type() + " that cannot be looked into");
        } else if (part.encoding().equals("quoted-printable")) {
            return Action.MEND_QUOTED_PRINTABLE;
        } else if (part.encoding().equals("base64")) {
            return Action.MEND_BASE64;
        } else if (binary || !part.isText()) {
            return Action.BASE64;
        }
        // An escape takes three octets for one, base64 four for three.
        return 2 * count.escaped > count.octets * 3 / 8 ? Action.BASE64_TEXT : Action.QUOTED_PRINTABLE;
    }

    @Override
    public void padding(MimePart multipart, Segment text) {
        for (int i = text.from(); i < text.to(); i++) {
            if (text.octets()[i] < 0) {
                preambleConverted |= !multipart.hasParts;
                converted(multipart);
                return;
            }
        }
    }

    @Override
    public void delimiter(byte[] octets, int from, int to) {
        // Stays as it is.
    }

    /** Something in a multipart or message is to be converted. */
    private void converted(MimePart composite) {
        for (MimePart outer = composite; outer != null && plan.action(outer) == Action.KEEP; outer = outer.parent) {
            plan.set(outer, Action.RELABEL, false);
            signed |= outer.type().equals("multipart/signed");
        }
    }

    private static boolean isComposite(MimePart part) {
        return part.structure() == Structure.MULTIPART || part.structure() == Structure.MESSAGE;
    }
}
