/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;

/**
 * One pair of braces of a template.
 *
 * @param name of the variable; empty in a comment
 * @param line counted from 1
 * @param start offset of the first brace in its piece, and {@code end} of what follows the last
 */
record TemplateTag(Type type, String name, int line, int start, int end) {
    enum Type {
        VALUE,
        /** <code>{{{name}}}</code> and <code>{{&name}}</code>: not escaped. */
        RAW,
        SECTION,
        INVERTED,
        END,
        COMMENT
    }

    /** What a template of 64 KB could hold otherwise costs more time than any notification is worth. */
    private static final int MOST = 500;

    private static final String OPENING = "{{";
    private static final String COMMENT = "{{!";
    private static final String CLOSING = "}}";
    private static final String NAME = "\\s*([A-Za-z][A-Za-z0-9]*)\\s*";

    /** A strict part of mustache: no partials, delimiters, lambdas, dots, so that both parsers see the same. */
    private static final Pattern TAG = Pattern.compile("\\{\\{(?:(\\{)" + NAME + "}|([&#^/]?)" + NAME + ")}}");

    /**
     * All tags, in their order.
     *
     * @param firstLine where the piece begins in its template
     * @throws BadTemplateException when something between braces is none of these
     */
    static List<TemplateTag> scan(String piece, int firstLine) throws BadTemplateException {
        List<TemplateTag> tags = new ArrayList<>();
        Matcher matcher = TAG.matcher(piece);
        int line = firstLine;
        int at = 0;
        for (int start = piece.indexOf(OPENING); start >= 0; start = piece.indexOf(OPENING, at)) {
            line += lineEnds(piece, at, start);
            int commentEnd = piece.startsWith(COMMENT, start) ? piece.indexOf(CLOSING, start) : -1;
            if (commentEnd > 0) {
                at = commentEnd + CLOSING.length();
                tags.add(new TemplateTag(Type.COMMENT, "", line, start, at));
            } else if (matcher.region(start, piece.length()).lookingAt()) {
                at = matcher.end();
                tags.add(new TemplateTag(type(matcher), name(matcher), line, start, at));
            } else {
                throw new BadTemplateException(Problem.at(line, error(piece.substring(start))));
            }
            if (tags.size() > MOST) {
                throw new BadTemplateException(
                        Problem.at(line, "more than " + MOST + " variables and sections in one piece"));
            }
            line += lineEnds(piece, start, at);
        }
        return tags;
    }

    private static Type type(Matcher matcher) {
        if (matcher.group(1) != null) {
            return Type.RAW;
        }
        return switch (matcher.group(3)) {
            case "&" -> Type.RAW;
            case "#" -> Type.SECTION;
            case "^" -> Type.INVERTED;
            case "/" -> Type.END;
            default -> Type.VALUE;
        };
    }

    private static String name(Matcher matcher) {
        return matcher.group(2) != null ? matcher.group(2) : matcher.group(4);
    }

    private static String error(String rest) {
        if (!rest.contains(CLOSING)) {
            return "{{ without }}";
        }
        String shown = NameErrors.quote(rest.substring(0, rest.indexOf(CLOSING) + 2));
        return switch (rest.length() > 2 ? rest.charAt(2) : ' ') {
            case '>', '<', '$' -> shown + ": a template cannot include another one";
            case '=' -> shown + ": the braces cannot be replaced by something else";
            default -> shown + " is no variable, such as {{subject}}, and no section, such as {{#subject}}";
        };
    }

    private static int lineEnds(String text, int from, int to) {
        return (int) text.substring(from, to).chars().filter(c -> c == '\n').count();
    }
}
