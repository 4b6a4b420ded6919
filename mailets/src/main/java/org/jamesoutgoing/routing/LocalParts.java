/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.Locale;

/** What stands before the {@code @}. */
public final class LocalParts {

    /** {@code user%domain}, {@code host!user}, {@code user@domain}, {@code @relay:user@domain}. */
    private static final String ROUTING = "%!@:";

    private LocalParts() {}

    /**
     * Whether it could name another host to pass the mail on to, for a server that still does so: percent hack, bang path, a
     * second {@code @}, a source route, quoted or not (RFC 5321 appendix F.2).
     */
    public static boolean couldRoute(String localPart) {
        return unquoted(localPart).chars().anyMatch(c -> ROUTING.indexOf(c) >= 0 || c < ' ' || c >= 0x7f);
    }

    /** How local parts are compared: without quotes (RFC 5321 §4.1.2), and in lower case as all servers of today do. */
    static String canonical(String localPart) {
        return unquoted(localPart).toLowerCase(Locale.ROOT);
    }

    private static String unquoted(String localPart) {
        boolean quoted = localPart.length() > 1 && localPart.startsWith("\"") && localPart.endsWith("\"");
        String inner = quoted ? localPart.substring(1, localPart.length() - 1) : localPart;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < inner.length(); i++) {
            boolean escape = inner.charAt(i) == '\\' && i + 1 < inner.length();
            text.append(inner.charAt(escape ? ++i : i));
        }
        return text.toString();
    }
}
