/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jamesoutgoing.smtp.SmtpHost;

/** A mail server on loopback that takes everything, and offers what a test says. */
final class SmtpSink implements AutoCloseable {

    /** One character for each octet, CRLF for each line end. */
    final List<String> messages = new CopyOnWriteArrayList<>();

    final List<String> commands = new CopyOnWriteArrayList<>();

    private final ServerSocket listener;
    private final List<String> extensions;

    SmtpSink(String... extensions) throws IOException {
        this.extensions = List.of(extensions);
        this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "smtp-sink");
        thread.setDaemon(true);
        thread.start();
    }

    SmtpHost host(String name) {
        return new SmtpHost(name, listener.getLocalPort(), List.of(listener.getInetAddress()));
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                start(() -> converseAndClose(socket));
            }
        } catch (IOException e) {
            // The test has closed it.
        }
    }

    private void converseAndClose(Socket socket) {
        try (socket) {
            converse(socket);
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private void converse(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        say(socket, "220 sink");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            commands.add(line);
            if (line.startsWith("EHLO")) {
                say(socket, "250-sink");
                for (String extension : extensions) {
                    say(socket, "250-" + extension);
                }
                say(socket, "250 HELP");
            } else if (line.equals("DATA")) {
                say(socket, "354 go on");
                messages.add(message(in));
                say(socket, "250 2.0.0 taken");
            } else if (line.equals("QUIT")) {
                say(socket, "221 2.0.0 bye");
                return;
            } else {
                say(socket, "250 2.1.0 ok");
            }
        }
    }

    private static String message(BufferedReader in) throws IOException {
        StringBuilder message = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return message.toString();
    }

    private static void say(Socket socket, String reply) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((reply + "\r\n").getBytes(ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
