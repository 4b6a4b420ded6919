/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.List;

/** A header field that is put together of words, and folded between them. */
final class HeaderLine {

    /** RFC 2047 §2: for lines with encoded words; RFC 5322 §2.1.1 asks 78 of all. */
    private static final int MAX = 76;

    /**
     * What must not be torn apart.
     *
     * @param gap the white space before it, if any
     */
    record Word(String gap, String text) {}

    private final StringBuilder line = new StringBuilder();
    private int column;
    private boolean empty = true;

    /** @param name as it is to be spelt */
    HeaderLine(String name) {
        append(name);
        append(":");
    }

    HeaderLine add(List<Word> words) {
        words.forEach(this::add);
        return this;
    }

    private void add(Word word) {
        // Readers take a space behind the colon for granted.
        String gap = empty ? " " : word.gap();
        if (!gap.isEmpty() && !empty && column + gap.length() + word.text().length() > MAX) {
            line.append("\r\n");
            column = 0;
        }
        append(gap);
        append(word.text());
        empty = false;
    }

    private void append(String text) {
        line.append(text);
        column += text.length();
    }

    String complete() {
        return line.append("\r\n").toString();
    }
}
