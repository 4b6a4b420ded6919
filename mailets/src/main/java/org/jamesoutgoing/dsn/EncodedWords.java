/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** RFC 2047: text beyond US-ASCII in a header. */
final class EncodedWords {
    /** In octets of UTF-8: makes words of 52 characters, so that a folded line never exceeds the 76 of RFC 2047 §2. */
    private static final int CHUNK = 30;

    private static final int LONGEST_PLAIN_WORD = 60;

    private EncodedWords() {}

    /** The text as it is where that is safe, else as encoded words separated by spaces. */
    static String encode(String text) {
        return isPlain(text) ? text : String.join(" ", words(text));
    }

    /** Text that looks like an encoded word must be encoded, or the reader would decode what was never encoded. */
    private static boolean isPlain(String text) {
        int word = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            word = c == ' ' ? 0 : word + 1;
            if (c < ' ' || c > '~' || word > LONGEST_PLAIN_WORD) {
                return false;
            }
        }
        return !text.contains("=?");
    }

    /** Each word is whole characters: RFC 2047 §5 forbids to split one between words. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder chunk = new StringBuilder();
        int octets = 0;
        for (int at = 0; at < text.length(); ) {
            String character = Character.toString(text.codePointAt(at));
            at += character.length();
            int length = character.getBytes(UTF_8).length;
            if (octets + length > CHUNK) {
                words.add(word(chunk));
                chunk.setLength(0);
                octets = 0;
            }
            chunk.append(character);
            octets += length;
        }
        words.add(word(chunk));
        return words;
    }

    private static String word(CharSequence text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.toString().getBytes(UTF_8)) + "?=";
    }
}
