/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.linking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Type;

/** Each drop-in JAR finds in its James all that it refers to. */
class LinksIT {

    @Test
    void theJarForJames38FindsAllThatItRefersTo() throws Exception {
        List<Path> james = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> each.endsWith(".jar") && !each.contains("james-outgoing"))
                .map(Path::of)
                .toList();

        assertThat(Links.broken(jar("james-outgoing.jar"), james)).isEmpty();
    }

    /** Whoever uses a new class or method of those adds it to the list, and tries it in a whole server. */
    @Test
    void theJarForJames39FindsAllThatItRefersToButWhatIsNotOnCentral() throws Exception {
        assertThat(Links.broken(jar("james-outgoing-james39.jar"), james39()))
                .containsExactlyElementsOf(notOnCentral());
    }

    /** It is called by reflection. */
    @Test
    void james39HasTheAuditTrailThatIsWritten() throws Exception {
        try (ClassFiles james = new ClassFiles(james39())) {
            String line = "org/apache/james/util/AuditTrail$Entry";
            String self = ")" + Type.getObjectType(line).getDescriptor();
            assertThat(james.find("org/apache/james/util/AuditTrail")
                            .orElseThrow()
                            .member("entry(" + self))
                    .isPresent();
            assertThat(james.find(line).orElseThrow().members())
                    .extracting(ClassFiles.Member::id)
                    .contains(
                            "protocol(Ljava/lang/String;" + self,
                            "action(Ljava/lang/String;" + self,
                            "parameters(Ljava/util/function/Supplier;" + self,
                            "log(Ljava/lang/String;)V");
        }
    }

    private static Path jar(String property) {
        return Path.of(System.getProperty(property));
    }

    private static List<Path> james39() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("james39")))) {
            return files.toList();
        }
    }

    private static List<String> notOnCentral() throws IOException {
        try (InputStream list = LinksIT.class.getResourceAsStream("not-on-central.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .sorted()
                    .toList();
        }
    }
}
