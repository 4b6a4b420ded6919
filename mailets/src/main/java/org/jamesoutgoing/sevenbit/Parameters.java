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
import java.util.Optional;

/**
 * The value of a field such as {@code Content-Type}: pieces between semicolons that are neither in quotes nor in a comment
 * (RFC 2045 §5.1), of which all but the first should be parameters.
 *
 * @param pieces as they stand there; at least one
 */
record Parameters(List<String> pieces) {

    static Parameters of(String value) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < value.length(); ) {
            char c = value.charAt(at);
            if (c == ';') {
                pieces.add(value.substring(from, at));
                from = at + 1;
            }
            at = c == '"' || c == '(' ? Tokens.endOf(value, at) : at + 1;
        }
        pieces.add(value.substring(from));
        return new Parameters(pieces);
    }

    /** The type or disposition. */
    String first() {
        return pieces.get(0);
    }

    /** Of the first parameter of that name, without quotes. */
    Optional<String> value(String name) {
        return pieces.stream()
                .skip(1)
                .filter(piece -> nameOf(piece).toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .map(Parameters::valueOf);
    }

    /** Empty: it is not a parameter. */
    static String nameOf(String piece) {
        int equals = piece.indexOf('=');
        return equals < 0 ? "" : piece.substring(0, equals).strip();
    }

    static String valueOf(String piece) {
        String value = piece.substring(piece.indexOf('=') + 1).strip();
        if (value.startsWith("\"")) {
            return Tokens.unquoted(value.substring(0, Tokens.endOf(value, 0)));
        }
        int comment = value.indexOf('(');
        return comment < 0 ? value : value.substring(0, comment).strip();
    }
}
