/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;

/**
 * A header field.
 *
 * @param raw as it stands in the message, line ends included
 * @param name in lower case; empty: it has none, so it is not a field
 * @param value unfolded, without what surrounds it; one character for each octet
 */
record HeaderField(byte[] raw, String name, String value) {

    static HeaderField of(byte[] raw) {
        String text = new String(raw, ISO_8859_1);
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).stripTrailing();
        boolean valid = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return valid
                ? new HeaderField(raw, name.toLowerCase(Locale.ROOT), unfolded(text.substring(colon + 1)))
                : new HeaderField(raw, "", unfolded(text));
    }

    /** RFC 5322 §2.2.3. */
    private static String unfolded(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\r' && c != '\n' && c != 0) {
                line.append(c);
            }
        }
        return line.toString().strip();
    }

    boolean isSevenBit() {
        for (byte octet : raw) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /** The name as it is spelt in the message. */
    String spelling() {
        return new String(raw, 0, name.length(), ISO_8859_1);
    }
}
