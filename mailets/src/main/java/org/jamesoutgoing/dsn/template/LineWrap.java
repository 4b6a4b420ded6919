/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

/** Lines that are pleasant to read: of 72 characters, wrapped at spaces; what follows is indented like the line. */
final class LineWrap {
    private static final int LINE = 72;

    private LineWrap() {}

    static String wrap(String text) {
        StringBuilder wrapped = new StringBuilder(text.length() + text.length() / 32);
        text.stripTrailing().lines().forEach(line -> {
            String stripped = line.stripTrailing();
            if (stripped.length() <= LINE) {
                wrapped.append(stripped);
            } else {
                fill(stripped, wrapped);
            }
            wrapped.append('\n');
        });
        return wrapped.toString();
    }

    /** Longer words stay whole, so that they can be copied. */
    private static void fill(String line, StringBuilder wrapped) {
        String words = line.stripLeading();
        String indent = line.substring(0, line.length() - words.length());
        int column = 0;
        for (String word : words.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > LINE) {
                wrapped.append('\n');
                column = 0;
            }
            String before = column == 0 ? indent : " ";
            wrapped.append(before).append(word);
            column += before.length() + word.length();
        }
    }
}
