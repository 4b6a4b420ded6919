/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where a peer delivers to.
 *
 * @param directory with {@code new} and {@code tmp} in it
 * @param recipientField the header field in which the peer notes the recipient of a copy
 */
record MailDirectory(Path directory, String recipientField) {

    /** More than any peer's own fields take, which come first. */
    private static final int HEAD = 4096;

    /** The copies for one recipient, one char for each octet. */
    List<String> mailsTo(String recipient) throws IOException {
        String noted = ("\n" + recipientField + ": " + recipient + "\n").toLowerCase(Locale.ROOT);
        List<String> messages = new ArrayList<>();
        for (Path file : files()) {
            if (("\n" + head(file)).toLowerCase(Locale.ROOT).contains(noted)) {
                messages.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return messages;
    }

    /** All copies. */
    List<String> all() throws IOException {
        List<String> messages = new ArrayList<>();
        for (Path file : files()) {
            messages.add(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        return messages;
    }

    private List<Path> files() throws IOException {
        Path mails = directory.resolve("new");
        if (!Files.isDirectory(mails)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(mails)) {
            return files.sorted().toList();
        }
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
        }
    }
}
