/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.nio.file.Path;
import java.util.Optional;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.ValueType;

/**
 * One delivery option, the same in a mailet's parameters, in a static route of {@code outgoing-routes.xml}, and in webadmin.
 *
 * @param name as it is written everywhere
 * @param builtIn its value where nobody gives one, as it would be written; empty: it has none
 * @param scope which routes may set it
 */
public record RouteOption<T>(String name, ValueType<T> type, Optional<String> builtIn, Scope scope) {

    /** Which routes may set an option. */
    public enum Scope {
        /** Any. */
        ANY,
        /** The static route of one domain: neither the default route nor that of a wildcard. */
        ONE_DOMAIN
    }

    static <T> RouteOption<T> of(String name, ValueType<T> type, String builtIn) {
        return new RouteOption<>(name, type, Optional.of(builtIn), Scope.ANY);
    }

    static <T> RouteOption<T> of(String name, ValueType<T> type) {
        return new RouteOption<>(name, type, Optional.empty(), Scope.ANY);
    }

    RouteOption<T> ofOneDomain() {
        return new RouteOption<>(name, type, builtIn, Scope.ONE_DOMAIN);
    }

    /** Whether its value must not be shown. */
    public boolean secret() {
        return name.endsWith("Password");
    }

    /** The file that a value has James read, if it does. */
    Optional<Path> file(String text) {
        if (secret()) {
            return Secret.file(text);
        }
        T value = read(text);
        if (value instanceof RecipientFile list) {
            return Optional.of(list.path());
        }
        return value instanceof Path path ? Optional.of(path) : Optional.empty();
    }

    /** The environment variable that a value has James read, if it does. */
    Optional<String> variable(String text) {
        return secret() ? Secret.variable(text) : Optional.empty();
    }

    /** @throws OptionException when the value is not allowed */
    public T read(String text) {
        return type.read(name, text);
    }

    @Override
    public String toString() {
        return name;
    }
}
