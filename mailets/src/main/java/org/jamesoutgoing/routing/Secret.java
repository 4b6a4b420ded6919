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
import java.util.function.Supplier;

/**
 * A password as it may be written in a setting: itself, {@code ${env:NAME}}, or {@code file:path}. The last two are read
 * anew each time it is needed, so that it can be changed without a restart. Equal when written equally: connections are
 * shared by equal credentials.
 */
public final class Secret implements Supplier<String> {

    private static final String ENV = "${env:";
    private static final String FILE = "file:";

    private final String spec;

    private Secret(String spec) {
        this.spec = spec;
    }

    public static Secret of(String spec) {
        return new Secret(spec);
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

    /** @throws IllegalStateException or {@link UncheckedIOException} when the variable or the file is not there */
    @Override
    public String get() {
        if (spec.startsWith(ENV) && spec.endsWith("}")) {
            String variable = spec.substring(ENV.length(), spec.length() - 1);
            String value = System.getenv(variable);
            if (value == null) {
                throw new IllegalStateException("the environment variable " + variable + " is not set");
            }
            return value;
        }
        if (spec.startsWith(FILE)) {
            Path path = Path.of(spec.substring(FILE.length()));
            try {
                return Files.readString(path).strip();
            } catch (IOException e) {
                throw new UncheckedIOException("the file " + path + " cannot be read", e);
            }
        }
        return spec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && spec.equals(that.spec);
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
