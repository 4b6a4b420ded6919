/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import com.github.mustachejava.Mustache;
import java.io.StringReader;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;

/** One piece of a template, ready to be filled in. Thread-safe. */
final class TemplatePiece {
    enum Kind {
        HEADER(64 * 1024),
        TEXT(128 * 1024),
        HTML(512 * 1024);

        private final int longest;

        Kind(int longest) {
            this.longest = longest;
        }
    }

    private final Mustache mustache;
    private final Kind kind;
    private final List<Problem> doubts;

    private TemplatePiece(Mustache mustache, Kind kind, List<Problem> doubts) {
        this.mustache = mustache;
        this.kind = kind;
        this.doubts = doubts;
    }

    /** @param line where the piece begins in its template */
    static TemplatePiece of(String source, Kind kind, int line) throws BadTemplateException {
        List<TemplateTag> tags = TemplateTag.scan(source, line);
        TagStructure structure = TagStructure.of(tags);
        List<Problem> errors = new ArrayList<>(structure.errors());
        if (kind == Kind.HTML) {
            errors.addAll(HtmlContext.check(source, tags));
        }
        if (!errors.isEmpty()) {
            throw new BadTemplateException(errors);
        }
        Mustaches.Escaping escaping = kind == Kind.HTML ? Mustaches.Escaping.HTML : Mustaches.Escaping.NONE;
        try {
            return new TemplatePiece(
                    new Mustaches(escaping).compile(new StringReader(source), "line " + line),
                    kind,
                    structure.doubts());
        } catch (RuntimeException e) {
            throw new BadTemplateException(Problem.at(line, "not a template: " + e.getMessage()));
        }
    }

    List<Problem> doubts() {
        return doubts;
    }

    /** @throws RuntimeException when it grows beyond its limit */
    String fill(Map<String, Object> values) {
        BoundedWriter text = new BoundedWriter(kind.longest);
        mustache.execute(text, values);
        return text.toString();
    }

    /** Takes so many characters, then refuses: the only way to stop a template. */
    private static final class BoundedWriter extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final int limit;

        BoundedWriter(int limit) {
            this.limit = limit;
        }

        @Override
        public void write(char[] source, int offset, int length) {
            if (text.length() + length > limit) {
                throw new IllegalStateException("grows beyond " + limit + " characters");
            }
            text.append(source, offset, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
