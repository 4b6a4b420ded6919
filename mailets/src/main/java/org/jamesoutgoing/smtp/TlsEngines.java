/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** The TLS side of a connection, as its route wants it. Thread-safe. */
final class TlsEngines {

    private final SSLContext trusting;
    private final SSLContext unchecked;

    TlsEngines() {
        try {
            trusting = SSLContext.getDefault();
            unchecked = SSLContext.getInstance("TLS");
            unchecked.init(null, TlsSettings.trustEveryone(), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /**
     * A handler for one connection.
     *
     * @throws IllegalArgumentException when the JVM does not know a protocol or cipher of the settings
     */
    SslHandler handler(SmtpHost host, TlsSettings settings, Duration handshakeTimeout) {
        SSLContext context = settings.context().orElse(settings.mode().verifies() ? trusting : unchecked);
        SSLEngine engine = context.createSSLEngine(host.name(), host.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (!settings.protocols().isEmpty()) {
            parameters.setProtocols(settings.protocols().toArray(String[]::new));
        }
        if (!settings.ciphers().isEmpty()) {
            parameters.setCipherSuites(settings.ciphers().toArray(String[]::new));
        }
        if (settings.mode().verifies()) {
            // RFC 2818 and RFC 6125 matching of names and addresses; the JDK has no SMTP scheme of its own.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (canBeServerName(host.name())) {
            parameters.setServerNames(List.of(new SNIHostName(host.name())));
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(1000);
        return handler;
    }

    /** RFC 6066 §3: names, not addresses. */
    private static boolean canBeServerName(String name) {
        return !NetUtil.isValidIpV4Address(name)
                && !NetUtil.isValidIpV6Address(name)
                && name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    }

    /** Such as {@code TLSv1.3 TLS_AES_256_GCM_SHA384}. */
    static String describe(SslHandler tls) {
        SSLSession session = tls.engine().getSession();
        return session.getProtocol() + " " + session.getCipherSuite();
    }
}
