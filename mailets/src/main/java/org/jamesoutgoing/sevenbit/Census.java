/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jamesoutgoing.sevenbit.MimePart.Structure;
import org.jamesoutgoing.sevenbit.Plan.Action;

/** What there is in a body. Not thread-safe. */
final class Census {

    /** RFC 5322 §2.1.1: a longer line does not survive outside of base64. */
    private static final int MAX_LINE = 998;

    private long octets;
    private long escaped;
    private int column;
    private boolean longLine;
    private boolean nul;
    private boolean eightBit;
    private boolean utf8 = true;

    /** @param text a line or a piece of one; no character of UTF-8 is torn apart */
    void count(String text) {
        octets += text.length();
        escaped += text.chars().filter(QuotedPrintable::mustBeEscaped).count();
        column += text.length();
        longLine |= column > MAX_LINE;
        nul |= text.indexOf('\0') >= 0;
        eightBit |= !Tokens.isSevenBit(text);
        utf8 &= isUtf8(text);
    }

    void endLine() {
        octets += 2;
        column = 0;
    }

    boolean isEightBit() {
        return eightBit;
    }

    boolean isUtf8() {
        return utf8;
    }

    /** @param octets one character for each */
    static boolean isUtf8(String octets) {
        // What is malformed does not come back.
        return Tokens.isSevenBit(octets)
                || new String(new String(octets.getBytes(ISO_8859_1), UTF_8).getBytes(UTF_8), ISO_8859_1)
                        .equals(octets);
    }

    /** RFC 1428 §3 on what is not known. */
    static String charset(boolean utf8) {
        return utf8 ? "utf-8" : "unknown-8bit";
    }

    /** What must become of a part with this body; of a multipart, with this around its parts. */
    Action action(MimePart part) throws NotConvertibleException {
        Structure structure = part.structure();
        // Labelled binary, it may have what a 7bit part must not have.
        boolean binary = "binary".equals(part.encoding) && structure == Structure.LEAF;
        if (!eightBit && !(binary && (nul || longLine))) {
            return Action.KEEP;
        } else if (structure == Structure.MULTIPART) {
            return Action.RELABEL;
        } else if (structure == Structure.OPAQUE) {
            throw new NotConvertibleException("8-bit octets in a " + part.type + " that cannot be looked into");
        } else if ("quoted-printable".equals(part.encoding)) {
            return Action.MEND_QUOTED_PRINTABLE;
        } else if ("base64".equals(part.encoding)) {
            return Action.MEND_BASE64;
        } else if (binary || !part.isText()) {
            return Action.BASE64;
        }
        // An escape takes three octets for one, base64 four for three.
        return 2 * escaped > octets * 3 / 8 ? Action.BASE64_TEXT : Action.QUOTED_PRINTABLE;
    }
}
