/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Trust and key stores in files. */
final class SampleStores {

    static final String PASSWORD = "hunter22";

    private SampleStores() {}

    /**
     * Makes {@code one.pem} and {@code two.pem} with certificates, {@code trust.p12} with a certificate, {@code one.p12} and
     * {@code two.p12} with keys, and {@code password} with the password of all stores.
     */
    static void makeIn(Path directory) throws Exception {
        Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        for (String name : new String[] {"one", "two"}) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair key = generator.generateKeyPair();
            X509Certificate certificate = certificate(name, key);
            Files.writeString(
                    directory.resolve(name + ".pem"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
            KeyStore keys = empty();
            keys.setKeyEntry("key", key.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {certificate});
            write(keys, directory.resolve(name + ".p12"));
            KeyStore trust = empty();
            trust.setCertificateEntry("authority", certificate);
            write(trust, directory.resolve("trust.p12"));
        }
    }

    private static KeyStore empty() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void write(KeyStore store, Path file) throws Exception {
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private static X509Certificate certificate(String name, KeyPair key) throws Exception {
        X500Principal subject = new X500Principal("CN=" + name);
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.ONE,
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                key.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    }
}
