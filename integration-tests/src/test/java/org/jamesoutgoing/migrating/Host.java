/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;

/** A mail server of a scenario, before it is started. Without more it takes everything, on port 25. */
final class Host {

    private static final int USUAL_PORT = 25;

    /** Neither trusted by anybody, nor for the hosts' names. */
    private static final SSLContext CERTIFICATE = certificate();

    private final String name;
    private final String address;
    private final List<Consumer<ReceivingServer>> script = new ArrayList<>();
    private int port = USUAL_PORT;
    private boolean listening = true;

    Host(String name, String address) {
        this.name = name;
        this.address = address;
    }

    String name() {
        return name;
    }

    String address() {
        return address;
    }

    Host port(int other) {
        port = other;
        return this;
    }

    /** Nothing listens there. */
    Host down() {
        listening = false;
        return this;
    }

    /** Says so, always. */
    Host says(Stage stage, String reply) {
        return says(stage, "", reply);
    }

    /** Says so to what contains this. */
    Host says(Stage stage, String to, String reply) {
        return answers(stage, to, Answer.reply(reply), Integer.MAX_VALUE);
    }

    Host saysOnce(Stage stage, String reply) {
        return saysOnce(stage, "", reply);
    }

    Host saysOnce(Stage stage, String to, String reply) {
        return answers(stage, to, Answer.reply(reply), 1);
    }

    /** Says so and closes, as 421 announces it (RFC 5321 §3.8). */
    Host closes(Stage stage, String to, String reply, int times) {
        return answers(stage, to, Answer.replyAndDrop(reply), times);
    }

    /** Closes without a word. */
    Host dropsOnce(Stage stage) {
        return answers(stage, "", Answer.drop(), 1);
    }

    Host answers(Stage stage, String to, Answer answer, int times) {
        return with(server -> server.answer(stage, to, answer, times));
    }

    Host offers(String... extensions) {
        return with(server -> server.offer(extensions));
    }

    Host offersTls() {
        return with(server -> server.offerTls(CERTIFICATE));
    }

    /** From the first octet on. */
    Host speaksTls() {
        return with(server -> server.speakTls(CERTIFICATE));
    }

    private Host with(Consumer<ReceivingServer> line) {
        script.add(line);
        return this;
    }

    private static SSLContext certificate() {
        try {
            Certificate own = Certificate.forLocalhost();
            return own.contextTrusting(own);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Optional<ReceivingServer> start() throws IOException {
        if (!listening) {
            return Optional.empty();
        }
        ReceivingServer server = ReceivingServer.start(address, port);
        script.forEach(line -> line.accept(server));
        return Optional.of(server);
    }
}
