/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A bare SMTP client that sends exactly the bytes it is given. Not thread-safe. */
public final class SmtpSender implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public static SmtpSender connect(String host, int port) throws IOException {
        SmtpSender sender = new SmtpSender(new Socket(host, port));
        sender.expect("220", sender.reply());
        sender.expect("250", sender.command("EHLO client.test"));
        return sender;
    }

    private SmtpSender(Socket socket) throws IOException {
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        socket.setTcpNoDelay(true);
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** Sends one mail; the null sender is the empty string. */
    public void send(String sender, List<String> recipients, String message) throws IOException {
        send(sender, recipients, message.getBytes(StandardCharsets.UTF_8));
    }

    public void send(String sender, List<String> recipients, byte[] message) throws IOException {
        expect("250", command("MAIL FROM:<" + sender + ">"));
        for (String recipient : recipients) {
            expect("250", command("RCPT TO:<" + recipient + ">"));
        }
        expect("354", command("DATA"));
        expect("250", data(message));
    }

    /** Sends a command line and returns the whole reply, its lines separated by LF. */
    public String command(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return reply();
    }

    /** After a 354: sends the message, dots doubled, and the final dot; returns the reply. */
    public String data(byte[] message) throws IOException {
        boolean lineStart = true;
        for (byte b : message) {
            if (lineStart && b == '.') {
                out.write('.');
            }
            out.write(b);
            lineStart = b == '\n';
        }
        out.write((lineStart ? ".\r\n" : "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return reply();
    }

    private String reply() throws IOException {
        StringBuilder lines = new StringBuilder();
        String line;
        do {
            line = readLine();
            lines.append(lines.isEmpty() ? "" : "\n").append(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return lines.toString();
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private void expect(String code, String reply) throws IOException {
        if (!reply.startsWith(code)) {
            throw new IOException("expected " + code + ", the server said: " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
