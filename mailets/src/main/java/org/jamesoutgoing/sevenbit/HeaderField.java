/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.sevenbit.EncodedWords.Word;

/**
 * A header field. One character for each octet.
 *
 * @param raw as it stands in the message, line ends included
 * @param name in lower case; empty: it has none, so it is not a field
 * @param value unfolded (RFC 5322 §2.2.3), without what surrounds it
 */
record HeaderField(String raw, String name, String value) {

    /** RFC 2047 §2: for lines with encoded words; RFC 5322 §2.1.1 asks 78 of all. */
    private static final int MAX = 76;

    /** Of an extended parameter. */
    private static final int MAX_PARAMETER = 70;

    private static final Pattern ADDRESSES = Pattern.compile("(resent-)?(from|to|cc|bcc|sender|reply-to)"
            + "|list-(id|help|unsubscribe|subscribe|post|owner|archive)|mail-(followup|reply)-to"
            + "|return-path|errors-to|disposition-notification-to|return-receipt-to");

    private static final Pattern IDENTIFIERS =
            Pattern.compile("(resent-)?message-id|in-reply-to|references|content-id");

    private static final Pattern FOR_PROGRAMS =
            Pattern.compile("received|(resent-)?date|mime-version|content-transfer-encoding|content-md5"
                    + "|(dkim|domainkey)-signature|arc-(seal|message-signature|authentication-results)"
                    + "|authentication-results|received-spf");

    private static final String TOKEN = "[!-~&&[^()<>@,;:\\\\\"/\\[\\]?=]]+";

    /** RFC 2231 §7. */
    private static final Pattern NO_ATTRIBUTE_CHAR = Pattern.compile("[^A-Za-z0-9._~-]");

    private static final Pattern NOT_EXTENDED = Pattern.compile("[^A-Za-z0-9._~'%-]");

    static HeaderField of(String raw) {
        int colon = raw.indexOf(':');
        String name = colon < 0 ? "" : raw.substring(0, colon).stripTrailing();
        boolean valid = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        String text = valid ? raw.substring(colon + 1) : raw;
        String value = text.replace("\r", "").replace("\n", "").replace("\0", "");
        return new HeaderField(raw, valid ? name.toLowerCase(Locale.ROOT) : "", value.strip());
    }

    /** The name as it is spelt in the message. */
    String spelling() {
        return raw.substring(0, name.length());
    }

    /**
     * The field without octets above 127. Text, phrases and comments become encoded words (RFC 2047 §5), parameters extended ones
     * (RFC 2231). What only programs read, and do not need, loses the octets. For addresses and identifiers there is no encoding.
     */
    String sevenBit() throws NotConvertibleException {
        if (Tokens.isSevenBit(raw)) {
            return raw;
        }
        String charset = Census.charset(Census.isUtf8(value));
        if (name.isEmpty()) {
            throw new NotConvertibleException("8-bit octets in a header line that is no field");
        } else if (IDENTIFIERS.matcher(name).matches()) {
            throw new NotConvertibleException("8-bit octets in " + spelling());
        } else if (FOR_PROGRAMS.matcher(name).matches()) {
            return Tokens.ascii(raw, "?");
        } else if (ADDRESSES.matcher(name).matches()) {
            return folded(new Phrases(this, charset).convert());
        } else if (name.equals("content-type") || name.equals("content-disposition")) {
            return folded(withParameters(charset));
        }
        return folded(EncodedWords.encode(value, charset));
    }

    private String folded(List<Word> words) {
        StringBuilder folded =
                new StringBuilder(spelling()).append(": ").append(words.get(0).text());
        int line = 0;
        for (Word word : words.subList(1, words.size())) {
            int column =
                    folded.length() - line + word.gap().length() + word.text().length();
            if (!word.gap().isEmpty() && column > MAX) {
                folded.append("\r\n");
                line = folded.length();
            }
            folded.append(word.gap()).append(word.text());
        }
        return folded.append("\r\n").toString();
    }

    private List<Word> withParameters(String charset) throws NotConvertibleException {
        List<String> pieces = Tokens.pieces(value);
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            String piece = pieces.get(i).strip();
            String end = i < pieces.size() - 1 ? ";" : "";
            String attribute = Tokens.nameOf(piece);
            String said = Tokens.valueOf(piece);
            if (Tokens.isSevenBit(piece)) {
                words.add(new Word(" ", piece + end));
            } else if (i == 0
                    || Tokens.isSevenBit(said)
                    || !attribute.matches(TOKEN)
                    || attribute.matches(".*\\*\\d+")) {
                throw new NotConvertibleException("8-bit octets in " + spelling());
            } else if (attribute.endsWith("*")) {
                // Extended already, but not to the end.
                words.add(new Word(" ", attribute + "=" + Tokens.escaped(said, NOT_EXTENDED, "%") + end));
            } else {
                words.addAll(extended(attribute, charset + "''" + Tokens.escaped(said, NO_ATTRIBUTE_CHAR, "%"), end));
            }
        }
        return words;
    }

    /** RFC 2231 §3, §4: in as many pieces as its length asks for. */
    private static List<Word> extended(String attribute, String value, String after) {
        if (attribute.length() + value.length() + 2 <= MAX_PARAMETER) {
            return List.of(new Word(" ", attribute + "*=" + value + after));
        }
        int room = Math.max(20, MAX_PARAMETER - attribute.length() - 6);
        // An escape is not torn apart.
        Matcher piece = Pattern.compile(".{1," + room + "}(?<!%.?)").matcher(value);
        List<Word> words = new ArrayList<>();
        while (piece.find()) {
            String end = piece.end() == value.length() ? after : ";";
            words.add(new Word(" ", attribute + "*" + words.size() + "*=" + piece.group() + end));
        }
        return words;
    }
}
