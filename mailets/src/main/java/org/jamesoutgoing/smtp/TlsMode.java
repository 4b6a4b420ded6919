/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/** How a connection is to be protected. */
public enum TlsMode {
    /** Plaintext, even where {@code STARTTLS} is offered. */
    NONE,
    /**
     * {@code STARTTLS} where it is offered, without a check of the certificate; plaintext where it is not. When the handshake
     * fails the host is asked again in plaintext, in the same attempt, unless credentials are configured: see
     * {@link PlaintextFallback}.
     */
    OPPORTUNISTIC,
    /** {@code STARTTLS} or nothing, without a check of the certificate. */
    REQUIRED,
    /** {@code STARTTLS} or nothing; the certificate must be trusted and be the host's. */
    VERIFY,
    /** TLS from the first octet (RFC 8314 §3.3, port 465), without a check of the certificate. */
    IMPLICIT,
    /** TLS from the first octet; the certificate must be trusted and be the host's. */
    IMPLICIT_VERIFY;

    /** Whether TLS comes before the greeting. */
    public boolean implicit() {
        return this == IMPLICIT || this == IMPLICIT_VERIFY;
    }

    /** Whether the certificate has to be trusted and has to name the host. */
    public boolean verifies() {
        return this == VERIFY || this == IMPLICIT_VERIFY;
    }

    /** Whether a mail may not travel without TLS. */
    boolean mandatory() {
        return this != NONE && this != OPPORTUNISTIC;
    }
}
