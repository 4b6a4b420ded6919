/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of both sides, from one authority unless said otherwise, and the contexts that show and trust them. */
final class TestCertificates {

    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Authority AUTHORITY = new Authority("Test Authority");
    private static final Authority OTHER_AUTHORITY = new Authority("Other Authority");

    private TestCertificates() {}

    /** A server that shows a valid certificate for the name, and trusts the authority's clients. */
    static SSLContext server(String name) {
        return context(AUTHORITY, name, Duration.ofDays(1));
    }

    static SSLContext expired(String name) {
        return context(AUTHORITY, name, Duration.ofHours(-1));
    }

    static SSLContext selfSigned(String name) {
        Authority self = new Authority(name);
        return context(self.key.getPrivate(), self.certificate);
    }

    /** A client that trusts the authority and shows no certificate. */
    static SSLContext trusting() {
        return context(null);
    }

    /** A client that trusts the authority and shows a certificate of it. */
    static SSLContext client(String name) {
        return context(AUTHORITY, name, Duration.ofDays(1));
    }

    /** A client that trusts the authority and shows a certificate that the fake server does not trust. */
    static SSLContext clientOfOtherAuthority(String name) {
        return context(OTHER_AUTHORITY, name, Duration.ofDays(1));
    }

    private static SSLContext context(Authority authority, String name, Duration validity) {
        KeyPair keyPair = keyPair();
        return context(keyPair.getPrivate(), authority.certify(name, keyPair, false, validity), authority.certificate);
    }

    /** Shows the chain, if there is one, and trusts {@link #AUTHORITY}. */
    private static SSLContext context(PrivateKey key, Certificate... chain) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            KeyStore own = emptyStore();
            if (key != null) {
                own.setKeyEntry("key", key, PASSWORD, chain);
            }
            keys.init(own, PASSWORD);
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("authority", AUTHORITY.certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who signs. */
    private static final class Authority {

        private final X500Principal subject;
        private final KeyPair key = keyPair();
        private final X509Certificate certificate;

        Authority(String name) {
            subject = new X500Principal("CN=" + name);
            certificate = certify(name, key, true, Duration.ofDays(1));
        }

        X509Certificate certify(String name, KeyPair keyPair, boolean authority, Duration validity) {
            Instant now = Instant.now();
            try {
                var builder = new JcaX509v3CertificateBuilder(
                        subject,
                        BigInteger.valueOf(System.nanoTime()),
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(validity)),
                        new X500Principal("CN=" + name),
                        keyPair.getPublic());
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
                if (name.indexOf(' ') < 0) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
                }
                var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
                return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
