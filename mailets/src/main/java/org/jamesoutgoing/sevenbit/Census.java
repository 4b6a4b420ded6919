/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.io.OutputStream;
import org.jamesoutgoing.sevenbit.MimePart.Structure;
import org.jamesoutgoing.sevenbit.Plan.Action;

/** What there is in a body. Not thread-safe. */
final class Census extends OutputStream {

    /** RFC 5322 §2.1.1: a longer line does not survive outside of base64. */
    private static final int MAX_LINE = 998;

    private long octets;
    private long escaped;
    private boolean eightBit;
    private boolean nul;
    private boolean longLine;
    private int column;

    private boolean malformed;
    /** How many octets of a character of UTF-8 are still to come; the next one is between least and most. */
    private int ofCharacter;

    private int least;
    private int most;

    @Override
    public void write(int b) {
        int octet = b & 0xff;
        octets++;
        eightBit |= octet > 0x7f;
        nul |= octet == 0;
        if (octet == '\r' || octet == '\n') {
            column = 0;
        } else {
            column++;
            longLine |= column > MAX_LINE;
            escaped += QuotedPrintable.mustBeEscaped(octet) ? 1 : 0;
        }
        if (octet > 0x7f || ofCharacter > 0) {
            decode(octet);
        }
    }

    /** RFC 3629 §4. */
    private void decode(int octet) {
        if (ofCharacter > 0) {
            malformed |= octet < least || octet > most;
            ofCharacter--;
            least = 0x80;
            most = 0xbf;
        } else {
            malformed |= octet < 0xc2 || octet > 0xf4;
            ofCharacter = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
            least = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : 0x80;
            most = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : 0xbf;
        }
    }

    boolean isEightBit() {
        return eightBit;
    }

    boolean isUtf8() {
        return !malformed && ofCharacter == 0;
    }

    /** @param octets one character for each */
    static boolean isUtf8(String octets) {
        Census census = new Census();
        octets.chars().forEach(census::write);
        return census.isUtf8();
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
