/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;

/** What is said about names that are wrong. */
final class NameErrors {
    private static final int LONGEST_QUOTE = 60;

    private NameErrors() {}

    static Problem unknown(TemplateTag tag, Variable.Scope scope) {
        if (scope == Variable.Scope.MAIL
                && Variable.find(tag.name(), Variable.Scope.RECIPIENT).isPresent()) {
            return Problem.of(
                    tag,
                    braces(tag) + " has a value for one recipient only, between {{#recipients}} and"
                            + " {{/recipients}}");
        }
        return Problem.of(
                tag,
                "unknown variable " + braces(tag)
                        + nearest(tag.name(), scope)
                                .map(name -> ", did you mean {{" + name + "}}?")
                                .orElse(""));
    }

    static Problem misused(TemplateTag tag, Variable variable) {
        String use = variable.type() == Variable.Type.LIST ? "a list" : "a condition";
        return Problem.of(tag, braces(tag) + " is " + use + ", write {{#" + tag.name() + "}}…{{/" + tag.name() + "}}");
    }

    static String braces(TemplateTag tag) {
        return "{{" + tag.name() + "}}";
    }

    /** On one line, and short, whatever it is. */
    static String quote(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
    }

    private static Optional<String> nearest(String name, Variable.Scope scope) {
        List<String> names = Variable.TABLE.stream()
                .map(Variable::name)
                .distinct()
                .filter(known -> Variable.visible(known, scope).isPresent())
                .toList();
        return names.stream()
                .filter(known -> distance(known, name) <= 2)
                .min((a, b) -> Integer.compare(distance(a, name), distance(b, name)));
    }

    /** Levenshtein's, upper and lower case alike. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int substituted = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
