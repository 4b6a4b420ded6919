/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;


/** Quoted strings and comments of structured header fields (RFC 5322 §3.2). One character for each octet. */
final class Tokens {

    private Tokens() {}

    /** Behind the quoted string, comment or angle brackets that begin there; the end of the text if they have no end. */
    static int endOf(String text, int start) {
        char open = text.charAt(start);
        return open == '(' ? endOfComment(text, start) : endOfQuotes(text, start, open == '<' ? '>' : '"');
    }

    private static int endOfQuotes(String text, int start, char close) {
        for (int at = start + 1; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == close) {
                return at + 1;
            } else if (close == '>' && c == '"') {
                at = endOfQuotes(text, at, '"') - 1;
            }
        }
        return text.length();
    }

    private static int endOfComment(String text, int start) {
        int depth = 0;
        for (int at = start; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '\\' -> at++;
                case '(' -> depth++;
                case ')' -> {
                    depth--;
                    if (depth == 0) {
                        return at + 1;
                    }
                }
                default -> {}
            }
        }
        return text.length();
    }

    /** What a quoted string says. */
    static String unquoted(String quoted) {
        int end = quoted.length() > 1 && quoted.endsWith("\"") ? quoted.length() - 1 : quoted.length();
        return unescaped(quoted.substring(1, end));
    }

    /** Quoted pairs as what they stand for. */
    static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            plain.append(c);
        }
        return plain.toString();
    }

    static boolean isLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    static boolean isSevenBit(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
