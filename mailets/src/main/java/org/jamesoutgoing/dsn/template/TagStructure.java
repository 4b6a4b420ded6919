/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;

/**
 * Whether the tags of one piece fit together, and their names exist.
 *
 * @param errors what makes the piece unusable
 * @param doubts names that do not exist, or not there: they are nothing when the template is filled in
 */
record TagStructure(List<Problem> errors, List<Problem> doubts) {
    private static final int DEEPEST = 8;

    static TagStructure of(List<TemplateTag> tags) {
        List<Problem> errors = new ArrayList<>();
        List<Problem> doubts = new ArrayList<>();
        Deque<TemplateTag> open = new ArrayDeque<>();
        for (TemplateTag tag : tags) {
            switch (tag.type()) {
                case COMMENT -> {}
                case END -> close(tag, open, errors);
                case VALUE, RAW -> doubt(tag, open, doubts);
                case SECTION, INVERTED -> {
                    doubt(tag, open, doubts);
                    enter(tag, open, errors);
                }
            }
        }
        open.descendingIterator()
                .forEachRemaining(tag -> errors.add(
                        Problem.of(tag, opening(tag) + " has no {{/" + tag.name() + "}} in the same piece")));
        return new TagStructure(errors, doubts);
    }

    /** A list in itself would be as long as its square: the one way in which a template could grow without end. */
    private static void enter(TemplateTag tag, Deque<TemplateTag> open, List<Problem> errors) {
        if (isList(tag) && isInList(open)) {
            errors.add(Problem.of(tag, opening(tag) + " cannot stand in itself"));
        }
        if (open.size() == DEEPEST) {
            errors.add(Problem.of(tag, "more than " + DEEPEST + " sections in each other"));
        }
        open.push(tag);
    }

    private static void close(TemplateTag tag, Deque<TemplateTag> open, List<Problem> errors) {
        if (open.isEmpty()) {
            errors.add(Problem.of(tag, "{{/" + tag.name() + "}} ends what did not begin"));
            return;
        }
        TemplateTag opened = open.pop();
        if (!opened.name().equals(tag.name())) {
            errors.add(Problem.of(
                    tag, "{{/" + tag.name() + "}} cannot end " + opening(opened) + " of line " + opened.line()));
        }
    }

    private static void doubt(TemplateTag tag, Deque<TemplateTag> open, List<Problem> doubts) {
        Variable.Scope scope = isInList(open) ? Variable.Scope.RECIPIENT : Variable.Scope.MAIL;
        Variable.visible(tag.name(), scope)
                .ifPresentOrElse(
                        variable -> {
                            boolean section =
                                    tag.type() == TemplateTag.Type.SECTION || tag.type() == TemplateTag.Type.INVERTED;
                            if (!section && variable.type() != Variable.Type.TEXT) {
                                doubts.add(NameErrors.misused(tag, variable));
                            }
                        },
                        () -> doubts.add(NameErrors.unknown(tag, scope)));
    }

    private static boolean isInList(Deque<TemplateTag> open) {
        return open.stream().anyMatch(TagStructure::isList);
    }

    private static boolean isList(TemplateTag tag) {
        return tag.type() == TemplateTag.Type.SECTION && tag.name().equals(Variable.RECIPIENTS);
    }

    private static String opening(TemplateTag tag) {
        return "{{" + (tag.type() == TemplateTag.Type.INVERTED ? "^" : "#") + tag.name() + "}}";
    }
}
