/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * TLS of a connection. Part of a pooled connection's identity: two mails share a connection only when their TLS settings are
 * equal, and contexts are equal only when they are the same object, so build one per route, not one per mail.
 *
 * @param mode whether and when to speak TLS, and whether the certificate is checked
 * @param context trust and key material. Its trust manager decides in every mode, so a context with a client certificate for
 *     an unchecked mode needs a trust manager that trusts everyone. Empty: the JVM's trust store in the verifying modes, no
 *     check in the others, no client certificate
 * @param protocols such as {@code TLSv1.3}; empty: those the JVM enables
 * @param ciphers names of cipher suites as the JVM spells them; empty: those the JVM enables
 */
public record TlsSettings(TlsMode mode, Optional<SSLContext> context, Set<String> protocols, Set<String> ciphers) {

    public TlsSettings {
        requireNonNull(mode, "mode");
        requireNonNull(context, "context");
        protocols = Set.copyOf(protocols);
        ciphers = Set.copyOf(ciphers);
    }

    /** The given mode with the JVM's own trust, protocols and ciphers. */
    public static TlsSettings of(TlsMode mode) {
        return new TlsSettings(mode, Optional.empty(), Set.of(), Set.of());
    }

    public static TlsSettings opportunistic() {
        return of(TlsMode.OPPORTUNISTIC);
    }

    /** Takes any certificate: for the modes that encrypt and do not check (RFC 7435). */
    public static TrustManager[] trustEveryone() {
        return InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
    }
}
