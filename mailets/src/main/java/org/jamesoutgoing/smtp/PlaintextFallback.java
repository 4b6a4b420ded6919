/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Why a connection is in plaintext although its host offers TLS: opportunistic TLS has failed. Such a connection serves one
 * mail; the next try is a new connection, and TLS again.
 *
 * <p>A refusal on it may be the host's answer to our plaintext rather than to the mail, and then it defers, with both reasons.
 * We take for such an answer: a code that asks for encryption, an enhanced code x.7.y that does not name another cause, and
 * words about encryption. Any other 5xx is final ({@code 550 5.1.1 no such user} is as true in plaintext). Exim goes on in
 * plaintext at once, as we do, Postfix with mail that has been deferred for a while; both then bounce at any 5xx.
 *
 * @param why one printable line
 */
record PlaintextFallback(String why) {

    /** RFC 3463 §3.8: cryptographic failure; deferred, until it works or the mail's time is up. */
    static final String STATUS = "4.7.5";

    /** Encryption needed (RFC 5248 §2.4), STARTTLS first (RFC 3207 §4), encryption for AUTH (RFC 4954 §6). */
    private static final Set<Integer> CODES = Set.of(523, 530, 538);

    /** RFC 3463 §3.8: security or policy, vendors' own codes included. */
    private static final Pattern SECURITY = Pattern.compile("5\\.7\\.\\d+");

    /** Lists, passwords, changed owners (RFC 7293), DKIM, SPF and reverse names (RFC 7372), ARC: encryption helps none. */
    private static final Pattern ANOTHER_CAUSE = Pattern.compile("5\\.7\\.(2|8|1[7-9]|2\\d)");

    private static final Pattern WORDS = Pattern.compile(
            "tls\\b|\\bssl\\b|encrypt|plain[ -]?text|clear[ -]?text|secure\\b", Pattern.CASE_INSENSITIVE);

    /** Whether a refusal may be about the plaintext. */
    boolean mayBeMeantBy(Reply refusal) {
        return CODES.contains(refusal.code())
                || refusal.enhancedCode()
                        .filter(code -> SECURITY.matcher(code).matches()
                                && !ANOTHER_CAUSE.matcher(code).matches())
                        .isPresent()
                || WORDS.matcher(refusal.text()).find();
    }

    /** What went wrong in plaintext, and why it was plaintext. */
    String with(String trouble) {
        return trouble + " (in plaintext, for TLS had failed: " + why + ")";
    }

    ConnectionFailure with(ConnectionFailure failure) {
        return new ConnectionFailure(failure.stage(), with(failure.detail()), failure.reply());
    }
}
