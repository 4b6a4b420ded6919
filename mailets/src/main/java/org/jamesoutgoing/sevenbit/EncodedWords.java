/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** RFC 2047: words with octets above 127 in a header. One character for each octet, before and after. */
final class EncodedWords {

    /** RFC 2047 §2 allows 75; with less, the first one fits behind most fields' names. */
    private static final int MAX = 64;

    /** All but the few characters that are safe everywhere (RFC 2047 §5 (3)). */
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9!*+/-]");

    private static final Pattern WORD = Pattern.compile("([ \t]*)([^ \t]*)");
    private static final Pattern OCTET = Pattern.compile("(?s).");
    private static final Pattern CHARACTER = Pattern.compile("(?s).[\\x80-\\xbf]*");

    /**
     * What must not be torn apart when a header is folded.
     *
     * @param gap the white space before it, if any
     * @param content what is encoded if it must be: the text without quotes and the like
     */
    record Word(String gap, String text, String content) {

        Word(String gap, String text) {
            this(gap, text, text);
        }

        boolean isSevenBit() {
            return Tokens.isSevenBit(content);
        }

        boolean isEncoded() {
            return text.startsWith("=?") && text.endsWith("?=");
        }

        /** RFC 2047 §5 (3): an encoded word is separated from what is beside it. */
        Word spaced() {
            return new Word(gap.isEmpty() ? " " : gap, text, content);
        }
    }

    private EncodedWords() {}

    /** Unstructured text (RFC 5322 §2.2.1). */
    static List<Word> encode(String text, String charset) {
        List<Word> words = WORD.matcher(text)
                .results()
                .filter(found -> !found.group().isEmpty())
                .map(found -> new Word(found.group(1), found.group(2)))
                .toList();
        return encode(words, charset);
    }

    /**
     * Words, of which those with octets above 127 become encoded words. Between two encoded words a reader sees no space, so
     * neighbours are encoded together with what is between them.
     */
    static List<Word> encode(List<Word> words, String charset) {
        List<Word> encoded = new ArrayList<>();
        for (int from = 0, at; from < words.size(); from = at) {
            Word first = words.get(from);
            at = from + 1;
            if (first.isSevenBit()) {
                encoded.add(first);
                continue;
            }
            boolean behindEncoded = from > 0 && words.get(from - 1).isEncoded();
            StringBuilder run = new StringBuilder(behindEncoded ? first.gap() : "").append(first.content());
            for (; at < words.size() && !words.get(at).isSevenBit(); at++) {
                run.append(words.get(at).gap()).append(words.get(at).content());
            }
            if (at < words.size() && words.get(at).isEncoded()) {
                run.append(words.get(at).gap());
            }
            String gap = first.gap();
            for (String word : encodedWords(run.toString(), charset)) {
                encoded.add(new Word(gap, word));
                gap = " ";
            }
        }
        return encoded;
    }

    private static List<String> encodedWords(String text, String charset) {
        boolean base64 = encoded(text, true).length() < encoded(text, false).length();
        String start = "=?" + charset + (base64 ? "?b?" : "?q?");
        List<String> words = new ArrayList<>();
        String part = "";
        // RFC 2047 §5: no character may be torn apart.
        Pattern character = charset.equals("utf-8") ? CHARACTER : OCTET;
        for (MatchResult next : character.matcher(text).results().toList()) {
            String longer = part + next.group();
            boolean fits = start.length() + encoded(longer, base64).length() + 2 <= MAX;
            if (!fits) {
                words.add(start + encoded(part, base64) + "?=");
            }
            part = fits ? longer : next.group();
        }
        words.add(start + encoded(part, base64) + "?=");
        return words;
    }

    private static String encoded(String octets, boolean base64) {
        return base64
                ? Base64.getEncoder().encodeToString(octets.getBytes(ISO_8859_1))
                : Tokens.escaped(octets, UNSAFE, "=").replace("=20", "_");
    }
}
