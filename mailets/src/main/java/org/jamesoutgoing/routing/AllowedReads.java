/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;

/**
 * What a route may have James read: files, and environment variables. A route that was made at run time names the host that a
 * password is sent to as well as the file that it is read from, so it may read files below one folder only, and variables of a
 * list; the routes and parameters of James's configuration are those of whoever may read all that anyway. Immutable.
 */
public final class AllowedReads {

    /** For what stands in James's configuration. */
    static final AllowedReads ANYTHING = new AllowedReads(true, Optional.empty(), Set.of());

    public static final AllowedReads NOTHING = of(Optional.empty(), Set.of());

    private final boolean anything;
    private final Optional<Path> folder;
    private final Set<String> variables;

    private AllowedReads(boolean anything, Optional<Path> folder, Set<String> variables) {
        this.anything = anything;
        this.folder = folder;
        this.variables = Set.copyOf(variables);
    }

    /**
     * For routes that are made at run time.
     *
     * @param folder need not be there; empty: no file
     */
    public static AllowedReads of(Optional<Path> folder, Set<String> variables) {
        return new AllowedReads(false, folder, variables);
    }

    /** What holds for a value of this origin, when these are what routes made at run time may read. */
    AllowedReads in(Origin origin) {
        return origin == Origin.RUNTIME ? this : ANYTHING;
    }

    /**
     * Looks at the names only: of what is not allowed it cannot even be told whether it is there.
     *
     * @throws OptionException for the first option that names something else
     */
    public void check(OptionValues values) {
        RouteOptions.all().forEach(option -> values.text(option)
                .flatMap(text -> objection(option, text))
                .ifPresent(objection -> {
                    throw OptionException.of(option.name(), objection);
                }));
    }

    /** What is wrong with a value; continues a sentence that begins with the option's name. */
    Optional<String> objection(RouteOption<?> option, String text) {
        return option.file(text).flatMap(this::objection).or(() -> option.variable(text)
                .flatMap(this::objection));
    }

    Optional<String> objection(Path file) {
        return anything || folder.filter(allowed -> isBelow(allowed, file)).isPresent()
                ? Optional.empty()
                : Optional.of("names the file " + file + "; allowed in a route that is made in webadmin: "
                        + folder.map(allowed -> "a file below " + allowed).orElse("none"));
    }

    Optional<String> objection(String variable) {
        return anything || variables.contains(variable)
                ? Optional.empty()
                : Optional.of("names the environment variable " + variable + "; allowed in a route that is made in"
                        + " webadmin: those that 'webadminVariables' of the mailet lists, "
                        + (variables.isEmpty()
                                ? "none"
                                : String.join(", ", variables.stream().sorted().toList())));
    }

    private static boolean isBelow(Path folder, Path file) {
        Path real = real(file.toAbsolutePath());
        Path allowed = real(folder.toAbsolutePath());
        return real.startsWith(allowed) && !real.equals(allowed);
    }

    /** Without links and {@code ..}; of what is not there, where it would be. */
    private static Path real(Path absolute) {
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            Path parent = absolute.getParent();
            return parent == null
                    ? absolute
                    : real(parent).resolve(absolute.getFileName()).normalize();
        }
    }
}
