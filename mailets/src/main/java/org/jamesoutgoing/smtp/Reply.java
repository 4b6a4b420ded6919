/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reply of a host (RFC 5321 §4.2). Everything is decided on its first digit: unknown codes are as good as known ones.
 *
 * @param code 200 to 599
 * @param enhancedCode the enhanced status code (RFC 2034, RFC 3463) such as {@code 5.1.1}; only when its class is the
 *     first digit of the code
 * @param lines the text behind the code of each line, the enhanced code included, at least one, printable
 */
public record Reply(int code, Optional<String> enhancedCode, List<String> lines) {

    /** RFC 3463 §2. */
    private static final Pattern ENHANCED_CODE = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?= |$)");

    public Reply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("reply code " + code);
        }
        lines = lines.stream().map(PrintableText::line).toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("reply without a line");
        }
    }

    /** A reply whose enhanced code, if there is one, is read from the first line. */
    public static Reply of(int code, List<String> lines) {
        return new Reply(code, enhancedCodeOf(code, lines.get(0)), lines);
    }

    public static Reply of(int code, String... lines) {
        return of(code, List.of(lines));
    }

    private static Optional<String> enhancedCodeOf(int code, String text) {
        Matcher matcher = ENHANCED_CODE.matcher(text);
        // RFC 2034 §4: the class must be that of the reply, else it is just text.
        return matcher.lookingAt() && matcher.group(1).charAt(0) - '0' == code / 100
                ? Optional.of(matcher.group())
                : Optional.empty();
    }

    /** 2xx. */
    public boolean positive() {
        return code / 100 == 2;
    }

    /** 3xx: go on. */
    boolean intermediate() {
        return code / 100 == 3;
    }

    /** 4xx. */
    boolean transientFailure() {
        return code / 100 == 4;
    }

    /** 5xx. */
    boolean permanentFailure() {
        return code / 100 == 5;
    }

    /** 421, which may answer any command, and after which the host closes the connection (RFC 5321 §3.8). */
    boolean serviceClosing() {
        return code == 421;
    }

    /** The text of all lines in one, the enhanced code only once. */
    public String text() {
        StringBuilder text = new StringBuilder(lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            text.append(' ')
                    .append(enhancedCode
                            .filter(line::startsWith)
                            .map(enhanced -> line.substring(enhanced.length()).stripLeading())
                            .orElse(line));
        }
        return text.toString().strip();
    }

    /** One line, as in a log or a Diagnostic-Code: {@code 550 5.1.1 no such user}. */
    @Override
    public String toString() {
        return (code + " " + text()).strip();
    }
}
