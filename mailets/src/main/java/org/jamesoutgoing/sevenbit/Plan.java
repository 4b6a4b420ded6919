/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.Arrays;

/** What becomes of each part, one octet for each. */
final class Plan {

    /** What a part with octets above 127 becomes. */
    enum Action {
        /** Its body stays as it is. */
        KEEP,
        /** It has parts with octets above 127, and is labelled 7bit afterwards. */
        RELABEL,
        QUOTED_PRINTABLE,
        /** Text, whose line ends become CRLF (RFC 2046 §4.1.1). */
        BASE64_TEXT,
        BASE64,
        /** Quoted-printable already, except for octets that must not be in it. */
        MEND_QUOTED_PRINTABLE,
        MEND_BASE64;

        /** Content-Transfer-Encoding afterwards. */
        String encoding() {
            return switch (this) {
                case KEEP, RELABEL -> "7bit";
                case QUOTED_PRINTABLE, MEND_QUOTED_PRINTABLE -> "quoted-printable";
                case BASE64_TEXT, BASE64, MEND_BASE64 -> "base64";
            };
        }

        boolean encodes() {
            return this != KEEP && this != RELABEL;
        }
    }

    private static final Action[] ACTIONS = Action.values();
    private static final int UTF8 = 0x40;

    private byte[] actions = new byte[16];

    @SuppressWarnings("EnumOrdinal") // Lives no longer than one reading.
    void set(MimePart part, Action action, boolean utf8) {
        if (part.index >= actions.length) {
            actions = Arrays.copyOf(actions, Math.max(part.index + 1, 2 * actions.length));
        }
        actions[part.index] = (byte) (action.ordinal() | (utf8 ? UTF8 : 0));
    }

    Action action(MimePart part) {
        return part.index < actions.length ? ACTIONS[actions[part.index] & ~UTF8] : Action.KEEP;
    }

    /** Whether its body is UTF-8. */
    boolean isUtf8(MimePart part) {
        return part.index < actions.length && (actions[part.index] & UTF8) != 0;
    }
}
