/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.apache.james.filesystem.api.FileSystem;
import org.jamesoutgoing.queue.ExportedMails;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports: each is a folder below James's {@code var/outgoing-exports}, which only James's own user may read, since there are
 * passwords and mail in it. One that is being written has another name, so what can be found is finished.
 *
 * <pre>
 * manifest.json            the number of the format, and of which queues there is mail
 * outgoing-routes.json     as in var/, as the next two
 * outgoing-controls.json
 * outgoing-templates.json
 * queue-outgoing/          the mails of the waiting room of this queue, see {@link ExportedMails}
 * </pre>
 */
@Singleton
public final class Exports {

    private static final Logger LOGGER = LoggerFactory.getLogger(Exports.class);
    /** What this version writes; it reads all from 1 to this. */
    private static final int FORMAT = 1;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String ALLOWED =
            "letters, digits, '.', '_' and '-', not '.', '_' or '-' first, and 100 characters at most";
    private static final String FOLDER = "outgoing-exports";
    private static final String MANIFEST = "manifest.json";
    private static final String OF_QUEUE = "queue-";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An export cannot be written, or cannot be read here. Its message is one line, for people. */
    public static final class ExportException extends Exception {
        private static final long serialVersionUID = 1;

        ExportException(String message, Throwable cause) {
            super(message, cause);
        }

        ExportException(String message) {
            this(message, null);
        }
    }

    private final FileSystem files;

    @Inject
    Exports(FileSystem files) {
        this.files = files;
    }

    /** @throws IllegalArgumentException saying what is allowed, when no export may have this name */
    public static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'folder' is '" + name + "'; allowed: " + ALLOWED);
        }
    }

    private Path folder() throws FileNotFoundException {
        return files.getFile(FileSystem.FILE_PROTOCOL_AND_VAR + FOLDER).toPath();
    }

    private Path path(String name) throws FileNotFoundException {
        checkName(name);
        return folder().resolve(name);
    }

    // ---- Writing

    /** @throws ExportException when there is an export of this name */
    public void requireNone(String name) throws ExportException, IOException {
        if (Files.exists(path(name))) {
            throw new ExportException("there is an export '" + name + "'; allowed: another name, or to move that away");
        }
    }

    /** A directory for the parts of an export; what was left of one that did not come to its end is gone. */
    Path begin(String name) throws ExportException, IOException {
        requireNone(name);
        Path unfinished = unfinished(name);
        delete(unfinished);
        Files.createDirectories(unfinished.getParent());
        return Files.createDirectory(unfinished, ownersOnly(unfinished));
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** No name begins so. */
    private Path unfinished(String name) throws FileNotFoundException {
        return path(name).resolveSibling("." + name + ".unfinished");
    }

    private static FileAttribute<?>[] ownersOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /** From now on there is an export of this name. */
    void finish(String name, Collection<String> queues, Instant now) throws IOException {
        Path unfinished = unfinished(name);
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("format", FORMAT);
        manifest.put("made", now.toString());
        queues.forEach(manifest.putArray("queues")::add);
        Files.write(
                unfinished.resolve(MANIFEST),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
        force(unfinished.resolve(MANIFEST), StandardOpenOption.WRITE);
        force(unfinished, StandardOpenOption.READ);
        Files.move(unfinished, path(name), StandardCopyOption.ATOMIC_MOVE);
        force(unfinished.getParent(), StandardOpenOption.READ);
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    // ---- Reading

    /**
     * What an export has.
     *
     * @param queues of which there is mail
     */
    record Contents(Path directory, Set<String> queues) {

        ExportedMails mails(String queue) throws IOException {
            return new ExportedMails(ofQueue(directory, queue));
        }
    }

    /** @throws ExportException when there is no such export, or a newer version has written it */
    public void require(String name) throws ExportException, IOException {
        open(name);
    }

    Contents open(String name) throws ExportException, IOException {
        Path directory = path(name);
        JsonNode manifest;
        try {
            manifest = JSON.readTree(Files.readAllBytes(directory.resolve(MANIFEST)));
        } catch (NoSuchFileException e) {
            throw new ExportException("there is no export '" + name + "' in " + folder(), e);
        } catch (JacksonException e) {
            throw new ExportException("the export '" + name + "' has a " + MANIFEST + " that is damaged", e);
        }
        int format = manifest.path("format").asInt();
        if (format < 1 || format > FORMAT) {
            throw new ExportException(
                    "the export '" + name + "' is damaged, or written by a newer version: its format is "
                            + manifest.path("format") + ", and this version knows " + FORMAT);
        }
        Set<String> queues = new TreeSet<>();
        manifest.path("queues").forEach(queue -> queues.add(queue.asText()));
        return new Contents(directory, queues);
    }

    static Path ofQueue(Path directory, String queue) {
        return directory.resolve(OF_QUEUE + URLEncoder.encode(queue, StandardCharsets.UTF_8));
    }

    /** The mails of this queue in every export of which something was imported. */
    List<ExportedMails> imported(String queue) {
        List<ExportedMails> imported = new ArrayList<>();
        try {
            if (!Files.isDirectory(folder())) {
                return imported;
            }
            try (Stream<Path> exports = Files.list(folder())) {
                for (Path export : exports.toList()) {
                    Path mails = ofQueue(export, queue);
                    if (ExportedMails.isImportBegun(mails)) {
                        imported.add(new ExportedMails(mails));
                    }
                }
            }
        } catch (IOException e) {
            LOGGER.error(
                    "{} cannot be read: what an import stored before a crash is imported again by the next one",
                    FOLDER,
                    e);
        }
        return imported;
    }
}
