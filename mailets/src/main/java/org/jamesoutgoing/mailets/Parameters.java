/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.mailet.MailetConfig;
import org.jamesoutgoing.settings.NearestName;
import org.jamesoutgoing.settings.ValueType;

/**
 * The parameters of one mailet, read by type. Whoever reads a parameter makes it known; in the end those that nobody read
 * are an error.
 */
final class Parameters {

    /** What James itself puts among the parameters of a mailet, or reads from there. */
    private static final Set<String> OF_JAMES = Set.of("onMailetException", "onMatchException", "match", "class");

    private final Map<String, String> given;
    private final Set<String> known = new LinkedHashSet<>(OF_JAMES);

    private Parameters(Map<String, String> given) {
        this.given = given;
    }

    static Parameters of(MailetConfig config) {
        Map<String, String> given = new TreeMap<>();
        config.getInitParameterNames().forEachRemaining(name -> {
            String value = config.getInitParameter(name);
            if (value != null && !value.isBlank()) {
                given.put(name, value.trim());
            }
        });
        return new Parameters(given);
    }

    /** As given, but for what is James's. */
    Map<String, String> asMap() {
        return given.entrySet().stream()
                .filter(entry -> !OF_JAMES.contains(entry.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    boolean has(String name) {
        known.add(name);
        return given.containsKey(name);
    }

    Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(given.get(name));
    }

    /** One parameter under two names: which of them is given. With two different values they are an error. */
    Optional<String> nameOf(String name, String alias) {
        Optional<String> value = text(name);
        Optional<String> other = text(alias);
        if (value.isPresent() && other.isPresent() && !value.equals(other)) {
            throw new IllegalArgumentException("parameters '" + name + "' and '" + alias
                    + "' mean the same and have different values; allowed: one of them");
        }
        return value.map(any -> name).or(() -> other.map(any -> alias));
    }

    /** @throws org.jamesoutgoing.settings.OptionException when the value is not allowed */
    <T> Optional<T> read(String name, ValueType<T> type) {
        return text(name).map(value -> type.read(name, value));
    }

    /** Those that start so. */
    List<String> startingWith(String prefix) {
        return given.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** Accepted, and without effect. */
    void ignore(String... names) {
        known.addAll(List.of(names));
    }

    /** @throws IllegalArgumentException naming the first parameter that nobody read, and the nearest that is known */
    void rejectUnknown() {
        List<String> candidates = new ArrayList<>(known);
        candidates.removeAll(OF_JAMES);
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown parameter '" + name + "'" + NearestName.suggestion(name, candidates));
            }
        }
    }
}
