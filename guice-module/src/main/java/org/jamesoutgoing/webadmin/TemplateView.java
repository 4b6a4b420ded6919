/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.dsn.template.TemplateSource.Origin;
import org.jamesoutgoing.dsn.template.Templates.Chosen;
import org.jamesoutgoing.store.VersionedValue;

/**
 * A template of one name.
 *
 * @param origin of the one in use: {@code built-in}, {@code file} or {@code runtime}; absent when there is none that can be
 *     used
 * @param revision what its ETag says; when one was made at run time
 * @param problem what else is there and cannot be used, and why
 * @param source of the one in use; absent in a list
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record TemplateView(
        String name,
        String kind,
        String language,
        Optional<String> origin,
        Optional<Long> revision,
        Optional<String> problem,
        Optional<String> source) {

    static TemplateView of(
            TemplateName name,
            Optional<Chosen> used,
            Optional<VersionedValue<String>> stored,
            Map<Origin, String> problems) {
        return new TemplateView(
                name.toString(),
                name.kind().word(),
                name.language().tag(),
                used.map(found -> spelling(found.origin())),
                stored.map(VersionedValue::revision),
                problem(problems),
                used.map(found -> found.template().source()));
    }

    TemplateView withoutSource() {
        return new TemplateView(name, kind, language, origin, revision, problem, Optional.empty());
    }

    static String spelling(Origin origin) {
        return switch (origin) {
            case RUNTIME -> "runtime";
            case FILE -> "file";
            case BUILT_IN -> "built-in";
        };
    }

    private static Optional<String> problem(Map<Origin, String> problems) {
        Map<Origin, String> inOrder = new EnumMap<>(Origin.class);
        inOrder.putAll(problems);
        return Optional.of(inOrder.entrySet().stream()
                        .map(problem -> "the one of origin '" + spelling(problem.getKey()) + "' is not used: "
                                + problem.getValue())
                        .collect(Collectors.joining("; ")))
                .filter(text -> !text.isEmpty());
    }
}
