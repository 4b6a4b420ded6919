/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.jamesoutgoing.repository.MailFolder;

/**
 * The mails of one waiting room in an export: files as {@link MailFolder} stores them. Those that are imported are
 * listed in a file beside them, {@value #IMPORTED}: they may have been delivered since, so no second import may bring them
 * back. Blocks.
 */
public final class ExportedMails {

    static final String IMPORTED = "imported.txt";

    private final Path imported;
    private final WaitingRepository mails;

    /** In this directory, which is made if it is not there. */
    public ExportedMails(Path directory) throws IOException {
        this.imported = directory.resolve(IMPORTED);
        this.mails = new WaitingRepository(MailFolder.at(directory));
    }

    WaitingRepository mails() {
        return mails;
    }

    Mail retrieve(RecordId recordId) throws MessagingException {
        return mails.retrieve(recordId);
    }

    /** From now on {@link #isImportBegun}. */
    void beginImport() throws IOException {
        markImported(List.of());
        try (FileChannel directory = FileChannel.open(imported.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    boolean isImportBegun() {
        return Files.exists(imported);
    }

    /** Whether anything was imported out of this directory, or was about to be. */
    public static boolean isImportBegun(Path directory) {
        return Files.exists(directory.resolve(IMPORTED));
    }

    /** Those that are not listed as imported. */
    List<RecordId> left() throws IOException, MessagingException {
        Set<String> done = isImportBegun() ? new HashSet<>(Files.readAllLines(imported)) : Set.of();
        return mails.list().stream()
                .filter(recordId -> !done.contains(recordId.key()))
                .toList();
    }

    /** Lists these as imported; when it returns, it is on the disk. */
    void markImported(Collection<RecordId> recordIds) throws IOException {
        // A line end stands before each, so that a piece of one, of a process that died at this, is a line of its own,
        // and no key.
        Files.writeString(
                imported,
                recordIds.stream().map(recordId -> "\n" + recordId.key()).collect(Collectors.joining()),
                StandardCharsets.US_ASCII,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        try (FileChannel channel = FileChannel.open(imported, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
