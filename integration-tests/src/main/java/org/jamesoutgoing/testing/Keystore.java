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
    static final String ALIAS = "james";

    private Keystore() {}

    /** Creates the PKCS12 key store for this machine unless it is there. */
    static void generate(Path file) throws IOException {
        if (!Files.exists(file)) {
            generate(file, "localhost", "dns:localhost,ip:127.0.0.1");
        }
    }

    /** @param alternativeNames as keytool has them: {@code dns:mx.example.org,ip:127.0.0.1} */
    static void generate(Path file, String commonName, String alternativeNames) throws IOException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        ChildProcess.run(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "3650",
                "-dname",
                "CN=" + commonName,
                "-ext",
                "SAN=" + alternativeNames,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
    }
}
