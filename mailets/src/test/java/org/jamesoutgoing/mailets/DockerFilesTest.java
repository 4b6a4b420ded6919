/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** {@code conf/docker/}, as far as it can be looked at without Docker. */
class DockerFilesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path CONF = ROOT.resolve("conf");
    private static final Path DOCKER = CONF.resolve("docker");
    private static final String IN_CONTAINER = "/root/conf/";
    private static final Pattern PROJECT_VERSION =
            Pattern.compile("<artifactId>james-outgoing</artifactId>\\s*<version>([^<]*)</version>");

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }

    private static Map<?, ?> compose() throws IOException {
        return new Yaml().load(text(DOCKER.resolve("compose.yaml")));
    }

    private static List<String> list(String key) throws IOException {
        Map<?, ?> james = (Map<?, ?>) ((Map<?, ?>) compose().get("services")).get("james");
        return ((List<?>) james.get(key)).stream().map(String::valueOf).toList();
    }

    /** What of this machine is where in the container. */
    private static Map<String, Path> mounts() throws IOException {
        return list("volumes").stream()
                .filter(volume -> volume.startsWith("."))
                .map(volume -> volume.split(":"))
                .collect(Collectors.toMap(parts -> parts[1], parts -> DOCKER.resolve(parts[0])));
    }

    private static List<String> filesThatJamesReads() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".xml") || name.endsWith(".properties"))
                    .toList();
        }
    }

    private static String versionOfTheJar() throws IOException {
        return PROJECT_VERSION
                .matcher(text(ROOT.resolve("pom.xml")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    @Test
    void everyFileOfTheConfigurationIsInTheContainer() throws Exception {
        assertThat(mounts().keySet())
                .containsAll(
                        filesThatJamesReads().stream().map(IN_CONTAINER::concat).toList());
        mounts().forEach((target, source) -> {
            if (target.startsWith(IN_CONTAINER)) {
                assertThat(source).exists();
                assertThat(target).endsWith("/" + source.getFileName());
            }
        });
    }

    @Test
    void theJarIsTheOneThatTheBuildMakesForJames39() throws Exception {
        assertThat(mounts().values())
                .contains(DOCKER.resolve(
                        "../../guice-module/target/james-outgoing-" + versionOfTheJar() + "-james39.jar"));
    }

    @Test
    void queueAndWaitingRoomAreInAVolume() throws Exception {
        assertThat(list("volumes")).contains("james-var:/root/var", "james-store:/var/store");
        assertThat(((Map<?, ?>) compose().get("volumes")).keySet().toString()).contains("james-var", "james-store");
    }

    @Test
    void webadminIsInReachOfThisMachineOnlyAndAsksForAPassword() throws Exception {
        assertThat(list("ports").stream().filter(port -> port.endsWith(":8000")))
                .containsExactly("127.0.0.1:8000:8000");
        assertThat(text(DOCKER.resolve("webadmin.properties"))).contains("\npassword=${env:WEBADMIN_PASSWORD}\n");
    }

    @Test
    void whatIsDifferentInAContainerIsWhereItListensAndThatPasswordsNeedTls() throws Exception {
        assertThat(text(DOCKER.resolve("smtpserver.xml")))
                .isEqualTo(text(CONF.resolve("smtpserver.xml"))
                        .replace("127.0.0.1:2525", "0.0.0.0:25")
                        .replace("<requireSSL>false", "<requireSSL>true"));
        assertThat(text(DOCKER.resolve("imapserver.xml")))
                .isEqualTo(text(CONF.resolve("imapserver.xml")).replace("127.0.0.1:1143", "0.0.0.0:143"));
        assertThat(text(DOCKER.resolve("webadmin.properties")).lines().filter(line -> line.startsWith("extensions.")))
                .isEqualTo(text(CONF.resolve("webadmin.properties"))
                        .lines()
                        .filter(line -> line.startsWith("extensions."))
                        .toList());
    }

    @Test
    void theImageIsMadeOfWhatIsThere() throws Exception {
        List<String> sources = text(DOCKER.resolve("Dockerfile"))
                .lines()
                .filter(line -> line.startsWith("COPY "))
                .flatMap(line ->
                        Arrays.stream(line.split(" ")).filter(word -> word.contains("conf/") && !word.startsWith("/")))
                .toList();
        assertThat(sources).hasSize(5).allSatisfy(source -> {
            Path path = ROOT.resolve(source);
            try (Stream<Path> found = Files.list(path.getParent())) {
                assertThat(found.map(file -> file.getFileName().toString())
                                .filter(name -> name.matches(path.getFileName()
                                        .toString()
                                        .replace(".", "\\.")
                                        .replace("*", ".*"))))
                        .as(source)
                        .isNotEmpty();
            }
        });
        assertThat(text(DOCKER.resolve("Dockerfile"))).contains("\nFROM " + image() + "\n");
    }

    private static String image() throws IOException {
        Map<?, ?> james = (Map<?, ?>) ((Map<?, ?>) compose().get("services")).get("james");
        return (String) james.get("image");
    }
}
