/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JAR for James 3.9 is that for 3.8, but for the names that have moved from javax to jakarta. */
class DropInJarForJames39IT {

    private static final String MOVED = "(?:mail|inject|annotation|servlet|activation)\\b";
    private static final Pattern OLD = Pattern.compile("javax[./]" + MOVED);
    private static final Pattern NEW = Pattern.compile("jakarta[./]" + MOVED);
    /** {@code javax.net.ssl} and its like, of the JDK. */
    private static final Pattern STAYS = Pattern.compile("javax[./](?!" + MOVED + ")\\w+");

    private static final Pattern OURS = Pattern.compile("org\\.jamesoutgoing\\.[a-z]+\\.[A-Z]\\w+");

    /** By name; texts and octets as Latin-1. Maven's own description of the build names no class that is used. */
    private static Map<String, String> entries(Path jar) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream()
                    .filter(each -> !each.getName().startsWith("META-INF/maven/"))
                    .toList()) {
                try (InputStream content = file.getInputStream(entry)) {
                    entries.put(entry.getName(), new String(content.readAllBytes(), ISO_8859_1));
                }
            }
        }
        return entries;
    }

    private static List<String> found(Pattern name, String content) {
        return name.matcher(content).results().map(MatchResult::group).sorted().toList();
    }

    private final Map<String, String> first = entries(Repository.dropInJar());
    private final Map<String, String> second = entries(Repository.dropInJarForJames39());

    DropInJarForJames39IT() throws IOException {}

    @Test
    void noNameThatHasMovedIsLeft() {
        assertThat(second)
                .allSatisfy((name, content) ->
                        assertThat(OLD.matcher(content).find()).isFalse());
        assertThat(first)
                .allSatisfy((name, content) ->
                        assertThat(NEW.matcher(content).find()).isFalse());
    }

    @Test
    void namesOfTheJdkStay() {
        assertThat(first)
                .anySatisfy((name, content) -> assertThat(found(STAYS, content)).contains("javax/net"));
        first.forEach((name, content) ->
                assertThat(found(STAYS, second.get(name))).as(name).isEqualTo(found(STAYS, content)));
    }

    @Test
    void nothingElseDiffers() {
        assertThat(second.keySet()).containsExactlyElementsOf(first.keySet());
        first.forEach((name, content) -> {
            if (!OLD.matcher(content).find()) {
                assertThat(second.get(name)).as(name).isEqualTo(content);
            }
        });
    }

    /** Guice looks at them before they can say anything. */
    @Test
    void whatJamesMakesIsTheSameInBoth() {
        assertThat(WhatJamesMakes.NAMES).allSatisfy(name -> {
            String file = name.replace('.', '/') + ".class";
            assertThat(first.get(file)).isNotNull().isEqualTo(second.get(file));
        });
    }

    @Test
    void whatJamesMakesIsWhatThePagesName() throws Exception {
        Path root = Repository.conf().getParent();
        Set<String> named = new TreeSet<>();
        try (Stream<Path> conf = Files.walk(Repository.conf())) {
            List<Path> pages = Stream.concat(
                            conf.filter(Files::isRegularFile),
                            Stream.of(root.resolve("README.md"), root.resolve("guice-module/README.md")))
                    .toList();
            for (Path page : pages) {
                OURS.matcher(Files.readString(page))
                        .results()
                        .map(MatchResult::group)
                        .forEach(named::add);
            }
        }
        assertThat(named).containsExactlyInAnyOrderElementsOf(WhatJamesMakes.NAMES);
    }

    /** The times are those of the sources' build, which are fixed, so that the same source makes the same JAR. */
    @Test
    void bothAreMadeOfTheSameEntriesAtTheSameTimes() throws Exception {
        assertThat(times(Repository.dropInJarForJames39())).isEqualTo(times(Repository.dropInJar()));
    }

    private static Set<String> times(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName() + " " + entry.getTimeLocal())
                    .collect(toSet());
        }
    }
}
