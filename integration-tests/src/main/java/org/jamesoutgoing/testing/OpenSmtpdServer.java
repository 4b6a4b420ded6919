/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.util.List;

/**
 * A real OpenSMTPD that takes mail for any address but {@code nobody@example.org} on 127.0.0.1 and puts it into a mail
 * directory. Offers DSN, 8BITMIME, SIZE, enhanced status codes and STARTTLS, but not PIPELINING. Needs root.
 */
public final class OpenSmtpdServer implements PeerServer {

    private static final String NAME = "opensmtpd";

    private final PeerRoot root;
    private final int port;
    private final MailDirectory mails;

    /** Whether this machine can run one. */
    static boolean available() {
        return PeerRoot.available(NAME);
    }

    /**
     * @param certificate for STARTTLS
     * @param maxMessageSize in octets, announced with SIZE
     */
    public static OpenSmtpdServer start(Certificate certificate, int maxMessageSize) throws IOException {
        Peer.OPENSMTPD.require();
        OpenSmtpdServer server =
                new OpenSmtpdServer(PeerRoot.create(NAME, "opensmtpd", "opensmtpq"), FreePort.choose());
        try {
            server.configure(certificate, maxMessageSize);
            server.root.start("/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf");
            Greeting.await("127.0.0.1", server.port);
            return server;
        } catch (IOException e) {
            String log = server.log();
            server.close();
            throw new IOException("OpenSMTPD does not start: " + e.getMessage() + "\n" + log, e);
        }
    }

    private OpenSmtpdServer(PeerRoot root, int port) {
        this.root = root;
        this.port = port;
        this.mails = new MailDirectory(root.path("mail"), "Delivered-To");
    }

    private void configure(Certificate certificate, int maxMessageSize) throws IOException {
        root.file("etc/certificate.pem", certificate.certificatePem());
        root.secret("etc/key.pem", certificate.keyPem());
        // It wants one, though it asks nobody.
        root.file("etc/ssl/certs/ca-certificates.crt", certificate.certificatePem());
        root.file(
                "etc/smtpd.conf",
                """
                pki "peer" cert "/etc/certificate.pem"
                pki "peer" key "/etc/key.pem"
                smtp max-message-size %3$d
                table refused { "nobody@example.org" }
                table anyone { "@" = "%1$s" }
                listen on 127.0.0.1 port %2$d tls pki "peer" hostname "opensmtpd.test"
                action "keep" maildir "/mail" virtual <anyone>
                match from any for rcpt-to <refused> reject
                match from any for any action "keep"
                """
                        .formatted(PeerRoot.MAIL_USER, port, maxMessageSize));
        root.directory("var/spool", "root");
        root.directory("var/run", "root");
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<String> mailsTo(String recipient) throws IOException {
        return mails.mailsTo(recipient);
    }

    @Override
    public String log() {
        return root.output();
    }

    @Override
    public void close() throws IOException {
        root.close();
    }
}
