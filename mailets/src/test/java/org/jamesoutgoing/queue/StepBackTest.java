/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.jamesoutgoing.repository.MailFolder;
import org.jamesoutgoing.service.ControlCodec;
import org.jamesoutgoing.service.RouteCodec;
import org.jamesoutgoing.service.TemplateCodec;
import org.jamesoutgoing.store.Codec;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.UnusableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A version that finds the files of the next one refuses them with both numbers, and leaves them as they are: every kind of file
 * in {@code stored/}, with its format one higher. What stands on the mails themselves is in {@link NewerFormatTest}.
 */
class StepBackTest {

    private static final Path STORED = Path.of("src/test/resources/org/jamesoutgoing/stored/var");

    @TempDir
    Path directory;

    static Stream<Arguments> stores() {
        return Stream.of(
                Arguments.of("outgoing-routes.json", new RouteCodec()),
                Arguments.of("outgoing-controls.json", new ControlCodec()),
                Arguments.of("outgoing-templates.json", new TemplateCodec()));
    }

    /** Nobody forgets a kind. */
    @Test
    void theseAreAllRunTimeFilesThatThereAre() throws Exception {
        try (Stream<Path> files = Files.list(STORED)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(
                            stores().map(store -> (String) store.get()[0]).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    <K, V> void aRunTimeFileOfTheNextFormatIsNeitherReadNorChanged(String name, Codec<K, V> codec) throws Exception {
        Path file = directory.resolve(name);
        Files.copy(STORED.resolve(name), file);
        K any;
        V value;
        try (JsonStore<K, V> store = JsonStore.at(file, codec)) {
            any = store.load().keySet().iterator().next();
            value = store.load().get(any).value();
        }
        byte[] next = Files.readString(file)
                .replaceFirst("\"format\":1,", "\"format\":2,")
                .getBytes(StandardCharsets.UTF_8);
        Files.write(file, next);

        try (JsonStore<K, V> store = JsonStore.at(file, codec)) {
            String said = "written by a newer version: its format is 2, and this version knows 1";
            assertThatThrownBy(store::load)
                    .isInstanceOf(UnusableException.class)
                    .hasMessageContaining(said);
            assertThatThrownBy(() -> store.put(any, value, new Expectation.Any()))
                    .isInstanceOf(UnusableException.class)
                    .hasMessageContaining(said);
            assertThatThrownBy(() -> store.delete(any, new Expectation.Any())).hasMessageContaining(said);
        }
        assertThat(file).hasBinaryContent(next);
    }

    @Test
    void theFileOfAMailInTheNextFormatIsNeitherReadNorRemoved() throws Exception {
        Path mails = Files.createDirectory(directory.resolve("mails"));
        try (Stream<Path> files = Files.list(STORED.resolve("mail/outgoing-waiting"))) {
            byte[] mail = Files.readAllBytes(files.findAny().orElseThrow());
            mail[3] = '2';
            Files.write(mails.resolve("a.1.mail"), mail);
        }
        assertThatThrownBy(() -> MailFolder.at(mails).retrieve(new MailKey("a.1")))
                .isInstanceOf(MessagingException.class)
                .hasMessageEndingWith("written by a newer version: its format is 2, and this version knows 1");
        assertThat(mails.resolve("a.1.mail")).exists();
    }
}
