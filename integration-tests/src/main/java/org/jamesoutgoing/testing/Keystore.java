/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A throw-away key with a self-signed certificate, made by the JDK's keytool: no private key is kept in the sources. */
final class Keystore {

    static final String PASSWORD = "james72laBalle";

    private Keystore() {}

    /** Creates the PKCS12 key store unless it is there. */
    static void generate(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        ChildProcess.run(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "james",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "3650",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
    }
}
