/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A template that cannot be used, or does something else than its writer thinks. */
public final class BadTemplateException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * One thing that is wrong.
     *
     * @param line counted from 1; 0 when it is none in particular
     * @param variable the name between the braces, if it is about one
     * @param text what is wrong and what is allowed, one line
     */
    public record Problem(int line, Optional<String> variable, String text) {
        static Problem at(int line, String text) {
            return new Problem(line, Optional.empty(), text);
        }

        static Problem of(TemplateTag tag, String text) {
            return new Problem(tag.line(), Optional.of(tag.name()), text);
        }

        @Override
        public String toString() {
            return (line > 0 ? "line " + line + ": " : "") + text;
        }
    }

    private final transient List<Problem> problems;

    BadTemplateException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    BadTemplateException(Problem problem) {
        this(List.of(problem));
    }

    /** At least one, in the order of the lines. */
    public List<Problem> problems() {
        return problems;
    }
}
