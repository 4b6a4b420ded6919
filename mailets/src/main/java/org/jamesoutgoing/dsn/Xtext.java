/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The encoding of ENVID and ORCPT in SMTP (RFC 3461 §4). James hands both over as they came; in a DSN they stand
 * decoded (RFC 3464 §2.2.1, §2.3.1).
 */
final class Xtext {
    private static final Pattern XTEXT = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+");

    private Xtext() {}

    /** Empty when this is not xtext, or when it hides something else than printable US-ASCII (RFC 3461 §4.2, §4.4). */
    static Optional<String> decode(String text) {
        if (!XTEXT.matcher(text).matches()) {
            return Optional.empty();
        }
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                c = (char) Integer.parseInt(text, i + 1, i + 3, 16);
                i += 2;
            }
            if (c < ' ' || c > '~') {
                return Optional.empty();
            }
            decoded.append(c);
        }
        return Optional.of(decoded.toString());
    }
}
