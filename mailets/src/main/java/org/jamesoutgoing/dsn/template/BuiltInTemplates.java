/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The templates in our JAR: English, French and German. */
final class BuiltInTemplates implements TemplateSource {
    /** Besides English. */
    static final List<String> LANGUAGES = List.of("de", "fr");

    private final Map<TemplateName, Template> templates = new TreeMap<>(TemplateName.ORDER);

    BuiltInTemplates() {
        this(UnaryOperator.identity());
    }

    /** @param change what is made of the source of each */
    BuiltInTemplates(UnaryOperator<String> change) {
        for (DsnKind kind : DsnKind.values()) {
            if (kind == kind.template()) {
                add(kind.word(), change);
                LANGUAGES.forEach(language -> add(kind.word() + "." + language, change));
            }
        }
    }

    private void add(String name, UnaryOperator<String> change) {
        try {
            String source = resource(name + ".mustache").orElseThrow();
            templates.put(TemplateName.parse(name).orElseThrow(), Template.validate(change.apply(source)));
        } catch (BadTemplateException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** Read by our own class: to thread-context class loaders our JAR does not exist. */
    static Optional<String> resource(String name) {
        try (InputStream in = BuiltInTemplates.class.getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    @Override
    public Origin origin() {
        return Origin.BUILT_IN;
    }

    @Override
    public Optional<Template> find(TemplateName name) {
        return Optional.ofNullable(templates.get(name));
    }

    @Override
    public Set<TemplateName> names() {
        return Set.copyOf(templates.keySet());
    }
}
