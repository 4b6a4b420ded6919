/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jamesoutgoing.settings.Changed;

/** Messages, settings and waiting for the tests. */
final class Mails {

    /** What a test waits at most for anything. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Mails() {}

    /** Plaintext, with time-outs so long that a test fails when it runs into one. */
    static ConnectionSettings settings() {
        return Changed.of(
                ConnectionSettings.defaults("client.example.test"),
                "tls",
                TlsSettings.of(TlsMode.NONE),
                "timeouts",
                Timeouts.all(PATIENCE));
    }

    static MessageContent message(String text) {
        return message(text, false);
    }

    static MessageContent message(String text, boolean eightBit) {
        byte[] octets = text.getBytes(ISO_8859_1);
        return new MessageContent() {
            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public boolean eightBit() {
                return eightBit;
            }

            @Override
            public InputStream open() throws IOException {
                return new ByteArrayInputStream(octets);
            }
        };
    }

    static MessageContent message() {
        return message("Subject: hello\r\n\r\nworld\r\n");
    }

    /** A message of many lines; of many chunks, when it is longer than {@link ContentStream#CHUNK}. */
    static String longText(int octets) {
        return "Subject: long\r\n\r\n" + "0123456789abcdefghijklmnopqrstuvwxyz\r\n".repeat(octets / 38 + 1);
    }

    static Envelope envelope(String... recipients) {
        return Envelope.of("sender@example.test", recipients);
    }

    static HostResult await(CompletableFuture<HostResult> result) {
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no result", e);
        }
    }
}
