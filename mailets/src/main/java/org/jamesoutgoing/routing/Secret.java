/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jamesoutgoing.settings.OptionException;

/**
 * A password as it may be written in a setting: itself, {@code ${env:NAME}}, or {@code file:path}. The last two are read
 * anew each time it is needed, so that it can be changed without a restart. Equal when written equally, by
 * somebody who may read the same: connections are shared by equal credentials.
 */
public final class Secret implements Supplier<String> {

    private static final String ENV = "${env:";
    private static final String FILE = "file:";

    private final String spec;
    private final AllowedReads allowed;

    private Secret(String spec, AllowedReads allowed) {
        this.spec = spec;
        this.allowed = allowed;
    }

    public static Secret of(String spec) {
        return of(spec, AllowedReads.ANYTHING);
    }

    /** @param allowed what it may be read from; looked at each time */
    static Secret of(String spec, AllowedReads allowed) {
        boolean isRead = variable(spec).isPresent() || file(spec).isPresent();
        return new Secret(spec, isRead ? allowed : AllowedReads.ANYTHING);
    }

    /** The environment variable that it is read from, if it is. */
    static Optional<String> variable(String spec) {
        return spec.startsWith(ENV) && spec.endsWith("}")
                ? Optional.of(spec.substring(ENV.length(), spec.length() - 1))
                : Optional.empty();
    }

    /** The file that it is read from, if it is. */
    static Optional<Path> file(String spec) {
        return spec.startsWith(FILE) ? Optional.of(Path.of(spec.substring(FILE.length()))) : Optional.empty();
    }

    /** @throws OptionException when the variable or the file is not there now */
    void check(RouteOption<?> option) {
        try {
            get();
        } catch (UncheckedIOException | IllegalStateException e) {
            throw OptionException.of(
                    option.name(),
                    "cannot be had: " + e.getMessage() + "; allowed: the password itself, ${env:NAME} or file:path");
        }
    }

    /** @throws IllegalStateException or {@link UncheckedIOException} when the variable or the file is not there, or not allowed */
    @Override
    public String get() {
        return variable(spec)
                .map(this::ofVariable)
                .or(() -> file(spec).map(this::ofFile))
                .orElse(spec);
    }

    private String ofVariable(String variable) {
        require(allowed.objection(variable));
        String value = System.getenv(variable);
        if (value == null) {
            throw new IllegalStateException("the environment variable " + variable + " is not set");
        }
        return value;
    }

    private String ofFile(Path file) {
        require(allowed.objection(file));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be read", e);
        }
    }

    private static void require(Optional<String> objection) {
        objection.ifPresent(why -> {
            throw new IllegalStateException("the password " + why);
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && spec.equals(that.spec) && allowed == that.allowed;
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
