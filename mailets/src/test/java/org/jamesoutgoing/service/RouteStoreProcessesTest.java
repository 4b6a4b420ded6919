/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOptions;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.VersionedStore;
import org.jamesoutgoing.store.VersionedValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One store in several processes. */
@Timeout(120)
class RouteStoreProcessesTest {

    private static final int WRITERS = 4;
    private static final int ROUTES = 10;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    private Path file() {
        return directory.resolve("outgoing-routes.json");
    }

    private VersionedStore<RouteName, OptionValues> open() {
        return JsonStore.at(file(), new RouteCodec());
    }

    private Process start(String process, int writers, int routes) throws IOException {
        Process started = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RouteStoreWriter.class.getName(),
                        file().toString(),
                        process,
                        String.valueOf(writers),
                        String.valueOf(routes),
                        acknowledged(process).toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(process + ".log").toFile())
                .start();
        processes.add(started);
        return started;
    }

    @AfterEach
    void nothingGoesOn() {
        processes.forEach(Process::destroyForcibly);
    }

    /** A revision a line. */
    private Path acknowledged(String process) {
        return directory.resolve(process + ".acknowledged");
    }

    /** Whole lines only. */
    private List<Long> revisions(String process) throws IOException {
        if (!Files.exists(acknowledged(process))) {
            return List.of();
        }
        String text = Files.readString(acknowledged(process));
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Long::valueOf)
                .toList();
    }

    private void endsWell(String name, Process process) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(name).isTrue();
        assertThat(process.exitValue())
                .as(() -> read(directory.resolve(name + ".log")))
                .isZero();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void twoProcessesAndEightWritersLoseNothing() throws Exception {
        Process one = start("one", WRITERS, ROUTES);
        Process two = start("two", WRITERS, ROUTES);
        endsWell("one", one);
        endsWell("two", two);

        Map<RouteName, VersionedValue<OptionValues>> routes = open().load();
        Set<String> expected = new HashSet<>();
        for (String process : List.of("one", "two")) {
            for (int writer = 0; writer < WRITERS; writer++) {
                for (int i = 0; i < ROUTES; i++) {
                    // Every third was deleted again.
                    if (i % 3 != 0) {
                        expected.add("r" + i + ".w" + writer + "." + process + ".example");
                    }
                }
            }
        }
        expected.add(RouteStoreWriter.COUNTER.text());
        assertThat(routes.keySet()).extracting(RouteName::text).containsExactlyInAnyOrderElementsOf(expected);
        // Each writer added one to the same number each time, expecting the revision it had read.
        assertThat(routes.get(RouteStoreWriter.COUNTER).value().get(RouteOptions.MAX_ATTEMPTS))
                .contains(2 * WRITERS * ROUTES);
        List<Long> acknowledged = new ArrayList<>(revisions("one"));
        acknowledged.addAll(revisions("two"));
        assertThat(acknowledged).doesNotHaveDuplicates().hasSize(2 * 2 * WRITERS * ROUTES);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aProcessKilledWhileItWritesLosesNothingItHasAcknowledged() throws Exception {
        for (int round = 0; round < 3; round++) {
            String name = "round" + round;
            int enough = 5 + 7 * round;
            Process writer = start(name, 1, 100_000);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> revisions(name).size() >= enough);
            writer.destroyForcibly().waitFor();
            long last = Collections.max(revisions(name));

            assertThat(open().load().values())
                    .extracting(VersionedValue::revision)
                    .anyMatch(revision -> revision >= last);
            VersionedValue<OptionValues> next =
                    open().put(RouteName.DEFAULT, OptionValues.none(), new Expectation.Any());
            assertThat(next.revision()).isGreaterThan(last);
            assertThat(leftovers()).isEmpty();
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.toString().endsWith(".tmp")).toList();
        }
    }
}
