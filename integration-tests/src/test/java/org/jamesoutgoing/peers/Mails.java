/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.peers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.MessageContent;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.Timeouts;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.PeerServer;

/** What the tests here send, and how. */
final class Mails {

    static final String SENDER = "sender@client.test";

    /** More than any of it takes; a test that needs it fails. */
    static final Duration PATIENCE = Patience.LIMIT;

    private Mails() {}

    static ConnectionSettings plaintext() {
        return Changed.of(
                ConnectionSettings.defaults("client.test"),
                "tls",
                TlsSettings.of(TlsMode.NONE),
                "timeouts",
                Timeouts.all(PATIENCE));
    }

    static ConnectionSettings with(TlsSettings tls) {
        return Changed.of(plaintext(), "tls", tls);
    }

    /** A message with all the header fields that a server would add if they were not there. */
    static String message(String body) {
        return "Date: Mon, 01 Jun 2026 12:00:00 +0000\r\nFrom: <" + SENDER + ">\r\nTo: undisclosed-recipients:;\r\n"
                + "Message-ID: <1@client.test>\r\nSubject: test\r\n\r\n" + body;
    }

    /** @param text one char for each octet */
    static MessageContent content(String text) {
        return content(text, text.length());
    }

    /** @param size what the message says its size is; -1: it says nothing */
    static MessageContent content(String text, long size) {
        byte[] octets = text.getBytes(ISO_8859_1);
        return new MessageContent() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public boolean eightBit() {
                return text.chars().anyMatch(octet -> octet > 0x7f);
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(octets);
            }
        };
    }

    static HostResult send(
            SmtpClient client, PeerServer peer, ConnectionSettings settings, Envelope envelope, String message)
            throws Exception {
        return send(client, peer, settings, envelope, content(message));
    }

    static HostResult send(
            SmtpClient client, PeerServer peer, ConnectionSettings settings, Envelope envelope, MessageContent content)
            throws Exception {
        return client.deliver(localhost(peer), settings, envelope, content).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    static SmtpHost localhost(PeerServer peer) throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return new SmtpHost("localhost", peer.port(), List.of(loopback));
    }
}
