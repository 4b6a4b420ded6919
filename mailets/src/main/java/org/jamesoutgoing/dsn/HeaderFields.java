/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Header fields in the order in which they were added. The last check before the message: nothing but printable US-ASCII
 * passes, so no value, wherever it came from, can begin a field or end the header.
 */
final class HeaderFields {
    /** RFC 5322 §3.3. {@link DateTimeFormatter#RFC_1123_DATE_TIME} would write an obsolete zone name for GMT. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    /** RFC 5322 §2.1.1: lines should have at most 78 characters, and must have at most 998. */
    private static final int LINE = 78;

    private static final int LONGEST_WORD = 900;
    private static final String CRLF = "\r\n";

    private final ZoneId zone;
    private final StringBuilder text = new StringBuilder();

    HeaderFields(ZoneId zone) {
        this.zone = zone;
    }

    HeaderFields add(String name, String value) {
        text.append(fold(name + ": ", printable(value))).append(CRLF);
        return this;
    }

    HeaderFields add(String name, Instant time) {
        return add(name, date(time, zone));
    }

    /** The empty line between the groups of a delivery status, and after a header. */
    HeaderFields emptyLine() {
        text.append(CRLF);
        return this;
    }

    byte[] bytes() {
        return text.toString().getBytes(US_ASCII);
    }

    static String date(Instant time, ZoneId zone) {
        return DATE.format(time.atZone(zone));
    }

    private static String printable(String value) {
        StringBuilder printable = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            printable.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return printable.toString();
    }

    /**
     * RFC 5322 §2.2.3. A break goes before a space that is already there, so that unfolding gives the value back; but
     * not right after the name, as an empty first line confuses some readers.
     */
    private static String fold(String name, String value) {
        String field = name + value;
        StringBuilder folded = new StringBuilder(field.length() + 16);
        int start = 0;
        while (field.length() - start > LINE) {
            int space = breakAfter(field, start, start == 0 ? name.length() : start + 2);
            if (space > 0) {
                folded.append(field, start, space).append(CRLF);
                start = space;
            } else if (field.length() - start > LONGEST_WORD) {
                // One endless word: a space it did not have harms less than a line that no server takes.
                folded.append(field, start, start + LONGEST_WORD).append(CRLF).append(' ');
                start += LONGEST_WORD;
            } else {
                break;
            }
        }
        return folded.append(field, start, field.length()).toString();
    }

    /** The last good place to break within the line, else the first one beyond it, else -1. */
    private static int breakAfter(String field, int start, int earliest) {
        int found = -1;
        int end = Math.min(field.length() - 1, start + LONGEST_WORD);
        for (int i = earliest; i < end && (i <= start + LINE || found < 0); i++) {
            // Followed by a word, so that no line is made of spaces only.
            if (field.charAt(i) == ' ' && field.charAt(i + 1) != ' ' && field.charAt(i - 1) != ' ') {
                found = i;
            }
        }
        return found;
    }
}
