/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reason without what changes from mail to mail and from recipient to recipient: addresses, numbers, identifiers, times.
 * Reasons with one pattern are the same reason.
 */
public final class ReasonPattern {

    private static final int MAX_LENGTH = 160;

    private static final Pattern PIECE = Pattern.compile("[^\\s<>()\\[\\]\"',;]+");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern HOST_NAME =
            Pattern.compile("[\\p{Alnum}-]+(\\.[\\p{Alnum}-]+)*\\.\\p{Alpha}{2,}[.:]*");
    /** Reply codes (RFC 5321 §4.2) and enhanced ones (RFC 3463): they say what is the matter. */
    private static final Pattern CODES =
            Pattern.compile("([45]\\d\\d|[45]\\.\\d{1,3}\\.\\d{1,3}|[45]\\d\\d-[45]\\.\\d{1,3}\\.\\d{1,3})[.:]?");

    private ReasonPattern() {}

    /** What is left of this reason; cut when it is long. */
    public static String of(String reason) {
        String beginning = reason.length() > 2 * MAX_LENGTH ? reason.substring(0, 2 * MAX_LENGTH) : reason;
        String pattern = PIECE.matcher(beginning).replaceAll(ReasonPattern::withoutChanging);
        return pattern.length() > MAX_LENGTH ? pattern.substring(0, MAX_LENGTH) + "…" : pattern;
    }

    private static String withoutChanging(MatchResult piece) {
        String text = piece.group();
        if (text.indexOf('@') >= 0) {
            return "address" + markBehind(text);
        }
        Matcher digits = DIGITS.matcher(text);
        if (!digits.find() || CODES.matcher(text).matches()) {
            return Matcher.quoteReplacement(text);
        }
        return HOST_NAME.matcher(text).matches() ? digits.replaceAll("#") : "#" + markBehind(text);
    }

    /** A mark at the end belongs to the sentence. */
    private static String markBehind(String piece) {
        char last = piece.charAt(piece.length() - 1);
        return last == '.' || last == ':' ? String.valueOf(last) : "";
    }
}
