/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonStoreTest extends VersionedStoreContract {

    @TempDir
    Path directory;

    private final AtomicReference<Runnable> look = new AtomicReference<>();
    private final AtomicInteger closed = new AtomicInteger();

    private Path file() {
        return directory.resolve("var").resolve("samples.json");
    }

    @Override
    JsonStore<String, String> open() {
        return new JsonStore<>(file(), new SampleCodec(), work -> () -> {});
    }

    /** Looks for changes when {@link #look} is run. */
    private JsonStore<String, String> watching(Runnable listener) {
        JsonStore<String, String> store = new JsonStore<>(file(), new SampleCodec(), work -> {
            look.set(work);
            return closed::incrementAndGet;
        });
        store.load();
        store.onForeignChange(listener);
        return store;
    }

    @Test
    void onlyJamesMayReadItFromTheBeginning() throws Exception {
        put(open(), SALES, RELAY);
        put(open(), SALES, SLOW);
        try (Stream<Path> files = Files.list(file().getParent())) {
            for (Path path : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void readingLeavesNothingBehind() {
        open().load();
        assertThat(file().getParent()).doesNotExist();
    }

    @Test
    void itIsJsonThatPeopleCanRead() throws Exception {
        put(open(), BELOW, SLOW);
        put(open(), "a.example", "ä");
        assertThat(Files.readString(file()).replaceAll("[0-9a-f]{64}", "…"))
                .isEqualTo(
                        """
                        {"format":1,
                        "sha256":"…",
                        "content":
                        {
                          "revision" : 2,
                          "samples" : [ {
                            "name" : "*.example.com",
                            "revision" : 1,
                            "text" : "1h,\\r\\n2h"
                          }, {
                            "name" : "a.example",
                            "revision" : 2,
                            "text" : "ä"
                          } ]
                        }
                        }
                        """);
    }

    @Test
    void whatAProcessLeftThatDiedWhileWritingIsHarmlessAndGoesWithTheNextChange() throws Exception {
        VersionedValue<String> sales = put(open(), SALES, RELAY);
        Path left = Files.write(file().resolveSibling("samples.json.tmp"), new byte[] {'{', 0});
        assertThat(open().load()).isEqualTo(Map.of(SALES, sales));
        put(open(), BELOW, SLOW);
        assertThat(left).doesNotExist();
        assertThat(open().load()).containsOnlyKeys(SALES, BELOW);
    }

    @Test
    void whatCannotBeWrittenIsSaidAndNothingHasChanged() throws Exception {
        JsonStore<String, String> store = open();
        put(store, SALES, RELAY);
        byte[] before = Files.readAllBytes(file());
        // Something that not even root can write over.
        Path obstacle = Files.createDirectory(file().resolveSibling("samples.json.tmp"));
        Files.createFile(obstacle.resolve("x"));

        assertThatThrownBy(() -> put(store, BELOW, SLOW))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("the sample store " + file() + " cannot be written: ")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> delete(store, SALES)).isInstanceOf(UnusableException.class);

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        Files.delete(obstacle.resolve("x"));
        put(store, BELOW, SLOW);
        assertThat(open().load()).containsOnlyKeys(SALES, BELOW);
    }

    @Test
    void aPlaceWhereNoDirectoryCanBeIsUnusable() throws Exception {
        Files.createFile(directory.resolve("var"));
        assertThatThrownBy(() -> put(open(), SALES, RELAY)).isInstanceOf(UnusableException.class);
    }

    @Test
    void aFileThatCannotBeReadIsNotNoFile() throws Exception {
        Files.createDirectories(file());
        assertThatThrownBy(() -> open().load())
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("the sample store " + file() + " cannot be read: ")
                .hasMessageContaining("start James without it");
    }

    @Test
    void aFileThatIsSuddenlyGoneIsNotAnEmptyStore() throws Exception {
        JsonStore<String, String> store = open();
        put(store, SALES, RELAY);
        Path away = Files.move(file(), file().resolveSibling("away"));
        assertThatThrownBy(store::load)
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining("was there and is gone");
        assertThatThrownBy(() -> put(store, BELOW, SLOW)).isInstanceOf(UnusableException.class);
        assertThat(file()).doesNotExist();
        Files.move(away, file());
        put(store, BELOW, SLOW);
        assertThat(store.load()).containsOnlyKeys(SALES, BELOW);
    }

    @Test
    void anOlderFilePutBackDoesNotMakeARevisionComeTwice() throws Exception {
        JsonStore<String, String> store = open();
        put(store, SALES, RELAY);
        byte[] older = Files.readAllBytes(file());
        VersionedValue<String> later = put(store, SALES, SLOW);
        Files.write(file(), older);
        assertThat(put(store, SALES, RELAY).revision()).isGreaterThan(later.revision());
    }

    @Test
    void whatTheCodecRefusesIsNamed() throws Exception {
        rewrite("some text", "some text", "bad");
        assertThatThrownBy(() -> open().load())
                .isInstanceOf(UnusableException.class)
                .hasMessage("the sample store " + file()
                        + " cannot be used: sample 'sales.example.com': its text is bad; put a good copy in its place, or"
                        + " start James without it to have no run-time samples");
    }

    @Test
    void whatAnotherVersionMayHaveWrittenIsNotGuessed() throws Exception {
        for (List<String> change : List.of(
                List.of("\"some text\"", "10"),
                List.of("\"revision\" : 1,", "\"revision\" : 1, \"more\" : 2,"),
                List.of("\"revision\" : 1,", "\"revision\" : \"1\","),
                List.of("\"revision\" : 1,", "\"revision\" : 99999999999999999999,"),
                List.of("\"sales.example.com\"", "\"Sales.example.com\""),
                List.of("\"samples\"", "\"rules\""),
                List.of("\"text\" : ", "\"text\" : \"1d\", \"text\" : "))) {
            rewrite("some text", change.get(0), change.get(1));
            assertThatThrownBy(() -> open().load()).as(change.toString()).isInstanceOf(UnusableException.class);
        }
    }

    private void rewrite(String value, String old, String replacement) throws Exception {
        Files.deleteIfExists(file());
        put(open(), SALES, value);
        Stores.rewrite(file(), old, replacement);
    }

    @Test
    void aHangingProcessMakesNobodyWaitForEver() throws Exception {
        Files.createDirectories(file().getParent());
        Path lock = file().resolveSibling("x.lock");
        try (StoreFile.Lock held = StoreFile.Lock.take(lock, Duration.ZERO)) {
            List<Throwable> thrown = new ArrayList<>();
            Thread other = new Thread(() -> {
                try (StoreFile.Lock second = StoreFile.Lock.take(lock, Duration.ofMillis(1))) {
                    thrown.add(new AssertionError("two at once"));
                } catch (Exception e) {
                    thrown.add(e);
                }
            });
            other.start();
            other.join();
            assertThat(thrown.get(0)).hasMessage("another thread holds its lock");
        }
        StoreFile.Lock.take(lock, Duration.ZERO).close();
    }

    // ---- other processes

    @Test
    void aChangeByAnotherProcessIsReportedOnce() throws Exception {
        AtomicInteger told = new AtomicInteger();
        JsonStore<String, String> store = watching(told::incrementAndGet);
        look.get().run();
        assertThat(told).hasValue(0);
        put(open(), SALES, RELAY);
        look.get().run();
        look.get().run();
        assertThat(told).hasValue(1);
        delete(open(), SALES);
        look.get().run();
        assertThat(told).hasValue(2);
        store.close();
        assertThat(closed).hasValue(1);
    }

    @Test
    void anOwnChangeIsNotReported() throws Exception {
        AtomicInteger told = new AtomicInteger();
        JsonStore<String, String> store = watching(told::incrementAndGet);
        put(store, SALES, RELAY);
        put(store, SALES, SLOW);
        delete(store, SALES);
        look.get().run();
        assertThat(told).hasValue(0);
    }

    @Test
    void aForeignChangeIsReportedAlsoWhenAnOwnOneCameAfterIt() {
        AtomicInteger told = new AtomicInteger();
        JsonStore<String, String> store = watching(told::incrementAndGet);
        put(open(), SALES, RELAY);
        put(store, BELOW, SLOW);
        look.get().run();
        assertThat(told).hasValue(1);
    }

    @Test
    void aListenerThatThrowsDoesNotKeepTheOthersFromKnowing() {
        AtomicInteger told = new AtomicInteger();
        JsonStore<String, String> store = watching(() -> {
            throw new IllegalStateException("expected");
        });
        store.onForeignChange(told::incrementAndGet);
        put(open(), SALES, RELAY);
        look.get().run();
        assertThat(told).hasValue(1);
    }

    @Test
    void aFileThatWentBadIsReported() throws Exception {
        put(open(), SALES, RELAY);
        AtomicInteger told = new AtomicInteger();
        watching(told::incrementAndGet);
        Files.write(file(), new byte[1]);
        look.get().run();
        look.get().run();
        assertThat(told).hasValue(1);
        Files.delete(file());
        look.get().run();
        look.get().run();
        assertThat(told).hasValue(2);
    }

    @Test
    void aRealStoreNotificationsWithinAboutASecond() {
        AtomicInteger told = new AtomicInteger();
        try (JsonStore<String, String> store = JsonStore.at(file(), new SampleCodec())) {
            store.load();
            store.onForeignChange(told::incrementAndGet);
            put(open(), SALES, RELAY);
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAtomic(told, org.hamcrest.Matchers.is(1));
        }
    }
}
