/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jamesoutgoing.sevenbit.HeaderLine.Word;

/** RFC 2231: a parameter with octets above 127, such as {@code filename*=utf-8''%C3%BC.txt}. */
final class ExtendedParameter {

    private static final int MAX = 70;

    private ExtendedParameter() {}

    /**
     * The parameter in as many pieces as its length asks for.
     *
     * @param piece {@code name=value} as it stands in the field; one character for each octet
     */
    static List<Word> of(String piece, String charset, String field) throws NotConvertibleException {
        String name = Parameters.nameOf(piece);
        boolean token = !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0);
        String rest = piece.substring(piece.indexOf('=') + 1).strip();
        boolean onlyComment = Tokens.isSevenBit(Parameters.valueOf(piece));
        if (!token || onlyComment || name.matches(".*\\*\\d+")) {
            throw new NotConvertibleException("8-bit octets in " + field);
        }
        if (name.endsWith("*")) {
            // Extended already, but not to the end.
            return List.of(new Word(" ", name + "=" + escaped(Parameters.valueOf("=" + rest), "'%")));
        }
        return pieces(name, charset + "''" + escaped(Parameters.valueOf(piece), ""));
    }

    private static List<Word> pieces(String name, String value) {
        if (name.length() + value.length() + 2 <= MAX) {
            return List.of(new Word(" ", name + "*=" + value));
        }
        List<Word> pieces = new ArrayList<>();
        int room = Math.max(20, MAX - name.length() - 6);
        for (int at = 0; at < value.length(); ) {
            int end = Math.min(value.length(), at + room);
            // An escape is not torn apart.
            int escape = value.lastIndexOf('%', end - 1);
            end = end < value.length() && escape > end - 3 && escape > at ? escape : end;
            boolean last = end == value.length();
            pieces.add(new Word(" ", name + "*" + pieces.size() + "*=" + value.substring(at, end) + (last ? "" : ";")));
            at = end;
        }
        return pieces;
    }

    /** @param kept what stays as it is though it has a meaning there */
    private static String escaped(String text, String kept) {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : text.getBytes(ISO_8859_1)) {
            char c = (char) (octet & 0xff);
            boolean safe = Tokens.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0;
            if (safe || kept.indexOf(c) >= 0) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return escaped.toString();
    }
}
