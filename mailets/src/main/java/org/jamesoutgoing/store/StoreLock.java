/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps everybody else from a file, in this process and in others. The lock file stays when nobody holds it: who deleted it
 * would let two in at once.
 */
final class StoreLock implements AutoCloseable {

    /**
     * A file lock is the whole process's, and on most systems lost as soon as any channel to the file is closed, so within
     * the process only one thread at a time may come near it.
     */
    private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreLock.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(4);

    private final ReentrantLock thread;
    private final FileChannel channel;

    private StoreLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param file the lock file, in a directory that is there
     * @throws IOException when the lock file cannot be used, the thread is interrupted, or somebody else holds the lock
     *     longer than {@code patience}: a process that hangs must not make others hang
     */
    static StoreLock take(Path file, Duration patience) throws IOException {
        Path real = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
        ReentrantLock thread = IN_THIS_PROCESS.computeIfAbsent(real, any -> new ReentrantLock(true));
        long end = System.nanoTime() + patience.toNanos();
        try {
            if (!thread.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("another thread holds its lock");
            }
            FileChannel channel = null;
            try {
                channel = FileChannel.open(
                        real, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.of(real));
                lock(channel, end);
                return new StoreLock(thread, channel);
            } catch (IOException | InterruptedException | RuntimeException e) {
                new StoreLock(thread, channel).close();
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
