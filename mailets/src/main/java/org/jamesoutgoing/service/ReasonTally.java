/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.service.QueueSummary.Reason;

/**
 * Why mails wait, counted: reasons that differ only in what changes from mail to mail (addresses, numbers, identifiers) are
 * one. Replies come from strangers, so the room that this takes is bounded. Not thread-safe.
 */
final class ReasonTally {

    /** Reasons told apart; what is more falls under {@link #OTHERS}. */
    static final int MAX_REASONS = 1000;

    static final String OTHERS = "other reasons";

    private static final int MAX_LENGTH = 160;

    private static final Pattern PIECE = Pattern.compile("[^\\s<>()\\[\\]\"',;]+");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern HOST_NAME =
            Pattern.compile("[\\p{Alnum}-]+(\\.[\\p{Alnum}-]+)*\\.\\p{Alpha}{2,}[.:]*");
    /** Reply codes (RFC 5321 §4.2) and enhanced ones (RFC 3463): they say what is the matter. */
    private static final Pattern CODES =
            Pattern.compile("([45]\\d\\d|[45]\\.\\d{1,3}\\.\\d{1,3}|[45]\\d\\d-[45]\\.\\d{1,3}\\.\\d{1,3})[.:]?");

    private final Map<String, long[]> counts = new HashMap<>();

    void add(String reason) {
        String kind = kind(reason);
        String key = counts.containsKey(kind) || counts.size() < MAX_REASONS ? kind : OTHERS;
        counts.computeIfAbsent(key, any -> new long[1])[0]++;
    }

    /** The most frequent ones, at most so many. */
    List<Reason> top(int max) {
        return counts.entrySet().stream()
                .map(entry -> new Reason(entry.getKey(), entry.getValue()[0]))
                .sorted(Comparator.comparing(Reason::mails).reversed().thenComparing(Reason::reason))
                .limit(max)
                .toList();
    }

    /** The reason without what changes. */
    static String kind(String reason) {
        String beginning = reason.length() > 2 * MAX_LENGTH ? reason.substring(0, 2 * MAX_LENGTH) : reason;
        String kind = PIECE.matcher(beginning).replaceAll(ReasonTally::withoutChanging);
        return kind.length() > MAX_LENGTH ? kind.substring(0, MAX_LENGTH) + "…" : kind;
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
