/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.io.IOException;
import java.io.Writer;

/** Text as it may stand between tags and in the quotes of an attribute, in HTML and in XHTML. */
final class HtmlEscape {
    private HtmlEscape() {}

    static void write(String text, Writer writer) throws IOException {
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            switch (point) {
                case '&' -> writer.write("&amp;");
                case '<' -> writer.write("&lt;");
                case '>' -> writer.write("&gt;");
                case '"' -> writer.write("&quot;");
                case '\'' -> writer.write("&#39;");
                case '`' -> writer.write("&#96;");
                default -> writer.write(isAllowed(point) ? Character.toString(point) : "\ufffd");
            }
        }
    }

    /** The Char of XML 1.0 §2.2, which leaves out a little more than HTML does. */
    private static boolean isAllowed(int point) {
        boolean control = (point < ' ' && point != '\t' && point != '\n') || (point >= 0x7f && point <= 0x9f);
        boolean surrogate = point >= 0xd800 && point <= 0xdfff;
        boolean noCharacter = (point & 0xfffe) == 0xfffe;
        return !control && !surrogate && !noCharacter;
    }
}
