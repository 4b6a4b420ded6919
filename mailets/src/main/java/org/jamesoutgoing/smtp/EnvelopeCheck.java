/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/**
 * Keeps out of the wire what is no address or parameter, above all what could end a command and begin another. It does not
 * judge whether an address is a good one: that is the host's to say.
 */
final class EnvelopeCheck {

    /** 64 + 1 + 255 octets (RFC 5321 §4.5.3.1.1 f.); senders do not keep the path limit of 256. */
    private static final int MAX_ADDRESS = 320;

    /** RFC 3461 §4.4 and §4.2. */
    private static final int MAX_ENVID = 100;

    private static final int MAX_ORCPT = 500;

    private EnvelopeCheck() {}

    /** What makes the whole mail unfit for the wire, or for a wire with such TLS. */
    static Optional<LocalFailure> failureOf(Envelope envelope, TlsMode tls) {
        if (envelope.mustHaveTls() && !tls.verifies()) {
            return Optional.of(new LocalFailure(
                    "5.7.30", "the sender requires TLS all the way, and the route does not verify certificates"));
        }
        if (!envelope.sender().isEmpty()) {
            Optional<String> problem = problemOfAddress(envelope.sender(), envelope.smtpUtf8());
            if (problem.isPresent()) {
                return problem.map(text -> new LocalFailure("5.1.7", "the sender's address " + text));
            }
        }
        return envelope.envid()
                .flatMap(envid -> problemOfParameter(envid, MAX_ENVID, false))
                .map(text -> new LocalFailure("5.5.4", "the ENVID parameter " + text));
    }

    /** What makes one recipient unfit for the wire. */
    static Optional<LocalFailure> failureOf(Envelope.Recipient recipient, Envelope envelope) {
        Optional<String> problem = problemOfAddress(recipient.address(), envelope.smtpUtf8());
        if (problem.isPresent()) {
            return problem.map(text -> new LocalFailure("5.1.3", "the recipient's address " + text));
        }
        return recipient
                .orcpt()
                .flatMap(orcpt -> problemOfParameter(orcpt, MAX_ORCPT, envelope.smtpUtf8()))
                .map(text -> new LocalFailure("5.5.4", "the ORCPT parameter " + text));
    }

    private static Optional<String> problemOfAddress(String address, boolean utf8) {
        if (address.isEmpty()) {
            return Optional.of("is empty");
        }
        Optional<String> problem = problemOfCharacters(address, MAX_ADDRESS, utf8);
        if (problem.isPresent()) {
            return problem;
        }
        boolean quoted = false;
        for (int at = 0; at < address.length(); at++) {
            char character = address.charAt(at);
            if (character == '"') {
                quoted = !quoted;
            } else if (character == '\\' && quoted) {
                at++;
            } else if (!quoted && (character == ' ' || character == '<' || character == '>')) {
                return Optional.of("has \"" + character + "\" outside quotes");
            }
        }
        return quoted ? Optional.of("has a quote without an end") : Optional.empty();
    }

    private static Optional<String> problemOfParameter(String value, int longest, boolean utf8) {
        return value.isEmpty() || value.indexOf(' ') >= 0
                ? Optional.of("is empty or has a space in it")
                : problemOfCharacters(value, longest, utf8);
    }

    private static Optional<String> problemOfCharacters(String text, int longest, boolean utf8) {
        if (text.getBytes(UTF_8).length > longest) {
            return Optional.of("is longer than " + longest + " octets");
        }
        if (text.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
            return Optional.of("has a control character in it");
        }
        return !utf8 && text.codePoints().anyMatch(c -> c > 0x7f)
                ? Optional.of("is not ASCII, and the mail is not marked as SMTPUTF8")
                : Optional.empty();
    }
}
