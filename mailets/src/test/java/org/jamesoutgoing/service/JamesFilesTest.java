/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.james.server.core.configuration.Configuration;
import org.apache.james.server.core.filesystem.FileSystemImpl;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteFile;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.UnusableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry as James makes it, over a working directory. */
class JamesFilesTest {

    private static final RouteName SALES = RouteName.parse("sales.example.com");

    @TempDir
    Path james;

    private RouteRegistry registry(Configuration configuration) {
        return new RouteRegistry(new FileSystemImpl(configuration.directories()), configuration);
    }

    private RouteRegistry registry() {
        return registry(Configuration.builder().workingDirectory(james.toFile()).build());
    }

    private void file(String text) throws Exception {
        Files.createDirectories(james.resolve("conf"));
        Files.writeString(james.resolve("conf/outgoing-routes.xml"), text);
    }

    @Test
    void withoutFileAndStoreThereAreNoRoutesAndNothingIsWritten() {
        assertThat(registry().current().all()).isEmpty();
        assertThat(james).isEmptyDirectory();
    }

    @Test
    void theFileLiesBesideJamessOthersAndTheStoreBelowVar() throws Exception {
        file("<routes><route domain='other.example'><suspended>true</suspended></route></routes>");
        RouteRegistry registry = registry();
        registry.put(SALES, OptionValues.of(Map.of("queueLifetime", "3d")), new Expectation.Any());
        registry.close();
        assertThat(james.resolve("var/outgoing-routes.json")).isRegularFile();
        assertThat(registry().current().all()).hasSize(2);
    }

    @Test
    void whatRoutesMadeAtRunTimeMayNameLiesBesideThemToo() {
        assertThat(registry().readableFolder()).hasValueSatisfying(folder -> assertThat(folder.toAbsolutePath())
                .isEqualTo(james.resolve("conf/outgoing-secrets")));
    }

    @Test
    void aConfigurationFromTheClassPathIsLookedForThere() {
        Configuration configuration = Configuration.builder()
                .workingDirectory(james.toFile())
                .configurationFromClasspath()
                .build();
        assertThat(registry(configuration).current().all()).isEmpty();
    }

    @Test
    void aMistakeInTheFileIsNamed() throws Exception {
        file("<routes>\n<route domain='other.example'><suspend>true</suspend></route></routes>");
        assertThatThrownBy(() -> registry().current())
                .isInstanceOf(RouteFile.BadFileException.class)
                .hasMessageContaining(
                        "conf/outgoing-routes.xml, line 2, route 'other.example': 'suspend' is no delivery");
    }

    @Test
    void aFileThatCannotBeReadIsNotNoFile() throws Exception {
        Files.createDirectories(james.resolve("conf/outgoing-routes.xml"));
        assertThatThrownBy(() -> registry().current())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outgoing-routes.xml cannot be read");
    }

    @Test
    void aDamagedStoreIsNamed() throws Exception {
        Files.createDirectories(james.resolve("var"));
        Path store = Files.createFile(james.resolve("var/outgoing-routes.json"));
        assertThatThrownBy(() -> registry().current())
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining(store.toString());
        assertThat(store).isEmptyFile();
    }
}
