/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Which template: {@code failure.de}. Without a language it is the English one, which every other falls back to.
 *
 * @param kind what it tells: one that has templates of its own
 * @param language in which language
 */
public record TemplateName(DsnKind kind, Language language) {
    /** By kind, then by language. */
    public static final Comparator<TemplateName> ORDER =
            Comparator.comparing(TemplateName::kind).thenComparing(TemplateName::toString);

    private static final String ENDING = ".mustache";

    public TemplateName {
        kind = kind.template();
        requireNonNull(language, "language");
    }

    /** {@code failure} and {@code failure.en} are the same. Empty when this is no such name. */
    public static Optional<TemplateName> parse(String name) {
        int dot = name.indexOf('.');
        Optional<DsnKind> kind = DsnKind.of((dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT));
        Optional<Language> language = dot < 0 ? Optional.of(Language.ENGLISH) : Language.parse(name.substring(dot + 1));
        return kind.flatMap(of -> language.map(in -> new TemplateName(of, in)));
    }

    /** From {@code failure.de.mustache}; case does not matter. */
    static Optional<TemplateName> ofFile(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return name.endsWith(ENDING) ? parse(name.substring(0, name.length() - ENDING.length())) : Optional.empty();
    }

    @Override
    public String toString() {
        return kind.word() + (language.equals(Language.ENGLISH) ? "" : "." + language);
    }
}
