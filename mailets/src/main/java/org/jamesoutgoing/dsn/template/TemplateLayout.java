/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;

/**
 * The pieces of a template, not looked into yet: header lines, an empty line, the text, and perhaps a line
 * {@code --- html ---} with the HTML after it.
 */
record TemplateLayout(
        Source subject, Optional<Source> from, Optional<Source> replyTo, Source text, Optional<Source> html) {
    /** @param line where it begins, counted from 1 */
    record Source(String text, int line) {}

    /** In characters. */
    static final int LONGEST = 256 * 1024;

    private static final Pattern HEADER = Pattern.compile("([A-Za-z-]+)[ \\t]*:(.*)");
    private static final Pattern COMMENT = Pattern.compile("\\{\\{![^}]*}}\\s*");
    private static final Pattern HTML_LINE = Pattern.compile("(?i)\\s*-{3,}\\s*html\\s*-{3,}\\s*");

    static TemplateLayout of(String template) throws BadTemplateException {
        if (template.length() > LONGEST) {
            throw new BadTemplateException(
                    Problem.at(0, "longer than " + LONGEST + " characters: " + template.length()));
        }
        List<String> lines = lines(template);
        Map<String, Source> header = new HashMap<>();
        int at = 0;
        while (at < lines.size() && !lines.get(at).isBlank()) {
            headerLine(lines.get(at), at + 1, header);
            at++;
        }
        Source subject = header.get("subject");
        if (subject == null) {
            throw new BadTemplateException(Problem.at(
                    1,
                    "there is no subject; a template begins with a line \"Subject: …\", and before its text stands"
                            + " an empty line"));
        }
        int htmlLine = htmlLine(lines, at);
        return new TemplateLayout(
                subject,
                Optional.ofNullable(header.get("from")),
                Optional.ofNullable(header.get("reply-to")),
                body(lines, at, htmlLine, "text"),
                htmlLine < lines.size()
                        ? Optional.of(body(lines, htmlLine + 1, lines.size(), "HTML"))
                        : Optional.empty());
    }

    private static List<String> lines(String template) throws BadTemplateException {
        String text = template.startsWith("\ufeff") ? template.substring(1) : template;
        List<String> lines = new ArrayList<>(List.of(text.split("\\r\\n|\\r|\\n", -1)));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
                throw new BadTemplateException(Problem.at(i + 1, "a control character"));
            }
        }
        return lines;
    }

    private static void headerLine(String line, int number, Map<String, Source> header) throws BadTemplateException {
        if (COMMENT.matcher(line).matches()) {
            return;
        }
        Matcher matcher = HEADER.matcher(line);
        if (!matcher.matches()) {
            throw new BadTemplateException(Problem.at(
                    number,
                    "before the empty line stand header lines such as \"Subject: …\", not " + NameErrors.quote(line)));
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        if (!List.of("subject", "from", "reply-to").contains(name)) {
            throw new BadTemplateException(Problem.at(
                    number,
                    "a template may have Subject, From and Reply-To, not " + NameErrors.quote(matcher.group(1))));
        }
        String value = matcher.group(2).strip();
        if (value.isEmpty()) {
            throw new BadTemplateException(Problem.at(number, matcher.group(1) + " is empty"));
        }
        if (header.put(name, new Source(value, number)) != null) {
            throw new BadTemplateException(Problem.at(number, "a second " + matcher.group(1)));
        }
    }

    private static int htmlLine(List<String> lines, int from) throws BadTemplateException {
        int found = lines.size();
        for (int i = lines.size() - 1; i >= from; i--) {
            if (HTML_LINE.matcher(lines.get(i)).matches()) {
                if (found < lines.size()) {
                    throw new BadTemplateException(Problem.at(found + 1, "a second \"--- html ---\""));
                }
                found = i;
            }
        }
        return found;
    }

    private static Source body(List<String> lines, int from, int to, String what) throws BadTemplateException {
        int start = from;
        while (start < to && lines.get(start).isBlank()) {
            start++;
        }
        if (start == to) {
            throw new BadTemplateException(Problem.at(Math.min(from + 1, lines.size()), "there is no " + what));
        }
        return new Source(String.join("\n", lines.subList(start, to)).stripTrailing() + "\n", start + 1);
    }
}
