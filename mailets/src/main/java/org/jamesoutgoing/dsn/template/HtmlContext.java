/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;

/**
 * Where in HTML a value may stand. Escaped, it is harmless as text and in the quotes of an attribute; nowhere else.
 * Reads the HTML of the administrator, who means well: it finds mistakes, not malice.
 */
final class HtmlContext {
    /** What a browser goes to or loads; a value at its beginning could be {@code javascript:}. */
    private static final Pattern ADDRESS_ATTRIBUTE =
            Pattern.compile("href|src|srcset|action|formaction|background|cite|poster|data|longdesc|ping");

    private static final Pattern ATTRIBUTE = Pattern.compile("([a-zA-Z][a-zA-Z0-9:_-]*)\\s*=\\s*$");
    private static final Pattern ELEMENT = Pattern.compile("</?([a-zA-Z][a-zA-Z0-9]*)");

    private enum Position {
        TEXT,
        TAG,
        QUOTES,
        COMMENT
    }

    private final String html;
    private final List<Problem> problems = new ArrayList<>();
    private Position position = Position.TEXT;
    private int tagStart;
    private int valueStart;
    private char quote;
    private String attribute = "";
    private String element = "";

    private HtmlContext(String html) {
        this.html = html;
    }

    static List<Problem> check(String html, List<TemplateTag> tags) {
        HtmlContext places = new HtmlContext(html);
        int at = 0;
        for (TemplateTag tag : tags) {
            places.read(at, tag.start());
            if (tag.type() == TemplateTag.Type.RAW) {
                places.complain(tag, "would put into the HTML what strangers wrote; write " + NameErrors.braces(tag));
            } else if (tag.type() == TemplateTag.Type.VALUE) {
                places.value(tag);
            }
            at = tag.end();
        }
        return places.problems;
    }

    private void read(int from, int to) {
        for (int at = from; at < to; at++) {
            char c = html.charAt(at);
            switch (position) {
                case TEXT -> text(at, c);
                case TAG -> tag(at, c);
                case QUOTES -> position = c == quote ? Position.TAG : Position.QUOTES;
                case COMMENT -> position = html.startsWith("-->", at) ? Position.TEXT : Position.COMMENT;
            }
        }
    }

    private void text(int at, char c) {
        if (html.startsWith("<!--", at)) {
            position = Position.COMMENT;
        } else if (c == '<') {
            position = Position.TAG;
            tagStart = at;
            Matcher matcher = ELEMENT.matcher(html).region(at, html.length());
            boolean begins = matcher.lookingAt() && html.charAt(at + 1) != '/';
            element = begins ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
        }
    }

    private void tag(int at, char c) {
        if (c == '>') {
            position = Position.TEXT;
        } else if (c == '"' || c == '\'') {
            position = Position.QUOTES;
            quote = c;
            valueStart = at + 1;
            Matcher matcher = ATTRIBUTE.matcher(html.substring(tagStart, at));
            attribute = matcher.find() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
        }
    }

    private void value(TemplateTag tag) {
        if (position == Position.TEXT && (element.equals("script") || element.equals("style"))) {
            complain(tag, "cannot stand in <" + element + ">");
        } else if (position == Position.TAG) {
            complain(tag, "stands in a tag without quotes; write \"" + NameErrors.braces(tag) + "\"");
        } else if (position == Position.QUOTES && (attribute.startsWith("on") || attribute.equals("style"))) {
            complain(tag, "cannot stand in the attribute " + attribute);
        } else if (position == Position.QUOTES
                && ADDRESS_ATTRIBUTE.matcher(attribute).matches()
                && html.substring(valueStart, tag.start()).isBlank()) {
            complain(
                    tag,
                    "cannot begin an address; write " + attribute + "=\"mailto:" + NameErrors.braces(tag)
                            + "\" or the like");
        }
    }

    private void complain(TemplateTag tag, String text) {
        problems.add(Problem.of(tag, html.substring(tag.start(), tag.end()) + " " + text));
    }
}
