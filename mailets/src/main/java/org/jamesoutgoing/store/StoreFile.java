/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is only ever replaced as a whole: whoever reads it, and whenever a process dies, finds what was there before
 * or what came after. Mode 0600. Thread-safe.
 */
final class StoreFile {

    /** What can be seen of a file without reading all of it; different after every change. */
    record Look(String seen) {}

    private static final Look MISSING = new Look("missing");

    private final Path path;
    private final Path temporary;
    private final Path lock;

    StoreFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
        this.temporary = this.path.resolveSibling(path.getFileName() + ".tmp");
        this.lock = this.path.resolveSibling(path.getFileName() + ".lock");
    }

    Path path() {
        return path;
    }

    /** Empty when it is not there. */
    Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    Look look(int head) {
        try (InputStream in = Files.newInputStream(path)) {
            String start = new String(in.readNBytes(head), StandardCharsets.ISO_8859_1);
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Look(attributes.size() + " " + attributes.lastModifiedTime() + " " + start);
        } catch (NoSuchFileException e) {
            return MISSING;
        } catch (IOException e) {
            return new Look(e.toString());
        }
    }

    /** Keeps others from writing; makes the directory if it is not there. */
    StoreLock lock(Duration patience) throws IOException {
        Files.createDirectories(path.getParent());
        return StoreLock.take(lock, patience);
    }

    /** Replaces it; who calls holds the lock. When it returns, not even a power failure brings back what was there before. */
    void replace(byte[] octets) throws IOException {
        // What a process left that died at this.
        Files.deleteIfExists(temporary);
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    OwnerOnly.of(temporary))) {
                ByteBuffer rest = ByteBuffer.wrap(octets);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory();
    }

    private void forceDirectory() throws IOException {
        if (OwnerOnly.knowsModes(path)) { // Elsewhere a directory cannot be opened.
            try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
