/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;

/** What becomes of each part, by its index. */
final class Plan {

    enum Action {
        /** The body stays as it is. */
        KEEP("7bit"),
        /** There are parts with octets above 127 in it; it is labelled 7bit afterwards. */
        RELABEL("7bit"),
        QUOTED_PRINTABLE("quoted-printable"),
        /** Text, whose line ends become CRLF (RFC 2046 §4.1.1). */
        BASE64_TEXT("base64"),
        BASE64("base64"),
        /** Quoted-printable already, except for octets that must not be in it. */
        MEND_QUOTED_PRINTABLE("quoted-printable"),
        /** Base64 already; a decoder ignores what is not of the alphabet (RFC 2045 §6.8). */
        MEND_BASE64("base64");

        /** Content-Transfer-Encoding afterwards. */
        final String encoding;

        Action(String encoding) {
            this.encoding = encoding;
        }

        boolean encodes() {
            return this != KEEP && this != RELABEL;
        }

        boolean endsLinesWithCrlf() {
            return this == QUOTED_PRINTABLE || this == BASE64_TEXT;
        }

        /** What of a piece of the body is to be written. Nobody reads what is around parts (RFC 2046 §5.1.1). */
        String passed(String text) {
            return this == RELABEL ? Tokens.ascii(text, "?") : this == MEND_BASE64 ? Tokens.ascii(text, "") : text;
        }

        /** Where it is to be written to. To be closed when the body is over. */
        OutputStream encoder(OutputStream out) {
            return switch (this) {
                case KEEP, RELABEL, MEND_BASE64 -> out;
                case QUOTED_PRINTABLE, MEND_QUOTED_PRINTABLE -> new QuotedPrintable(out, this == MEND_QUOTED_PRINTABLE);
                case BASE64_TEXT, BASE64 -> Base64.getMimeEncoder().wrap(out);
            };
        }
    }

    private final List<Action> actions = new ArrayList<>();
    /** The parts whose body is UTF-8. */
    final BitSet utf8 = new BitSet();

    /** There is a DKIM signature. */
    boolean dkim;
    /** Something in a multipart/signed is converted. */
    boolean signed;

    Action action(MimePart part) {
        return part.index < actions.size() ? actions.get(part.index) : Action.KEEP;
    }

    /** What is in a multipart or message that is to be converted makes that one RELABEL. What is set already stays. */
    void set(MimePart part, Action action) {
        if (part == null || action == Action.KEEP || action(part) != Action.KEEP) {
            return;
        }
        while (actions.size() <= part.index) {
            actions.add(Action.KEEP);
        }
        actions.set(part.index, action);
        signed |= action == Action.RELABEL && part.type.equals("multipart/signed");
        set(part.parent, Action.RELABEL);
    }
}
