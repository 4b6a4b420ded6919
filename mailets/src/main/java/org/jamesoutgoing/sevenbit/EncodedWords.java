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
import java.util.Locale;
import org.jamesoutgoing.sevenbit.HeaderLine.Word;

/** RFC 2047: words with octets above 127 in a header. One character for each octet, before and after. */
final class EncodedWords {

    /** RFC 2047 §2 allows 75; with less, the first one fits behind most fields' names. */
    private static final int MAX = 64;

    private EncodedWords() {}

    /**
     * Words, of which those with octets above 127 become encoded words. Between two encoded words a reader sees no space, so
     * neighbours are encoded together with what is between them.
     *
     * @param contents of the same number as the words: what is encoded if it must be, without quotes and the like
     */
    static List<Word> encode(List<Word> words, List<String> contents, String charset) {
        List<Word> encoded = new ArrayList<>();
        int at = 0;
        while (at < words.size()) {
            if (Tokens.isSevenBit(contents.get(at))) {
                encoded.add(words.get(at));
                at++;
                continue;
            }
            int end = at + 1;
            while (end < words.size() && !Tokens.isSevenBit(contents.get(end))) {
                end++;
            }
            encoded.addAll(encodeRun(words, contents, at, end, charset));
            at = end;
        }
        return encoded;
    }

    private static List<Word> encodeRun(List<Word> words, List<String> contents, int from, int end, String charset) {
        StringBuilder content = new StringBuilder();
        if (from > 0 && looksEncoded(words.get(from - 1).text())) {
            content.append(words.get(from).gap());
        }
        for (int i = from; i < end; i++) {
            content.append(i > from ? words.get(i).gap() : "").append(contents.get(i));
        }
        if (end < words.size() && looksEncoded(words.get(end).text())) {
            content.append(words.get(end).gap());
        }
        List<Word> run = new ArrayList<>();
        for (String word : encode(content.toString(), charset)) {
            run.add(new Word(run.isEmpty() ? words.get(from).gap() : " ", word));
        }
        return run;
    }

    private static boolean looksEncoded(String word) {
        return word.startsWith("=?") && word.endsWith("?=");
    }

    /** Any text as encoded words. */
    static List<String> encode(String text, String charset) {
        boolean utf8 = charset.equals("utf-8");
        boolean base64 = (text.length() + 2) / 3 * 4 < quoted(text).length();
        int room = MAX - charset.length() - 7;
        List<String> words = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = at;
            int length = 0;
            while (end < text.length()) {
                int next = utf8 ? endOfCharacter(text, end) : end + 1;
                length = base64
                        ? (next - at + 2) / 3 * 4
                        : length + quoted(text.substring(end, next)).length();
                if (length > room) {
                    break;
                }
                end = next;
            }
            String part = text.substring(at, end);
            words.add("=?" + charset + (base64 ? "?b?" + base64(part) : "?q?" + quoted(part)) + "?=");
            at = end;
        }
        return words;
    }

    /** RFC 2047 §5: no character may be torn apart. */
    private static int endOfCharacter(String utf8, int at) {
        int end = at + 1;
        while (end < utf8.length() && (utf8.charAt(end) & 0xC0) == 0x80) {
            end++;
        }
        return end;
    }

    private static String base64(String octets) {
        return Base64.getEncoder().encodeToString(octets.getBytes(ISO_8859_1));
    }

    /** The "Q" encoding with the few characters that are safe everywhere (RFC 2047 §5 (3)). */
    private static String quoted(String octets) {
        StringBuilder quoted = new StringBuilder(octets.length() + 16);
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            boolean safe = Tokens.isLetterOrDigit(c) || "!*+-/".indexOf(c) >= 0;
            if (safe) {
                quoted.append(c);
            } else {
                quoted.append(c == ' ' ? "_" : String.format(Locale.ROOT, "=%02X", (int) c));
            }
        }
        return quoted.toString();
    }
}
