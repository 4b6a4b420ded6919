/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.net.SocketException;
import javax.net.ssl.SSLException;

/**
 * Text from elsewhere, made fit for a log line, a DSN and an administrator's terminal. A reply may be in any script (RFC 6531
 * §3.7.4) and is kept as it was given, blanks included; a DSN, which is for people, has blanks and lengths of its own.
 */
public final class PrintableText {

    private static final int MAX_LENGTH = 4096;

    private PrintableText() {}

    /**
     * One line without control, format (bidirectional overrides among them) and line-separating characters or unpaired
     * surrogates, each replaced by {@code ?}; cut at 4096 characters.
     */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        for (int at = 0; at < text.length() && line.length() < MAX_LENGTH; ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            line.appendCodePoint(printable(character) ? character : '?');
        }
        return line.toString();
    }

    private static boolean printable(int character) {
        if (character < 0x7f) {
            return character >= ' ';
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** What went wrong, in one line that is never empty. */
    static String of(Throwable failure) {
        String message = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        if (message == null || message.isBlank()) {
            return name;
        }
        // The message of these says all; that of others, such as of a missing file, needs the name of the class.
        boolean clear = failure instanceof SocketException || failure instanceof SSLException;
        return line(clear ? message : name + ": " + message);
    }
}
