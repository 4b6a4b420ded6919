/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in the files of a directory, read again when a file has changed. A file that cannot be read or makes no
 * sense is none, and is logged once for each change. Thread-safe; blocks on the disk.
 */
final class FileCache<T> {
    /** What a text of UTF-8 means. */
    @FunctionalInterface
    interface Parser<T> {
        /** @param file for the log */
        T parse(String text, Path file) throws BadTemplateException;
    }

    private record State(FileTime changed, long size, Object identity) {}

    /** @param problem why there is no value */
    private record Entry<T>(State state, Optional<T> value, Optional<String> problem) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(FileCache.class);

    /** In octets. */
    private static final int LONGEST = 1024 * 1024;

    private final Path directory;
    private final Parser<T> parser;
    private final Map<Path, Entry<T>> read = new ConcurrentHashMap<>();

    FileCache(Path directory, Parser<T> parser) {
        this.directory = directory;
        this.parser = parser;
    }

    /** The names of the files there are, sorted; none when there is no directory. */
    List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::getFileName)
                    .filter(Objects::nonNull)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException | RuntimeException absent) {
            return List.of();
        }
    }

    Optional<T> get(String name) {
        return entry(name).flatMap(Entry::value);
    }

    /** Why what is there cannot be used, in one line. */
    Optional<String> problem(String name) {
        return entry(name).flatMap(Entry::problem);
    }

    private Optional<Entry<T>> entry(String name) {
        Path file = directory.resolve(name);
        State state;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return Optional.empty();
            }
            state = new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException absent) {
            read.remove(file);
            return Optional.empty();
        }
        Entry<T> known = read.get(file);
        if (known == null || !known.state().equals(state)) {
            known = parse(file, state);
            read.put(file, known);
        }
        return Optional.of(known);
    }

    private Entry<T> parse(Path file, State state) {
        String problem;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(LONGEST + 1);
            if (octets.length > LONGEST) {
                throw new IOException("larger than " + LONGEST + " octets");
            }
            T value = parser.parse(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString(), file);
            return new Entry<>(state, Optional.of(value), Optional.empty());
        } catch (CharacterCodingException e) {
            problem = "it is not UTF-8";
        } catch (IOException | BadTemplateException | RuntimeException e) {
            problem = String.valueOf(e.getMessage());
        }
        LOGGER.warn("{} is not used: {}", file, problem);
        return new Entry<>(state, Optional.empty(), Optional.of(problem));
    }
}
