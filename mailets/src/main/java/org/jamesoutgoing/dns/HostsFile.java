/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses in {@code /etc/hosts}, several for a name if several lines give them. A changed file is read again; it
 * is looked at every five seconds at most, on the thread that asks (a small local file; one {@code stat} in most
 * cases). Thread-safe.
 */
public final class HostsFile {
    /** How long what was read counts as the newest. */
    static final Duration FRESH = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 1 << 20;
    private static final Logger LOGGER = LoggerFactory.getLogger(HostsFile.class);

    private final Path path;
    private final LongSupplier nanoTime;

    /** Guarded by {@code this}. */
    private Version read = Version.NONE;

    /** Guarded by {@code this}. */
    private boolean looked;

    /** Guarded by {@code this}. */
    private long lookedAt;

    /**
     * @param path need not exist
     * @param nanoTime a clock that only goes forward, in nanoseconds
     */
    public HostsFile(Path path, LongSupplier nanoTime) {
        this.path = path;
        this.nanoTime = nanoTime;
    }

    /** The hosts file of this operating system. */
    public static HostsFile system(LongSupplier nanoTime) {
        String windows = System.getenv("SystemRoot");
        boolean isWindows = System.getProperty("os.name").startsWith("Windows") && windows != null;
        Path path = isWindows ? Path.of(windows, "System32", "drivers", "etc", "hosts") : Path.of("/etc/hosts");
        return new HostsFile(path, nanoTime);
    }

    /** The addresses of a host in the order of the file; empty when it is not in there. Any case, any trailing dot. */
    public List<InetAddress> addresses(String hostName) {
        return newest().byName().getOrDefault(key(hostName), List.of());
    }

    private synchronized Version newest() {
        long now = nanoTime.getAsLong();
        if (looked && now - lookedAt < FRESH.toNanos()) {
            return read;
        }
        looked = true;
        lookedAt = now;
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            if (!file.lastModifiedTime().equals(read.modified()) || file.size() != read.size()) {
                read = new Version(file.lastModifiedTime(), file.size(), parse());
            }
        } catch (NoSuchFileException e) {
            read = Version.NONE;
        } catch (IOException e) {
            // What was read before counts on.
            LOGGER.warn("Cannot read {}: {}", path, e.toString());
        }
        return read;
    }

    private Map<String, List<InetAddress>> parse() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES);
        }
        Map<String, List<InetAddress>> byName = new HashMap<>();
        new String(bytes, StandardCharsets.ISO_8859_1).lines().forEach(line -> {
            String[] words = line.replaceFirst("#.*", "").trim().split("\\s+", -1);
            Optional<InetAddress> address = IpAddresses.parse(words[0]).filter(IpAddresses::isUsable);
            for (int i = 1; i < words.length && address.isPresent(); i++) {
                List<InetAddress> known = byName.computeIfAbsent(key(words[i]), name -> new ArrayList<>());
                if (!known.contains(address.get())) {
                    known.add(address.get());
                }
            }
        });
        byName.replaceAll((name, addresses) -> List.copyOf(addresses));
        return byName;
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** One state of the file. A change is noticed by time and size. */
    private record Version(FileTime modified, long size, Map<String, List<InetAddress>> byName) {
        static final Version NONE = new Version(FileTime.fromMillis(-1), -1, Map.of());
    }
}
