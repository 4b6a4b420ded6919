/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Set;
import org.jamesoutgoing.settings.OptionException;

/**
 * The valid recipients in a file, read again when it has changed. On each line the first word counts, a local part or an
 * address; addresses of other domains and what follows {@code #} are passed over, so that one file can serve several domains
 * and be that of another mail server. Equal for equal paths. Thread-safe; reading blocks.
 */
public final class RecipientFile implements BackupRecipients {

    static final String PREFIX = "file:";

    private final Path path;

    /** Guarded by {@code this}. */
    private Version read = new Version(FileTime.fromMillis(-1), -1, Set.of());

    RecipientFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** @throws IOException when the file is not there or cannot be read: nobody knows then */
    public boolean has(String localPart, RouteName domain) throws IOException {
        String canonical = LocalParts.canonical(localPart);
        Set<String> listed = newest().recipients();
        return listed.contains(canonical) || listed.contains(canonical + "@" + domain);
    }

    private synchronized Version newest() throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
        if (!file.lastModifiedTime().equals(read.modified()) || file.size() != read.size()) {
            Set<String> recipients = new HashSet<>();
            for (String line :
                    Files.readString(path, StandardCharsets.ISO_8859_1).split("\\R", -1)) {
                String word = line.replaceFirst("#.*", "").strip().split("\\s", 2)[0];
                if (!word.isEmpty()) {
                    recipients.add(canonical(word));
                }
            }
            read = new Version(file.lastModifiedTime(), file.size(), recipients);
        }
        return read;
    }

    private static String canonical(String word) {
        int at = word.lastIndexOf('@');
        return at < 0
                ? LocalParts.canonical(word)
                : LocalParts.canonical(word.substring(0, at)) + "@" + domain(word.substring(at + 1));
    }

    private static String domain(String text) {
        try {
            return RouteName.parse(text).text();
        } catch (OptionException e) {
            return "";
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecipientFile that && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return PREFIX + path;
    }

    /** One state of the file. Time and size together tell it from the next one well enough. */
    private record Version(FileTime modified, long size, Set<String> recipients) {}
}
