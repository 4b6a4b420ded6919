/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.smtp.TlsSettings;

/**
 * Trust and key stores of routes, one context for equal settings: connections are shared by contexts that are the same. A
 * store is read when the first route that names it is made; after a change of the file, James is started anew. Thread-safe.
 */
final class TlsContexts {

    /** Which files, opened with which passwords, and whether certificates are checked at all. */
    private record Material(
            Optional<Path> trustStore,
            Optional<String> trustStorePassword,
            Optional<Path> keyStore,
            Optional<String> keyStorePassword,
            boolean verifies) {}

    private static final String PEM = "-----BEGIN";

    private final Map<Material, SSLContext> contexts = new ConcurrentHashMap<>();

    /**
     * The context of a route; empty where it names no store: then the client's own will do.
     *
     * @throws OptionException when a store cannot be read
     */
    Optional<SSLContext> of(EffectiveOptions options, boolean verifies) {
        // Where nobody is checked it does not matter who is trusted.
        Optional<Path> trustStore = options.get(RouteOptions.TRUST_STORE).filter(any -> verifies);
        Optional<Path> keyStore = options.get(RouteOptions.KEY_STORE);
        if (trustStore.isEmpty() && keyStore.isEmpty()) {
            return Optional.empty();
        }
        Material material = new Material(
                trustStore,
                options.get(RouteOptions.TRUST_STORE_PASSWORD),
                keyStore,
                options.get(RouteOptions.KEY_STORE_PASSWORD),
                verifies);
        return Optional.of(contexts.computeIfAbsent(material, TlsContexts::load));
    }

    private static SSLContext load(Material material) {
        TrustManager[] trust = material.verifies ? trustManagers(material) : TlsSettings.trustEveryone();
        KeyManager[] keys = keyManagers(material);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static TrustManager[] trustManagers(Material material) {
        if (material.trustStore.isEmpty()) {
            return null; // The JVM's own.
        }
        Path path = material.trustStore.get();
        try {
            byte[] octets = Files.readAllBytes(path);
            boolean pem = new String(octets, StandardCharsets.ISO_8859_1).contains(PEM);
            KeyStore store = pem ? certificates(octets) : keyStore(path, material.trustStorePassword);
            if (store.size() == 0) {
                throw new IOException("no certificate in it");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw unreadable(
                    RouteOptions.TRUST_STORE, path, e, "a PEM file with certificates, or a PKCS#12 or JKS store");
        }
    }

    private static KeyManager[] keyManagers(Material material) {
        if (material.keyStore.isEmpty()) {
            return null; // No client certificate.
        }
        Path path = material.keyStore.get();
        try {
            KeyStore store = keyStore(path, material.keyStorePassword);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password(material.keyStorePassword).orElse(new char[0]));
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw unreadable(
                    RouteOptions.KEY_STORE, path, e, "a PKCS#12 or JKS store with one password for store and key");
        }
    }

    private static KeyStore keyStore(Path path, Optional<String> password)
            throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(path.toFile(), password(password).orElse(null));
    }

    private static Optional<char[]> password(Optional<String> spec) {
        return spec.map(text -> Secret.of(text).get().toCharArray());
    }

    private static KeyStore certificates(byte[] pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            store.setCertificateEntry("certificate-" + number++, certificate);
        }
        return store;
    }

    private static OptionException unreadable(RouteOption<?> option, Path path, Exception e, String allowed) {
        return OptionException.of(
                option.name(), "is '" + path + "', which cannot be used (" + e.getMessage() + "); allowed: " + allowed);
    }
}
