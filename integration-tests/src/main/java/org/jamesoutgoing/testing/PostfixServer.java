/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real Postfix that takes mail for any address on 127.0.0.1 and puts it into a mail directory; {@link PostfixSetup} says
 * what else it does. Its own configuration, queue and log in a temporary directory; whatever Postfix the machine runs is left
 * alone. Needs root.
 *
 * <p>Recipients are accepted or refused by {@link RecipientPolicy}, which Postfix asks at each {@code RCPT}, so that an
 * answer can change from one attempt to the next.
 */
public final class PostfixServer implements PeerServer {

    private static final Path POSTFIX = Path.of("/usr/sbin/postfix");

    private final Path directory;
    private final int port;
    private final RecipientPolicy policy;
    private final MailDirectory mails;

    /** Whether this machine can run one. */
    static boolean available() {
        return Files.isExecutable(POSTFIX) && "root".equals(System.getProperty("user.name"));
    }

    /** Whether it can ask for a password, too. */
    static boolean saslAvailable() {
        return available() && SaslUsers.available();
    }

    /** Listens on 127.0.0.1, on a free port. */
    public static PostfixServer start() throws IOException {
        return start(PostfixSetup.postfix());
    }

    public static PostfixServer start(String address, int port) throws IOException {
        return start(PostfixSetup.postfix().listenOn(address, port));
    }

    static PostfixServer start(PostfixSetup setup) throws IOException {
        (setup.asksForPasswords() ? Peer.POSTFIX_WITH_SASL : Peer.POSTFIX).require();
        PostfixServer server = new PostfixServer(Files.createTempDirectory("postfix-"), setup.port());
        try {
            setup.writeTo(server.directory, server.policy);
            server.postfix("start");
            if (setup.greetsInPlaintext()) {
                Greeting.await(setup.address(), setup.port());
            }
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
        this.mails = new MailDirectory(directory.resolve("mail/all"), "Delivered-To");
    }

    @Override
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

    @Override
    public List<String> mailsTo(String recipient) throws IOException {
        return mails.mailsTo(recipient);
    }

    /** Everything that was delivered, to whomever; a mail for several recipients comes once for each. */
    public List<String> allMails() throws IOException {
        return mails.all();
    }

    /** Whether it has delivered, returned or passed on all it took. */
    public boolean queueIsEmpty() {
        return Stream.of("maildrop", "incoming", "active", "deferred")
                .allMatch(name -> isEmpty(directory.resolve("queue").resolve(name)));
    }

    private static boolean isEmpty(Path queue) {
        try (Stream<Path> files = Files.walk(queue)) {
            return files.noneMatch(Files::isRegularFile);
        } catch (IOException | UncheckedIOException e) {
            return false; // Postfix moved something meanwhile
        }
    }

    @Override
    public String log() {
        try {
            Path log = directory.resolve("log/postfix.log");
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            return "no log: " + e.getMessage();
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
