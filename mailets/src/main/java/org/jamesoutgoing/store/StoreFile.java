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
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is only ever replaced as a whole: whoever reads it, and whenever a process dies, finds what was there before
 * or what came after. Mode 0600, since there may be passwords in it. Thread-safe.
 */
final class StoreFile {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreFile.class);

    private final Path path;
    private final Path temporary;

    StoreFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
        this.temporary = this.path.resolveSibling(path.getFileName() + ".tmp");
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

    /** What can be seen of it without reading more than {@code head} octets; different after every change. */
    String look(int head) {
        try (InputStream in = Files.newInputStream(path)) {
            String start = new String(in.readNBytes(head), StandardCharsets.ISO_8859_1);
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.size() + " " + attributes.lastModifiedTime() + " " + start;
        } catch (NoSuchFileException e) {
            return "missing";
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Replaces it; who calls holds the lock. When it returns, not even a power failure brings back what was there before. */
    void replace(byte[] octets) throws IOException {
        // What a process left that died at this.
        Files.deleteIfExists(temporary);
        try {
            try (FileChannel channel = ownersOnly(temporary, StandardOpenOption.CREATE_NEW)) {
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
        if (knowsModes(path)) { // Elsewhere a directory cannot be opened.
            try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** For writing; nobody but James's own user may read it, where the file system knows modes. */
    private static FileChannel ownersOnly(Path path, OpenOption create) throws IOException {
        FileAttribute<?>[] mode = knowsModes(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return FileChannel.open(path, Set.of(create, StandardOpenOption.WRITE), mode);
    }

    private static boolean knowsModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Keeps others from writing; makes the directory if it is not there. */
    Lock lock(Duration patience) throws IOException {
        Files.createDirectories(path.getParent());
        return Lock.take(path.resolveSibling(path.getFileName() + ".lock"), patience);
    }

    /**
     * Keeps everybody else out, in this process and in others. The lock file stays when nobody holds it: who deleted it
     * would let two in at once.
     */
    static final class Lock implements AutoCloseable {

        /**
         * A file lock is the whole process's, and on most systems lost as soon as any channel to the file is closed, so
         * within the process only one thread at a time may come near it.
         */
        private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

        private static final Duration BETWEEN_TRIES = Duration.ofMillis(4);

        private final ReentrantLock thread;
        private final FileChannel channel;

        private Lock(ReentrantLock thread, FileChannel channel) {
            this.thread = thread;
            this.channel = channel;
        }

        /**
         * Waits for the lock.
         *
         * @param file the lock file, in a directory that is there
         * @throws IOException when the lock file cannot be used, the thread is interrupted, or somebody else holds the
         *     lock longer than {@code patience}: a process that hangs must not make others hang
         */
        static Lock take(Path file, Duration patience) throws IOException {
            Path real = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
            ReentrantLock thread = IN_THIS_PROCESS.computeIfAbsent(real, any -> new ReentrantLock(true));
            long end = System.nanoTime() + patience.toNanos();
            try {
                if (!thread.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new IOException("another thread holds its lock");
                }
                FileChannel channel = null;
                try {
                    channel = ownersOnly(real, StandardOpenOption.CREATE);
                    lock(channel, end);
                    return new Lock(thread, channel);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    new Lock(thread, channel).close();
                    throw e;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for its lock", e);
            }
        }

        private static void lock(FileChannel channel, long end) throws IOException, InterruptedException {
            while (channel.tryLock() == null) {
                if (System.nanoTime() - end > 0) {
                    throw new IOException("another process holds its lock");
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
            }
        }

        @Override
        public void close() {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                LOGGER.warn("a lock may be held until this process ends", e);
            } finally {
                thread.unlock();
            }
        }
    }
}
