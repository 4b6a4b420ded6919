/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

class DropInJarIT {

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
    void theServerOfTheTestsHasOurClassesFromTheJarOnly() {
        assertThat(getClass().getClassLoader().getResource("org/jamesoutgoing/mailets/OutgoingDelivery.class"))
                .isNull();
        assertThat(getClass().getClassLoader().getResource("org/jamesoutgoing/guice/OutgoingModule.class"))
                .isNull();
    }
}
