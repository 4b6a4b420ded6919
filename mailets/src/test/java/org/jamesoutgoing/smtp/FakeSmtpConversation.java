/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** The octets of one connection to the fake server. */
final class FakeSmtpConversation implements AutoCloseable {

    private final Socket plain;
    private final AtomicInteger flights;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[65536];
    private int at;
    private int filled;
    private InputStream in;
    private OutputStream out;
    private Socket socket;
    private String last = "";
    private boolean mute;

    FakeSmtpConversation(Socket plain, AtomicInteger flights) throws IOException {
        this.plain = plain;
        this.flights = flights;
        use(plain);
        plain.setTcpNoDelay(true);
    }

    private void use(Socket newSocket) throws IOException {
        socket = newSocket;
        in = newSocket.getInputStream();
        out = newSocket.getOutputStream();
    }

    boolean tls() {
        return socket instanceof SSLSocket;
    }

    /** The last answer. */
    String last() {
        return last;
    }

    /** The script has sent such an answer by itself. */
    void pretend(String answer) {
        last = answer;
    }

    /** The subject of the client's certificate; empty without one. */
    String clientName() {
        try {
            return socket instanceof SSLSocket secure
                    ? secure.getSession().getPeerPrincipal().getName()
                    : "";
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    InetAddress clientAddress() {
        return plain.getInetAddress();
    }

    void startTls(SSLContext context, Optional<SSLParameters> parameters) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        secure.setUseClientMode(false);
        parameters.ifPresent(secure::setSSLParameters);
        secure.startHandshake();
        use(secure);
    }

    /** Octets in plaintext, whether there is TLS or not. */
    void sendPlain(String octets) {
        try {
            plain.getOutputStream().write(octets.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next octet as it is on the wire, with what had come before STARTTLS was answered. */
    int wireOctet() {
        try {
            return at < filled ? buffer[at] & 0xff : plain.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the client has sent more than has been read. */
    boolean hasMore() {
        try {
            return at < filled || plain.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Octets outside of any dialogue, at once. */
    void sendRaw(String octets) {
        sendRaw(octets.getBytes(ISO_8859_1));
    }

    void sendRaw(byte[] octets) {
        try {
            flush();
            out.write(octets);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No more is sent, but nor is anything read: the client learns of it by FIN, and by RST when it goes on. */
    void halfClose() {
        try {
            plain.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with RST. */
    void reset() {
        try {
            plain.setSoLinger(true, 0);
            plain.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False: the conversation is over. */
    boolean answer(String reply) throws IOException {
        if (reply.equals(FakeSmtpServer.NOTHING)) {
            return true;
        }
        last = reply;
        if (reply.equals(FakeSmtpServer.CLOSE)) {
            flush();
            return false;
        }
        mute |= reply.equals(FakeSmtpServer.SILENCE);
        if (!mute) {
            unsent.writeBytes(reply.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(ISO_8859_1));
            unsent.writeBytes(new byte[] {'\r', '\n'});
        }
        return true;
    }

    void flush() throws IOException {
        if (unsent.size() > 0) {
            flights.incrementAndGet();
            unsent.writeTo(out);
            out.flush();
            unsent.reset();
        }
    }

    /** For scripts: the next line. */
    String line() {
        try {
            return readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int octet = read();
            if (octet == '\n') {
                String text = line.toString(ISO_8859_1);
                if (!text.endsWith("\r")) {
                    throw new IOException("bare LF: " + text);
                }
                return text.substring(0, text.length() - 1);
            }
            line.write(octet);
        }
    }

    /** The raw octets between 354 and the final dot, with the dots that were added taken out. */
    String readData() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = readLine();
            if (line.equals(".")) {
                return body.toString();
            }
            body.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
    }

    /** For scripts: octets that are thrown away. */
    void skip(int count) {
        try {
            read(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] read(int count) throws IOException {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) read();
        }
        return octets;
    }

    private int read() throws IOException {
        if (at == filled) {
            if (in.available() == 0) {
                flush();
            }
            filled = in.read(buffer);
            at = 0;
            if (filled < 0) {
                filled = 0;
                throw new EOFException();
            }
        }
        return buffer[at++] & 0xff;
    }

    @Override
    public void close() {
        try {
            flush();
        } catch (IOException e) {
            // The client has gone first.
        }
        FakeSmtpServer.close(socket);
        FakeSmtpServer.close(plain);
    }
}
