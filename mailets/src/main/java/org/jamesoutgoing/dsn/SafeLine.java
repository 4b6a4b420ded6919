/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

/**
 * Text from strangers (subjects, replies, names) made into one harmless line of bounded length, for people to read: what is not
 * shown leaves no trace, and what is cut says so. A log line, which must tell what came, has question marks instead.
 */
final class SafeLine {
    static final int REPLACEMENT = 0xFFFD;

    private SafeLine() {}

    /**
     * For people: any script. White space, line breaks and control characters become one space; what reverses the
     * direction of the text around it goes, as it lets a line show something else than it says (Unicode TR 36).
     */
    static String of(String text, int limit) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), limit));
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (isBlank(point)) {
                appendSpace(line);
            } else if (!isDirectionOverride(point)) {
                line.appendCodePoint(Character.getType(point) == Character.SURROGATE ? REPLACEMENT : point);
            }
            if (line.length() > limit) {
                return cut(line, limit);
            }
        }
        return line.toString().stripTrailing();
    }

    /**
     * For fields, which are US-ASCII (RFC 3464 §2.1): a character beyond it is written as <code>&#92;x{E9}</code>, the
     * way of RFC 6533 §3, so that it can still be told what the peer said.
     */
    static String ascii(String text, int limit) {
        String line = of(text, limit);
        StringBuilder ascii = new StringBuilder(line.length());
        line.codePoints().forEach(point -> {
            if (point <= '~') {
                ascii.append((char) point);
            } else {
                ascii.append(escape(point));
            }
        });
        return ascii.length() > limit ? cut(ascii, limit) : ascii.toString();
    }

    /** EmbeddedUnicodeChar of RFC 6533 §3. */
    static String escape(int point) {
        return "\\x{%02X}".formatted(point);
    }

    private static void appendSpace(StringBuilder line) {
        if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
            line.append(' ');
        }
    }

    private static boolean isBlank(int point) {
        return Character.isISOControl(point) || Character.isWhitespace(point) || Character.isSpaceChar(point);
    }

    private static boolean isDirectionOverride(int point) {
        return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    }

    private static String cut(StringBuilder line, int limit) {
        int end = limit;
        if (Character.isHighSurrogate(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end).stripTrailing() + " [...]";
    }
}
