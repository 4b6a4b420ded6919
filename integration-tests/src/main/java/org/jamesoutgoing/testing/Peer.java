/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The real servers and programs that some tests want, and how a machine gets them. With {@code -Dpeers=absent} no machine has
 * them: what {@code mvn verify} does on a new one can be seen on any.
 */
public enum Peer {
    NSD("NSD (Debian: nsd)", DnsServer::available),
    POSTFIX("Postfix (Debian: postfix), and root", PostfixServer::available),
    POSTFIX_WITH_SASL(
            "Postfix with AUTH (Debian: postfix, libsasl2-modules, sasl2-bin), and root", PostfixServer::saslAvailable),
    EXIM("Exim (.ci/peers unpacks it), and root", EximServer::available),
    OPENSMTPD("OpenSMTPD (.ci/peers unpacks it), and root", OpenSmtpdServer::available),
    PYTHON("Python (Debian: python3)", () -> inPath("python3"));

    private final String description;
    private final BooleanSupplier available;

    Peer(String description, BooleanSupplier available) {
        this.description = description;
        this.available = available;
    }

    private static boolean inPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    public boolean isThere() {
        return !"absent".equals(System.getProperty("peers")) && available.getAsBoolean();
    }

    /** What must be installed. */
    public String description() {
        return description;
    }

    /** Before it is started: a test that forgot to say that it needs it fails here. */
    void require() throws IOException {
        if (!isThere()) {
            throw new IOException("needs " + description);
        }
    }
}
