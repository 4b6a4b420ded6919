/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A real Postfix that takes mail for any address on 127.0.0.1 and puts it into a mail directory. Its own configuration,
 * queue and log in a temporary directory; whatever Postfix the machine runs is left alone. Needs root.
 *
 * <p>Recipients are accepted or refused by {@link RecipientPolicy}, which Postfix asks at each {@code RCPT}, so that an
 * answer can change from one attempt to the next.
 */
public final class PostfixServer implements AutoCloseable {

    private static final Path POSTFIX = Path.of("/usr/sbin/postfix");
    private static final Duration TO_START = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private final RecipientPolicy policy;

    /** Whether this machine can run one. */
    public static boolean available() {
        return Files.isExecutable(POSTFIX) && "root".equals(System.getProperty("user.name"));
    }

    /** Listens on 127.0.0.1, on a free port. */
    public static PostfixServer start() throws IOException {
        return start("127.0.0.1", FreePort.choose());
    }

    public static PostfixServer start(String address, int port) throws IOException {
        Path directory = Files.createTempDirectory("postfix-");
        PostfixServer server = new PostfixServer(directory, port);
        try {
            server.configure(address);
            server.postfix("start");
            server.awaitGreeting(address);
            return server;
        } catch (IOException e) {
            String log = server.log();
            server.close();
            throw new IOException("Postfix does not start: " + e.getMessage() + "\n" + log, e);
        }
    }

    private PostfixServer(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        this.policy = new RecipientPolicy();
    }

    public int port() {
        return port;
    }

    /** From now on, answers this recipient so: {@code 450 4.2.1 …}, {@code 550 5.1.1 …}. */
    public void answer(String recipient, String reply) {
        answer(recipient, reply, Integer.MAX_VALUE);
    }

    /** The same, so many times; then the recipient is accepted. */
    public void answer(String recipient, String reply, int times) {
        policy.answer(recipient, reply, times);
    }

    /** How often Postfix was asked to take mail for this recipient. */
    public int attempts(String recipient) {
        return policy.attempts(recipient);
    }

    /** What was delivered to this recipient, as it lies in the mail directory: Postfix's headers first, lines end with LF. */
    public List<String> mailsTo(String recipient) throws IOException {
        Path mails = directory.resolve("mail/all/new");
        if (!Files.isDirectory(mails)) {
            return List.of();
        }
        String delivered = "\ndelivered-to: " + recipient.toLowerCase(Locale.ROOT) + "\n";
        List<String> messages = new ArrayList<>();
        try (Stream<Path> files = Files.list(mails)) {
            for (Path file : files.sorted().toList()) {
                String message = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (("\n" + message).toLowerCase(Locale.ROOT).contains(delivered)) {
                    messages.add(message);
                }
            }
        }
        return messages;
    }

    public String log() {
        try {
            Path log = directory.resolve("log/postfix.log");
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private void configure(String address) throws IOException {
        // Postfix's own user must be able to pass; what is secret lies deeper.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("conf", "queue", "data", "log", "mail")) {
            Files.createDirectory(directory.resolve(name));
        }
        ChildProcess.run("chown", "postfix", directory.resolve("data").toString());
        ChildProcess.run("chown", "nobody", directory.resolve("mail").toString());
        Files.writeString(
                directory.resolve("conf/main.cf"),
                """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/log/postfix.log
                maillog_file_prefixes = %1$s
                myhostname = postfix.test
                mydestination =
                mynetworks =
                inet_interfaces = all
                alias_maps =
                alias_database =
                local_recipient_maps =
                smtputf8_enable = no
                smtpd_relay_restrictions = reject_unauth_destination
                smtpd_recipient_restrictions =
                    check_policy_service { inet:127.0.0.1:%2$d, timeout=10s }, permit
                smtpd_peername_lookup = no
                smtpd_client_connection_rate_limit = 0
                smtpd_client_connection_count_limit = 0
                smtpd_error_sleep_time = 0
                smtpd_junk_command_limit = 1000
                # Every address is one of ours, and every mailbox exists.
                virtual_mailbox_domains = static:all
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = static:all/
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_mailbox_limit = 0
                virtual_transport = virtual
                """
                        .formatted(directory, policy.port()));
        StringBuilder services = new StringBuilder();
        services.append(address.contains(":") ? "[" + address + "]" : address)
                .append(":")
                .append(port)
                .append(" inet n - n - - smtpd\n");
        for (String service : List.of(
                "pickup unix n - n 60 1 pickup",
                "cleanup unix n - n - 0 cleanup",
                "qmgr unix n - n 300 1 qmgr",
                "tlsmgr unix - - n 1000? 1 tlsmgr",
                "rewrite unix - - n - - trivial-rewrite",
                "bounce unix - - n - 0 bounce",
                "defer unix - - n - 0 bounce",
                "trace unix - - n - 0 bounce",
                "verify unix - - n - 1 verify",
                "flush unix n - n 1000? 0 flush",
                "proxymap unix - - n - - proxymap",
                "smtp unix - - n - - smtp",
                "showq unix n - n - - showq",
                "error unix - - n - - error",
                "retry unix - - n - - error",
                "discard unix - - n - - discard",
                "virtual unix - n n - - virtual",
                "anvil unix - - n - 1 anvil",
                "scache unix - - n - 1 scache",
                "postlog unix-dgram n - n - 1 postlogd")) {
            services.append(service).append('\n');
        }
        Files.writeString(directory.resolve("conf/master.cf"), services);
    }

    private void awaitGreeting(String address) throws IOException {
        Instant deadline = Instant.now().plus(TO_START);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 1000);
                socket.setSoTimeout(2000);
                if (socket.getInputStream().read() == '2') {
                    return;
                }
            } catch (IOException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Pause.millis(50);
            }
        }
    }

    private void postfix(String command) throws IOException {
        ChildProcess.run(POSTFIX.toString(), "-c", directory.resolve("conf").toString(), command);
    }

    /** Stops it at once and removes its directory. */
    @Override
    public void close() throws IOException {
        try {
            if (Files.exists(directory.resolve("queue/pid/master.pid"))) {
                postfix("abort");
            }
        } finally {
            policy.close();
            TemporaryFiles.delete(directory);
        }
    }
}
