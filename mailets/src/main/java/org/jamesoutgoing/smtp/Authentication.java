/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code AUTH} on a connection whose host has answered {@code EHLO} (RFC 4954 §4). Any trouble ends the connection: with
 * credentials configured, no mail goes without them. Confined to the event loop.
 */
final class Authentication {

    /** RFC 4954 §4: an initial response must not make the command longer than this; octets without CRLF. */
    private static final int MAX_COMMAND_LINE = 510;

    private static final String CANCEL = "*";

    private final Connection connection;
    private final Credentials credentials;
    private final Timeouts timeouts;
    private final BlockingCalls calls;
    private final Runnable onSuccess;

    /** @param calls where the secret is read */
    Authentication(
            Connection connection,
            Credentials credentials,
            Timeouts timeouts,
            BlockingCalls calls,
            Runnable onSuccess) {
        this.connection = connection;
        this.credentials = credentials;
        this.timeouts = timeouts;
        this.calls = calls;
        this.onSuccess = onSuccess;
    }

    /** Uses the first of the credentials' mechanisms that the host offers. */
    void begin(Capabilities capabilities) {
        Optional<AuthMechanism> mechanism =
                credentials.mechanisms().stream().filter(capabilities::auth).findFirst();
        if (mechanism.isEmpty()) {
            fail("the host offers no AUTH mechanism of " + credentials.mechanisms());
            return;
        }
        connection.await(TransactionStage.AUTH, "the secret", timeouts.helo());
        calls.call(
                credentials.secret()::get,
                secret -> onSecret(secret, mechanism.get()),
                // Without the exception's message, which might quote the secret.
                failure ->
                        fail("the secret cannot be read: " + failure.getClass().getSimpleName()));
    }

    private void onSecret(String secret, AuthMechanism mechanism) {
        String user = credentials.user();
        if (secret == null || secret.isEmpty() || secret.indexOf('\0') >= 0 || user.indexOf('\0') >= 0) {
            fail("the secret is empty, or user or secret has a NUL in it");
            return;
        }
        AuthExchange exchange = new AuthExchange(mechanism, user, secret);
        String command = "AUTH " + mechanism.keyword();
        Optional<String> initial = exchange.initialResponse();
        if (initial.isEmpty()) {
            send(command, exchange);
        } else if (command.length() + 1 + initial.get().length() <= MAX_COMMAND_LINE) {
            send(command + " " + initial.get(), exchange);
        } else {
            sendInTwo(command, initial.get(), exchange);
        }
        connection.flush();
    }

    private void sendInTwo(String command, String initialResponse, AuthExchange exchange) {
        queue(command, reply -> {
            if (reply.intermediate()) {
                send(initialResponse, exchange);
            } else {
                refused("AUTH refused", reply);
            }
        });
    }

    private void send(String line, AuthExchange exchange) {
        queue(line, reply -> onReply(reply, line.equals(CANCEL), exchange));
    }

    private void onReply(Reply reply, boolean cancelled, AuthExchange exchange) {
        if (cancelled) {
            refused("AUTH cancelled, for the host's challenges make no sense", reply);
        } else if (reply.positive()) {
            onSuccess.run();
        } else if (reply.intermediate()) {
            send(exchange.respond(reply.lines().get(0)).orElse(CANCEL), exchange);
        } else {
            refused("AUTH refused", reply);
        }
    }

    /** The name in the logs is never the line: it has the secret in it. */
    private void queue(String line, Consumer<Reply> onReply) {
        connection.queue(Command.line(TransactionStage.AUTH, "AUTH", line, timeouts.helo(), onReply)
                .endingGroup());
    }

    private void refused(String what, Reply reply) {
        connection.fail(ConnectionFailure.of(TransactionStage.AUTH, what, reply));
    }

    private void fail(String detail) {
        connection.fail(ConnectionFailure.of(TransactionStage.AUTH, detail));
    }
}
