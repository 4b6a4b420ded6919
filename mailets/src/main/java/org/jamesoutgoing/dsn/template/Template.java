/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;

/**
 * A template, ready to be filled in. Thread-safe.
 *
 * <pre>
 * Subject: Undelivered mail: {{subject}}
 * From: Mail service &lt;{{postmaster}}&gt;
 *
 * The text. Lines may be long, they are wrapped.
 *
 * --- html ---
 * &lt;p&gt;The same in HTML.&lt;/p&gt;
 * </pre>
 *
 * {@code From}, {@code Reply-To} and the HTML may be left out. What stands between braces is in {@link Variable#TABLE}.
 * A template cannot loop, include files, or call anything; and what it makes has a limit.
 */
public final class Template {
    private final String source;
    private final TemplatePiece subject;
    private final Optional<TemplatePiece> from;
    private final Optional<TemplatePiece> replyTo;
    private final TemplatePiece text;
    private final Optional<TemplatePiece> html;

    private Template(String source) throws BadTemplateException {
        TemplateLayout layout = TemplateLayout.of(source);
        this.source = source;
        this.subject = piece(layout.subject(), TemplatePiece.Kind.HEADER);
        this.from = piece(layout.from(), TemplatePiece.Kind.HEADER);
        this.replyTo = piece(layout.replyTo(), TemplatePiece.Kind.HEADER);
        this.text = piece(layout.text(), TemplatePiece.Kind.TEXT);
        this.html = piece(layout.html(), TemplatePiece.Kind.HTML);
    }

    /**
     * For use: names that do not exist are nothing when it is filled in.
     *
     * @throws BadTemplateException when it cannot be used
     */
    public static Template parse(String source) throws BadTemplateException {
        return new Template(source);
    }

    /**
     * For whoever writes it: names that do not exist are errors too.
     *
     * @throws BadTemplateException with all that is wrong, as far as that can be told at once
     */
    public static Template validate(String source) throws BadTemplateException {
        Template template = parse(source);
        List<Problem> problems = new ArrayList<>(template.doubts());
        if (problems.isEmpty()) {
            template.tryOut(problems);
        }
        if (!problems.isEmpty()) {
            throw new BadTemplateException(problems);
        }
        return template;
    }

    private void tryOut(List<Problem> problems) throws BadTemplateException {
        TemplateLayout layout = TemplateLayout.of(source);
        try {
            RenderedText words = fill(SampleValues.all());
            words.from().ifPresent(value -> checkMailbox("From", layout.from(), value, problems));
            words.replyTo().ifPresent(value -> checkMailbox("Reply-To", layout.replyTo(), value, problems));
        } catch (RuntimeException e) {
            problems.add(Problem.at(0, e.getMessage()));
        }
    }

    private static void checkMailbox(
            String name, Optional<TemplateLayout.Source> source, String value, List<Problem> problems) {
        if (Mailbox.parse(value).isEmpty()) {
            problems.add(Problem.at(
                    source.map(TemplateLayout.Source::line).orElse(0),
                    name + " is no address such as \"Mail service <{{postmaster}}>\": " + NameErrors.quote(value)));
        }
    }

    /** As it was written. */
    public String source() {
        return source;
    }

    /** Names that do not exist, in the order of their lines. */
    List<Problem> doubts() {
        List<Problem> doubts = new ArrayList<>();
        Stream.of(Optional.of(subject), from, replyTo, Optional.of(text), html)
                .flatMap(Optional::stream)
                .forEach(piece -> doubts.addAll(piece.doubts()));
        return doubts;
    }

    /**
     * Filled in.
     *
     * @param values of all variables: texts of one line, conditions, and lists of such maps
     * @throws RuntimeException when it grows beyond its limits: 128 KB of text, 512 KB of HTML
     */
    public RenderedText fill(Map<String, Object> values) {
        String filled = LineWrap.wrap(text.fill(values));
        if (filled.isBlank()) {
            throw new IllegalStateException("gives no text");
        }
        return new RenderedText(
                subject.fill(values),
                from.map(piece -> piece.fill(values)),
                replyTo.map(piece -> piece.fill(values)),
                filled,
                html.map(piece -> piece.fill(values)));
    }

    private static TemplatePiece piece(TemplateLayout.Source source, TemplatePiece.Kind kind)
            throws BadTemplateException {
        return TemplatePiece.of(source.text(), kind, source.line());
    }

    private static Optional<TemplatePiece> piece(Optional<TemplateLayout.Source> source, TemplatePiece.Kind kind)
            throws BadTemplateException {
        return source.isPresent() ? Optional.of(piece(source.get(), kind)) : Optional.empty();
    }
}
