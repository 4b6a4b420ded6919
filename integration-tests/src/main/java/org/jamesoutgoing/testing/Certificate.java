/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A throw-away self-signed certificate with its key, for either side of a TLS connection. */
public final class Certificate {

    private static final char[] PASSWORD = Keystore.PASSWORD.toCharArray();

    private final KeyStore store;

    /** One for the host {@code localhost} and the address 127.0.0.1. */
    public static Certificate forLocalhost() throws IOException {
        return of("localhost", "dns:localhost,ip:127.0.0.1");
    }

    /** One for this host only. */
    public static Certificate forHost(String name) throws IOException {
        return of(name, "dns:" + name);
    }

    private static Certificate of(String commonName, String alternativeNames) throws IOException {
        Path directory = Files.createTempDirectory("certificate-");
        try {
            Path file = directory.resolve("store.p12");
            Keystore.generate(file, commonName, alternativeNames);
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            return new Certificate(store);
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate for " + commonName, e);
        } finally {
            TemporaryFiles.delete(directory);
        }
    }

    private Certificate(KeyStore store) {
        this.store = store;
    }

    /** The certificate alone, as PEM. */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", store.getCertificate(Keystore.ALIAS).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key, PKCS#8 without a password, as PEM. */
    public String keyPem() {
        try {
            return pem("PRIVATE KEY", store.getKey(Keystore.ALIAS, PASSWORD).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a side that shows no certificate and trusts this one only. */
    public SSLContext trustedContext() {
        return context(Optional.empty(), this);
    }

    /** For a side that shows this certificate, and trusts only the other. */
    public SSLContext contextTrusting(Certificate other) {
        return context(Optional.of(this), other);
    }

    private static SSLContext context(Optional<Certificate> shown, Certificate trusted) {
        try {
            KeyStore trustStore = KeyStore.getInstance("PKCS12");
            trustStore.load(null, null);
            trustStore.setCertificateEntry("trusted", trusted.store.getCertificate(Keystore.ALIAS));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(shown.map(certificate -> certificate.store).orElse(null), PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }
}
