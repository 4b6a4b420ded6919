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

/** The users of Cyrus SASL, in a database of its own kind. */
final class SaslUsers {

    private static final Path SASLPASSWD = Path.of("/usr/sbin/saslpasswd2");
    private static final List<Path> PLUGINS = List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"));

    private SaslUsers() {}

    static boolean available() {
        return Files.isExecutable(SASLPASSWD) && PLUGINS.stream().anyMatch(SaslUsers::hasCramMd5);
    }

    /** The mechanisms are a package apart, found in Debian's folder for the machine's architecture. */
    private static boolean hasCramMd5(Path libraries) {
        try (var folders = Files.newDirectoryStream(libraries)) {
            for (Path folder : folders) {
                if (Files.exists(folder.resolve("sasl2/libcrammd5.so"))) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }

    /** Adds a user, or gives a user another password. Postfix's own user can read the file. */
    static void add(Path database, String realm, String user, String password) throws IOException {
        ChildProcess.runWithInput(
                password.getBytes(StandardCharsets.UTF_8),
                SASLPASSWD.toString(),
                "-c",
                "-p",
                "-f",
                database.toString(),
                "-u",
                realm,
                user);
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
