/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A root directory for a mail server that insists on paths and users of its own: a copy of its unpacked Debian package with
 * the libraries it needs, made by {@code .ci/peers}. The server runs under {@code chroot(8)}, so nothing of the machine's own
 * is used or changed, and several can run. Needs root.
 */
final class PeerRoot implements AutoCloseable {

    /** The user that keeps the mail, in every such root. */
    static final String MAIL_USER = "keeper";

    private static final int FIRST_USER = 61_000;

    private final Path directory;
    private Process process;

    /** Whether this machine has the package. */
    static boolean available(String name) {
        return Files.isDirectory(installed(name).resolve("usr/sbin")) && "root".equals(System.getProperty("user.name"));
    }

    private static Path installed(String name) {
        return Path.of(System.getProperty("peers.directory", "/usr/local/lib/james-outgoing-peers"))
                .resolve(name);
    }

    /** A root of its own with these users beside {@link #MAIL_USER}, who owns {@code /mail}. */
    static PeerRoot create(String name, String... users) throws IOException {
        Path directory = Files.createTempDirectory(name + "-");
        // The server's users must be able to pass.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        ChildProcess.run("cp", "-a", installed(name) + "/.", directory.toString());
        PeerRoot root = new PeerRoot(directory);
        root.addUsers(users);
        root.directory("mail", MAIL_USER);
        root.directory("run", MAIL_USER);
        Files.createDirectories(directory.resolve("tmp"));
        Files.setPosixFilePermissions(directory.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        // A device needs rights that a container may lack; to be read as empty and written to, a file will do.
        Files.setPosixFilePermissions(root.file("dev/null", ""), PosixFilePermissions.fromString("rw-rw-rw-"));
        root.file("etc/hosts", "127.0.0.1 localhost\n");
        return root;
    }

    private PeerRoot(Path directory) {
        this.directory = directory;
    }

    private void addUsers(String... users) throws IOException {
        StringBuilder passwd = new StringBuilder("root:x:0:0::/:/bin/sh\n");
        StringBuilder group = new StringBuilder("root:x:0:\n");
        int id = FIRST_USER;
        for (String user : Stream.concat(Stream.of(MAIL_USER), Stream.of(users)).toList()) {
            passwd.append("%1$s:x:%2$d:%2$d::/mail:/bin/sh\n".formatted(user, id));
            group.append("%s:x:%d:\n".formatted(user, id));
            id++;
        }
        file("etc/passwd", passwd.toString());
        file("etc/group", group.toString());
    }

    /** A file below the root, as the machine sees it. */
    Path path(String path) {
        return directory.resolve(path);
    }

    Path file(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content, StandardCharsets.UTF_8);
    }

    /** A file that only root, or its owner, may read. */
    void secret(String path, String content) throws IOException {
        Files.setPosixFilePermissions(file(path, content), PosixFilePermissions.fromString("rw-------"));
    }

    void directory(String path, String owner) throws IOException {
        Files.createDirectories(directory.resolve(path));
        own(path, owner);
    }

    void own(String path, String owner) throws IOException {
        ChildProcess.run("chown", id(owner), directory.resolve(path).toString());
    }

    private String id(String user) throws IOException {
        Optional<String> line = Files.readAllLines(directory.resolve("etc/passwd")).stream()
                .filter(entry -> entry.startsWith(user + ":"))
                .findFirst();
        List<String> fields = List.of(line.orElseThrow().split(":", -1));
        return fields.get(2) + ":" + fields.get(3);
    }

    /** Runs the server, which stays in the foreground; what it prints goes to {@link #output}. */
    void start(String... command) throws IOException {
        process = new ProcessBuilder(Stream.concat(Stream.of("chroot", directory.toString()), Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    /** What the server printed, and what is in these files of its. */
    String output(String... more) {
        StringBuilder text = new StringBuilder();
        for (String name : Stream.concat(Stream.of("output"), Stream.of(more)).toList()) {
            Path file = directory.resolve(name);
            try {
                text.append(Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
            } catch (IOException e) {
                text.append("cannot read ").append(file).append(": ").append(e.getMessage());
            }
        }
        return text.toString();
    }

    /** Kills the server with all it started, and removes the root. */
    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroyForcibly();
        }
        for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
            left.forEach(ProcessHandle::destroyForcibly);
            Pause.millis(20);
        }
        TemporaryFiles.delete(directory);
    }

    /** Those that have this directory as their root: a server's children do not stay its children. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(handle -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc", Long.toString(handle.pid()), "root"))
                                .equals(directory);
                    } catch (IOException e) {
                        return false; // gone
                    }
                })
                .toList();
    }
}
