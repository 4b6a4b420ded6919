/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Structured header fields (RFC 5322 §3.2, RFC 2045 §5.1). One character for each octet. */
final class Tokens {

    static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Tokens() {}

    /** Behind the quoted string, comment or angle brackets that begin there; the end of the text if they have no end. */
    static int endOf(String text, int start) {
        char open = text.charAt(start);
        char close = open == '(' ? ')' : open == '<' ? '>' : '"';
        int depth = 1;
        for (int at = start + 1; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == close) {
                depth--;
            } else if (c == '"' && open == '<') {
                at = endOf(text, at) - 1;
            } else if (c == '(' && open == '(') {
                depth++;
            }
            if (depth == 0) {
                return at + 1;
            }
        }
        return text.length();
    }

    /** Where one of those characters stands, or the text ends; not in quoted strings and comments, if these may begin there. */
    static int find(String characters, String text, int start) {
        int at = start;
        while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            at = c == '"' || c == '(' ? endOf(text, at) : at + 1;
        }
        return at;
    }

    /** What stands between semicolons: a type or disposition, and what should be parameters. */
    static List<String> pieces(String value) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from <= value.length(); ) {
            int end = find(";", value, from);
            pieces.add(value.substring(from, end));
            from = end + 1;
        }
        return pieces;
    }

    /** Empty: it is not a parameter. */
    static String nameOf(String parameter) {
        return parameter.substring(0, Math.max(0, parameter.indexOf('='))).strip();
    }

    /** Without quotes. */
    static String valueOf(String parameter) {
        String value = parameter.substring(parameter.indexOf('=') + 1).strip();
        return value.startsWith("\"")
                ? unescaped(inner(value.substring(0, endOf(value, 0)), '"'))
                : value.replaceFirst("(?s)\\(.*", "").strip();
    }

    /** What a quoted string or comment says. Its end may be missing. */
    static String inner(String quoted, char close) {
        boolean closed = quoted.length() > 1 && quoted.charAt(quoted.length() - 1) == close;
        return quoted.substring(1, quoted.length() - (closed ? 1 : 0));
    }

    /** Quoted pairs as what they stand for. */
    static String unescaped(String text) {
        return text.replaceAll("(?s)\\\\(.)", "$1");
    }

    /** Those characters in hexadecimal, with something before each. */
    static String escaped(String text, Pattern characters, String before) {
        return characters
                .matcher(text)
                .replaceAll(
                        match -> before + HEX.toHexDigits((byte) match.group().charAt(0)));
    }

    /** With something, or nothing, in the place of every octet above 127. */
    static String ascii(String text, String instead) {
        return text.replaceAll("[\\x80-\\xff]", instead);
    }

    static boolean isSevenBit(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
