/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the build put what the harness needs; given by system properties that the build sets. */
public final class Repository {

    private Repository() {}

    /** The drop-in JAR as an administrator gets it. */
    public static Path dropInJar() {
        return required("james-outgoing.jar", "../guice-module/target/james-outgoing-1.0.0-SNAPSHOT.jar");
    }

    /** The same for James 3.9. */
    public static Path dropInJarForJames39() {
        String jar = dropInJar().toString();
        return Path.of(jar.substring(0, jar.length() - ".jar".length()) + "-james39.jar");
    }

    /** The complete James configuration of the repository. */
    public static Path conf() {
        return required("james-outgoing.conf", "../conf");
    }

    /** Its files that James reads: all but the pages for people. */
    public static List<Path> confFiles() throws IOException {
        try (Stream<Path> files = Files.list(conf())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Path required(String property, String fallback) {
        Path path =
                Path.of(System.getProperty(property, fallback)).toAbsolutePath().normalize();
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " is not there: build all modules first (mvn package)");
        }
        return path;
    }
}
