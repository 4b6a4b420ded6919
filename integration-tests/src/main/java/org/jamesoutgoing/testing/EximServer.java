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
 * A real Exim that takes mail for any address but {@code nobody@…} on 127.0.0.1 and puts it into a mail directory. Offers
 * PIPELINING, CHUNKING, DSN, SMTPUTF8, 8BITMIME, SIZE and STARTTLS, and no enhanced status codes. Needs root.
 */
public final class EximServer implements PeerServer {

    private static final String NAME = "exim";
    private static final String USER = "Debian-exim"; // the name is built into Debian's

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
    public static EximServer start(Certificate certificate, int maxMessageSize) throws IOException {
        Peer.EXIM.require();
        EximServer server = new EximServer(PeerRoot.create(NAME, USER), FreePort.choose());
        try {
            server.configure(certificate, maxMessageSize);
            server.root.start("/usr/sbin/exim4", "-C", "/etc/exim.conf", "-bdf");
            Greeting.await("127.0.0.1", server.port);
            return server;
        } catch (IOException e) {
            String log = server.log();
            server.close();
            throw new IOException("Exim does not start: " + e.getMessage() + "\n" + log, e);
        }
    }

    private EximServer(PeerRoot root, int port) {
        this.root = root;
        this.port = port;
        this.mails = new MailDirectory(root.path("mail"), "Envelope-to");
    }

    private void configure(Certificate certificate, int maxMessageSize) throws IOException {
        root.file("etc/certificate.pem", certificate.certificatePem());
        root.secret("etc/key.pem", certificate.keyPem());
        for (String path : List.of("etc/key.pem", "mail", "run")) {
            root.own(path, USER);
        }
        root.directory("spool", USER);
        root.directory("log", USER);
        root.file(
                "etc/exim.conf",
                """
                primary_hostname = exim.test
                spool_directory = /spool
                log_file_path = /log/%%s
                pid_file_path = /run/exim.pid
                keep_environment =
                exim_user = %1$s
                exim_group = %1$s
                deliver_drop_privilege
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %3$d
                host_lookup =
                rfc1413_hosts =
                message_size_limit = %2$d
                log_selector = +smtp_connection
                smtp_accept_queue_per_connection = 0
                tls_certificate = /etc/certificate.pem
                tls_privatekey = /etc/key.pem
                tls_advertise_hosts = *
                dsn_advertise_hosts = *
                chunking_advertise_hosts = *
                smtputf8_advertise_hosts = *
                acl_smtp_rcpt = rcpt
                acl_smtp_data = accept

                begin acl
                rcpt:
                  deny local_parts = nobody
                       message = no such user here
                  accept

                begin routers
                all:
                  driver = accept
                  transport = keep

                begin transports
                keep:
                  driver = appendfile
                  directory = /mail
                  maildir_format
                  user = %1$s
                  return_path_add
                  envelope_to_add
                """
                        .formatted(USER, maxMessageSize, port));
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
        return root.output("log/main", "log/reject", "log/panic");
    }

    @Override
    public void close() throws IOException {
        root.close();
    }
}
