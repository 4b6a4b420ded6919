/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupRecipientsTest {

    @TempDir
    private Path directory;

    @Test
    void anyAndAskAreWords() {
        assertThat(BackupRecipients.parse("any")).isEqualTo(new BackupRecipients.Any());
        assertThat(BackupRecipients.parse("Ask")).isEqualTo(new BackupRecipients.Ask());
    }

    @Test
    void anythingElseIsAListOfLocalPartsInAnyCase() {
        BackupRecipients.Listed list = (BackupRecipients.Listed) BackupRecipients.parse("Ann, bob.b,o'dd");
        assertThat(list.has("ANN")).isTrue();
        assertThat(list.has("\"ann\"")).isTrue();
        assertThat(list.has("bob.b")).isTrue();
        assertThat(list.has("bob")).isFalse();
        assertThat(list.has("any")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ann,,bob", "ann@example.com", "ann bob"})
    void whatCannotBeALocalPartIsRefused(String text) {
        assertThatThrownBy(() -> BackupRecipients.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileHasOneLocalPartOrAddressALine() throws IOException {
        RecipientFile file =
                file("# recipients\n\nAnn\r\nbob@example.com  OK\n  carl@EXAMPLE.org # other\n\"d d\"@example.com\n"
                        + "*@example.com\neve@*\n");
        assertThat(has(file, "ann")).isTrue();
        assertThat(has(file, "BOB")).isTrue();
        assertThat(has(file, "carl")).isFalse();
        assertThat(has(file, "ok")).isFalse();
        assertThat(has(file, "#")).isFalse();
        assertThat(has(file, "")).isFalse();
        assertThat(has(file, "frank")).isFalse();
        assertThat(has(file, "eve")).isFalse();
    }

    @Test
    void aFileThatHasChangedIsReadAgain() throws IOException {
        RecipientFile file = file("ann\n");
        assertThat(has(file, "ann")).isTrue();
        Files.writeString(directory.resolve("list"), "bob, and no others\n");
        assertThat(has(file, "ann")).isFalse();
        Files.writeString(directory.resolve("list"), "bob\n");
        assertThat(has(file, "bob")).isTrue();
    }

    @Test
    void withoutTheFileNobodyKnows() throws IOException {
        RecipientFile file = file("ann\n");
        has(file, "ann");
        Files.delete(directory.resolve("list"));
        assertThatThrownBy(() -> has(file, "ann")).isInstanceOf(IOException.class);
    }

    @Test
    void filesAreEqualByPath() {
        assertThat(BackupRecipients.parse("file:a"))
                .isEqualTo(BackupRecipients.parse("file:a"))
                .hasSameHashCodeAs(BackupRecipients.parse("file:a"))
                .isNotEqualTo(BackupRecipients.parse("file:b"))
                .hasToString("file:a");
    }

    private RecipientFile file(String text) throws IOException {
        return (RecipientFile) BackupRecipients.parse("file:" + Files.writeString(directory.resolve("list"), text));
    }

    private static boolean has(RecipientFile file, String localPart) throws IOException {
        return file.has(localPart, RouteName.parse("example.com"));
    }
}
