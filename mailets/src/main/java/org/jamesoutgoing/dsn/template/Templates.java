/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jamesoutgoing.dsn.template.TemplateSource.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which template is used. The language decides first: the first wanted one that any source has, each with what it falls
 * back to ({@code de-ch}, {@code de}), English at last. Then the source: made at run time, file, built-in. A template
 * that fails gives way to the next one, and is logged once. Thread-safe.
 */
public final class Templates {
    /**
     * A template and where it came from.
     *
     * @param name with the language in which it is written
     */
    public record Chosen(TemplateName name, Origin origin, Template template) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(Templates.class);

    private final List<TemplateSource> sources;

    /** The template of each name that was last seen failing. */
    private final Map<String, Template> failed = new ConcurrentHashMap<>();

    /** @param before whom to ask before the built-in templates, the most important one first */
    public Templates(List<? extends TemplateSource> before) {
        this(before, new BuiltInTemplates());
    }

    Templates(List<? extends TemplateSource> before, TemplateSource last) {
        this.sources = Stream.concat(before.stream(), Stream.of(last)).toList();
    }

    /** Of this very name, the one that counts. */
    public Optional<Chosen> find(TemplateName name) {
        return all(name).findFirst();
    }

    /** All names that there is a template for. */
    public Set<TemplateName> names() {
        Set<TemplateName> names = new TreeSet<>(TemplateName.ORDER);
        sources.forEach(source -> names.addAll(source.names()));
        return names;
    }

    /** What is there and cannot be used, by name and source, with what is wrong in one line. */
    public Map<TemplateName, Map<Origin, String>> problems() {
        Map<TemplateName, Map<Origin, String>> problems = new TreeMap<>(TemplateName.ORDER);
        sources.forEach(source -> source.problems()
                .forEach((name, problem) -> problems.computeIfAbsent(name, any -> new EnumMap<>(Origin.class))
                        .put(source.origin(), problem)));
        return problems;
    }

    /** Those that would be used, in this order. */
    public List<Chosen> choice(DsnKind kind, List<Language> wanted) {
        Collection<Language> languages = new LinkedHashSet<>();
        wanted.forEach(language -> languages.addAll(language.range()));
        languages.add(Language.ENGLISH);
        List<Chosen> choice = new ArrayList<>();
        languages.forEach(language -> all(new TemplateName(kind, language)).forEach(choice::add));
        return choice;
    }

    /**
     * The words, by the first template that does not fail; empty when all do.
     *
     * @param wanted languages, the most wanted one first
     * @param values gives the values of all variables in a language
     */
    public Optional<RenderedText> fill(
            DsnKind kind, List<Language> wanted, Function<Language, Map<String, Object>> values) {
        for (Chosen found : choice(kind, wanted)) {
            try {
                return Optional.of(
                        found.template().fill(values.apply(found.name().language())));
            } catch (RuntimeException | StackOverflowError e) {
                logOnce(found, e);
            }
        }
        return Optional.empty();
    }

    private Stream<Chosen> all(TemplateName name) {
        return sources.stream()
                .flatMap(source ->
                        source.find(name).map(template -> new Chosen(name, source.origin(), template)).stream());
    }

    private void logOnce(Chosen found, Throwable trouble) {
        if (failed.put(found.name() + " " + found.origin(), found.template()) != found.template()) {
            LOGGER.warn(
                    "The template {} ({}) fails, the next one is used in its place: {}",
                    found.name(),
                    found.origin(),
                    trouble.toString());
        }
    }
}
