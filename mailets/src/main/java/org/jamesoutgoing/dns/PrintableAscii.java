/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

/**
 * Text from outside made fit for a log line and a failure message: printable ASCII, one line, bounded. Names are ASCII in DNS
 * (RFC 5891 §4.4), so nothing else tells an administrator anything; a name that only looks like another one is shown to be none.
 */
final class PrintableAscii {
    private static final int MAX = 500;

    private PrintableAscii() {}

    static String of(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length() && clean.length() < MAX; i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return clean.toString();
    }
}
