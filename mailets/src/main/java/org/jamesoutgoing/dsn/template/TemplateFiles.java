/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jamesoutgoing.dsn.template.BadTemplateException.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The templates that an administrator put into a directory: {@code failure.mustache} (English, and what every other
 * language falls back to), {@code failure.de.mustache}. A changed file counts from the next notification on. The
 * directory need not be there.
 */
final class TemplateFiles implements TemplateSource {
    private static final Logger LOGGER = LoggerFactory.getLogger(TemplateFiles.class);

    private final Path directory;
    private final FileCache<Template> files;
    private final Set<String> complainedOf = ConcurrentHashMap.newKeySet();

    TemplateFiles(Path directory) {
        this.directory = directory;
        this.files = new FileCache<>(directory, TemplateFiles::parse);
    }

    private static Template parse(String text, Path file) throws BadTemplateException {
        Template template = Template.parse(text);
        Collection<Problem> doubts = template.doubts();
        if (!doubts.isEmpty()) {
            LOGGER.warn(
                    "{} is used, but: {}",
                    file,
                    doubts.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
        return template;
    }

    @Override
    public Origin origin() {
        return Origin.FILE;
    }

    @Override
    public Optional<Template> find(TemplateName name) {
        return Optional.ofNullable(fileNames().get(name)).flatMap(files::get);
    }

    @Override
    public Set<TemplateName> names() {
        return fileNames().keySet().stream()
                .filter(name -> find(name).isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Map<TemplateName, String> problems() {
        Map<TemplateName, String> problems = new HashMap<>();
        fileNames().forEach((name, file) -> files.problem(file).ifPresent(problem -> problems.put(name, problem)));
        return problems;
    }

    /** {@code failure.en.mustache} sorts before {@code failure.mustache}, and is the same: the first one counts. */
    private Map<TemplateName, String> fileNames() {
        Map<TemplateName, String> names = new LinkedHashMap<>();
        for (String file : files.names()) {
            if (file.toLowerCase(Locale.ROOT).endsWith(".mustache")) {
                TemplateName.ofFile(file)
                        .ifPresentOrElse(name -> names.putIfAbsent(name, file), () -> complainOnce(file));
            }
        }
        return names;
    }

    private void complainOnce(String file) {
        if (complainedOf.add(file)) {
            LOGGER.warn(
                    "{} is not used: the names are failure, delay, success or queue-full, then perhaps a language,"
                            + " then .mustache; such as failure.de.mustache",
                    directory.resolve(file));
        }
    }
}
