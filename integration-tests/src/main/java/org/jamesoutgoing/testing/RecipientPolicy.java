/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells Postfix what to answer a recipient, by its policy protocol (SMTPD_POLICY_README): attributes in, action out. */
final class RecipientPolicy implements AutoCloseable {

    private record Rule(String reply, int left) {}

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Map<String, Rule> rules = new ConcurrentHashMap<>();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

    RecipientPolicy() throws IOException {
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void answer(String recipient, String reply, int times) {
        rules.put(recipient.toLowerCase(Locale.ROOT), new Rule(reply, times));
    }

    int attempts(String recipient) {
        return attempts.getOrDefault(recipient.toLowerCase(Locale.ROOT), 0);
    }

    private String action(String recipient) {
        attempts.merge(recipient, 1, Integer::sum);
        Rule rule = rules.computeIfPresent(recipient, (key, now) -> new Rule(now.reply, Math.max(-1, now.left - 1)));
        return rule == null || rule.left < 0 ? "DUNNO" : rule.reply;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            String recipient = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("recipient=")) {
                    recipient = line.substring("recipient=".length()).toLowerCase(Locale.ROOT);
                } else if (line.isEmpty()) { // the request's end
                    socket.getOutputStream()
                            .write(("action=" + action(recipient) + "\n\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // Postfix went away
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "recipient-policy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
