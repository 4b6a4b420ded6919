/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

        /** Where the body is to be written to. To be closed when the body is over. */
        OutputStream encoder(OutputStream out) {
            return switch (this) {
                case KEEP, RELABEL -> out;
                case QUOTED_PRINTABLE, MEND_QUOTED_PRINTABLE -> new QuotedPrintable(out, this == MEND_QUOTED_PRINTABLE);
                case BASE64_TEXT, BASE64 -> new BufferedOutputStream(
                        Base64.getMimeEncoder().wrap(out));
                    // RFC 2045 §6.8: a decoder ignores what is not of the alphabet.
                case MEND_BASE64 -> new Ascii(out, "");
            };
        }
    }

    private final List<Action> actions = new ArrayList<>();
    /** The parts whose body is UTF-8. */
    private final BitSet utf8 = new BitSet();

    /** There is a DKIM signature. */
    boolean dkim;
    /** Something in a multipart/signed is converted. */
    boolean signed;

    Action action(MimePart part) {
        return part.index < actions.size() ? actions.get(part.index) : Action.KEEP;
    }

    String charset(MimePart part) {
        return Census.charset(utf8.get(part.index));
    }

    void set(MimePart part, Action action, boolean isUtf8) {
        utf8.set(part.index, isUtf8);
        if (action.encodes()) {
            set(part, action);
            relabel(part.parent);
        } else if (action == Action.RELABEL) {
            relabel(part);
        }
    }

    /** Something in a multipart or message is to be converted. */
    void relabel(MimePart composite) {
        for (MimePart outer = composite; outer != null && action(outer) == Action.KEEP; outer = outer.parent) {
            set(outer, Action.RELABEL);
            signed |= outer.type.equals("multipart/signed");
        }
    }

    private void set(MimePart part, Action action) {
        while (actions.size() <= part.index) {
            actions.add(Action.KEEP);
        }
        actions.set(part.index, action);
    }

    /** Puts something, or nothing, in the place of every octet above 127. */
    static final class Ascii extends FilterOutputStream {
        private final String instead;

        Ascii(OutputStream out, String instead) {
            super(out);
            this.instead = instead;
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
            String text = new String(octets, from, length, StandardCharsets.US_ASCII);
            out.write(text.replace("\ufffd", instead).getBytes(StandardCharsets.US_ASCII));
        }
    }
}
