/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DropInJarIT {

    private static final Pattern BUNDLED = Pattern.compile("^org/jamesoutgoing/shaded/[^/]+(?=/)");

    @Test
    void holdsNothingThatCouldMeetAnotherCopyOnTheServer() throws Exception {
        try (JarFile jar = new JarFile(Repository.dropInJar().toFile())) {
            List<String> entries = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .toList();
            assertThat(entries).allMatch(name -> name.startsWith("org/jamesoutgoing/") || name.startsWith("META-INF/"));
            assertThat(entries).contains("org/jamesoutgoing/shaded/caffeine/cache/Caffeine.class", "META-INF/LICENSE");
            assertThat(entries).noneMatch(name -> name.startsWith("META-INF/services/"));
        }
    }

    @Test
    void saysWhatItBundles() throws Exception {
        try (JarFile jar = new JarFile(Repository.dropInJar().toFile());
                InputStream notice = jar.getInputStream(jar.getJarEntry("META-INF/NOTICE"))) {
            Set<String> bundled = jar.stream()
                    .map(entry -> BUNDLED.matcher(entry.getName()))
                    .filter(Matcher::find)
                    .map(found -> found.group().replace('/', '.'))
                    .collect(toSet());
            assertThat(bundled).hasSize(2);
            assertThat(new String(notice.readAllBytes(), UTF_8)).contains(bundled);
        }
    }

    @Test
    void theServerOfTheTestsHasOurClassesFromTheJarOnly() {
        assertThat(getClass().getClassLoader().getResource("org/jamesoutgoing/mailets/OutgoingDelivery.class"))
                .isNull();
        assertThat(getClass().getClassLoader().getResource("org/jamesoutgoing/guice/OutgoingModule.class"))
                .isNull();
    }
}
