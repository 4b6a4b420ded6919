/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Our side of one SASL exchange (RFC 4954 §4): an initial response for the mechanisms in which the client speaks first, then
 * one response for each challenge.
 */
final class AuthExchange {

    /** LOGIN asks for user and password, XOAUTH2 shows an error once: no mechanism needs more. */
    private static final int MAX_CHALLENGES = 3;

    private final AuthMechanism mechanism;
    private final String user;
    private final String secret;
    private int challenges;

    AuthExchange(AuthMechanism mechanism, String user, String secret) {
        this.mechanism = mechanism;
        this.user = user;
        this.secret = secret;
    }

    /** In base64, to be sent with the {@code AUTH} command or, when that gets too long, for an empty first challenge. */
    Optional<String> initialResponse() {
        return switch (mechanism) {
            case PLAIN -> Optional.of(base64("\0" + user + "\0" + secret));
            case XOAUTH2 -> Optional.of(base64("user=" + user + "\1auth=Bearer " + secret + "\1\1"));
            case LOGIN, CRAM_MD5 -> Optional.empty();
        };
    }

    /**
     * The answer to a challenge behind the initial response, in base64.
     *
     * @param challenge the text of the 334, which may be empty
     * @return empty when the exchange makes no sense any more and is to be cancelled with {@code *}
     */
    Optional<String> respond(String challenge) {
        challenges++;
        if (challenges > MAX_CHALLENGES) {
            return Optional.empty();
        }
        return switch (mechanism) {
            case PLAIN -> Optional.empty();
                // The challenge is the error; an empty response makes the host refuse properly.
            case XOAUTH2 -> Optional.of("");
                // The challenges say "Username:" and "Password:", in all languages; what counts is their order.
            case LOGIN -> challenges <= 2 ? Optional.of(base64(challenges == 1 ? user : secret)) : Optional.empty();
            case CRAM_MD5 -> challenges == 1 ? cramMd5(challenge) : Optional.empty();
        };
    }

    /** RFC 2195 §2. */
    private Optional<String> cramMd5(String challenge) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacMD5"));
            byte[] digest =
                    mac.doFinal(Base64.getDecoder().decode(challenge.strip().getBytes(US_ASCII)));
            return Optional.of(base64(user + " " + HexFormat.of().formatHex(digest)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HmacMD5", e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
