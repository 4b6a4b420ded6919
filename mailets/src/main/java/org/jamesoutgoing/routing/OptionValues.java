/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jamesoutgoing.settings.OptionException;

/** The options that one place gives: each as it was written there, and read. Immutable. */
public final class OptionValues {

    /** What stands for a secret where values are shown. */
    public static final String HIDDEN = "***";

    private record Value(String text, Object read) {}

    private final Map<RouteOption<?>, Value> values;

    private OptionValues(Map<RouteOption<?>, Value> values) {
        this.values = Map.copyOf(values);
    }

    public static OptionValues none() {
        return new OptionValues(Map.of());
    }

    /**
     * Reads options by name. Blank values count as not given.
     *
     * @throws OptionException for the first, by name, that does not exist or cannot be read
     */
    public static OptionValues of(Map<String, String> texts) {
        Builder builder = new Builder();
        new TreeMap<>(texts).forEach((name, text) -> {
            RouteOption<?> option = RouteOptions.require(name);
            if (text != null && !text.isBlank()) {
                builder.put(option, text.trim());
            }
        });
        return builder.build();
    }

    public boolean has(RouteOption<?> option) {
        return values.containsKey(option);
    }

    @SuppressWarnings("unchecked") // The builder lets only an option's own values in.
    public <T> Optional<T> get(RouteOption<T> option) {
        return Optional.ofNullable(values.get(option)).map(value -> (T) value.read());
    }

    /** As it was written, secrets too. */
    public Optional<String> text(RouteOption<?> option) {
        return Optional.ofNullable(values.get(option)).map(Value::text);
    }

    public Set<RouteOption<?>> options() {
        return values.keySet();
    }

    /** As they were written, by name in the order of {@link RouteOptions#all()}; secrets too: for a store, not for eyes. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        RouteOptions.all().stream()
                .filter(this::has)
                .forEach(option -> texts.put(option.name(), values.get(option).text()));
        return texts;
    }

    /** The same for eyes: secrets are {@link #HIDDEN}. */
    public Map<String, String> shown() {
        Map<String, String> texts = texts();
        texts.replaceAll((name, text) ->
                RouteOptions.named(name).filter(RouteOption::secret).isPresent() ? HIDDEN : text);
        return texts;
    }

    /** @throws OptionException when a secret is said to be in a variable or a file that is not there now */
    public void checkSecrets() {
        RouteOptions.all().stream()
                .filter(RouteOption::secret)
                .filter(this::has)
                .forEach(option -> Secret.of(values.get(option).text()).check(option));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OptionValues that && texts().equals(that.texts());
    }

    @Override
    public int hashCode() {
        return texts().hashCode();
    }

    @Override
    public String toString() {
        return shown().toString();
    }

    /** Collects values. */
    public static final class Builder {

        private final Map<RouteOption<?>, Value> values = new LinkedHashMap<>();

        /** @throws OptionException when the value is not allowed */
        public <T> Builder put(RouteOption<T> option, String text) {
            return put(option, text, option.read(text));
        }

        /** With a value that was written another way than the option's. */
        public <T> Builder put(RouteOption<T> option, String text, T value) {
            values.put(option, new Value(text, value));
            return this;
        }

        public OptionValues build() {
            return new OptionValues(values);
        }
    }
}
