/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.queue.SampleMails.recipientsOf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.file.FileMailRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On James's file repository, which keeps a mail in two files and never has them written out. */
class FileWaitingRoomTest extends WaitingRoomContract {

    @TempDir
    Path directory;

    @Override
    MailRepository open() throws Exception {
        FileMailRepository files = new FileMailRepository();
        files.setFileSystem(new DirectoryFileSystem(directory));
        BaseHierarchicalConfiguration configuration = new BaseHierarchicalConfiguration();
        configuration.addProperty("[@destinationURL]", "file://var/mail/outgoing-waiting");
        files.configure(configuration);
        files.init();
        return files;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 50, 99})
    void ofADamagedLaterRecordTheEarlierIsValid(int percentLeft) throws Exception {
        park("a", 1, "x@a.example", "y@a.example");
        park("a", 2, "y@a.example");
        truncate(file("a.2", "Object"), percentLeft);
        restart("a");

        assertWaiting(1);
        assertThat(room.holdsLater(new RecordId("a", 0))).isTrue();
        assertThat(room.holdsLater(new RecordId("a", 1))).isFalse();
        ListedMail waiting = onlyDue();
        assertThat(waiting.recordId()).isEqualTo(new RecordId("a", 1));
        assertThat(recipientsOf(load(waiting))).containsExactly("x@a.example", "y@a.example");
        assertThat(text(load(waiting))).isEqualTo(SampleMails.TEXT);
    }

    @Test
    void theDamagedRecordDoesNotHinderTheNextOne() throws Exception {
        park("a", 1, "x@a.example");
        park("a", 2, "x@a.example");
        truncate(file("a.2", "Object"), 50);
        restart("a");
        ListedMail waiting = onlyDue();
        room.park(load(waiting), parked("a", 2, "x@a.example"));
        room.remove(waiting.recordId());
        restart("a");
        assertThat(onlyDue().recordId()).isEqualTo(new RecordId("a", 2));
        assertThat(keys()).containsExactly("a.2");
    }

    @Test
    void aDamagedRecordWithoutAnEarlierOneDoesNotHideTheMailInTheQueue() throws Exception {
        park("a", 1, "x@a.example");
        truncate(file("a.1", "Object"), 50);
        restart();
        room.read("a");
        assertThat(room.isUnread("a")).isFalse();
        assertThat(room.holdsLater(new RecordId("a", 0))).isFalse();
        assertThat(due()).isEmpty();
        assertWaiting(0);
    }

    /** James writes the message first. */
    @Test
    void ofARecordThatWasOnlyHalfWrittenTheEarlierIsValid() throws Exception {
        park("a", 1, "x@a.example");
        park("a", 2, "x@a.example");
        Files.delete(file("a.2", "Object"));
        restart("a");
        assertThat(onlyDue().recordId()).isEqualTo(new RecordId("a", 1));
        assertThat(keys()).containsExactly("a.1");
    }

    @Test
    void ofARecordThatWasOnlyHalfRemovedTheLaterIsValid() throws Exception {
        park("a", 1, "x@a.example");
        park("a", 2, "x@a.example");
        Files.delete(file("a.1", "Stream"));
        restart("a");
        assertThat(onlyDue().recordId()).isEqualTo(new RecordId("a", 2));
        assertThat(keys()).containsExactly("a.2");
    }

    @Test
    void oneDamagedMailDoesNotHinderTheOthers() throws Exception {
        park("a", 1, "x@a.example");
        park("b", 1, "x@b.example");
        Files.writeString(file("a.1", "Object"), "not a mail");
        restart("a", "b");
        assertThat(onlyDue().recordId().id()).isEqualTo("b");
    }

    private Path file(String key, String kind) throws IOException {
        String hex = HexFormat.of().withUpperCase().formatHex(key.getBytes(StandardCharsets.US_ASCII));
        Path file = directory.resolve("var/mail/outgoing-waiting/" + hex + ".Repository.File" + kind + "Store");
        assertThat(file).exists();
        return file;
    }

    private static void truncate(Path file, int percentLeft) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length * percentLeft / 100));
    }
}
