/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A receiving server that does what a test tells it. Well-behaved by default; {@link #on} changes the answer to a verb. Like a
 * real server it answers a pipelined group in one write, so that {@link #flights} counts round trips.
 */
final class FakeSmtpServer implements AutoCloseable {

    /** Answers that are no reply. */
    static final String CLOSE = "<close>";

    /** No answer to this, nor to anything after it. */
    static final String SILENCE = "<silence>";

    /** The script has answered by itself. */
    static final String NOTHING = "<nothing>";

    /** A message as it was received. */
    record Mail(String from, List<String> to, String body, boolean tls, int connection) {}

    /** What a script sees of the conversation. */
    record Turn(String line, int connection, int mail, int recipient, boolean tls, FakeSmtpConversation conversation) {}

    final List<Mail> mails = new CopyOnWriteArrayList<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger flights = new AtomicInteger();
    final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private final Map<String, Function<Turn, String>> script = new ConcurrentHashMap<>();
    private final ServerSocket listener;
    private volatile List<String> capabilities = List.of("PIPELINING", "8BITMIME", "SIZE 10000000", "DSN", "SMTPUTF8");
    private volatile Optional<SSLContext> tls = Optional.empty();
    private volatile Optional<SSLParameters> tlsParameters = Optional.empty();
    private volatile boolean implicitTls;

    FakeSmtpServer() {
        this("127.0.0.1", 0);
    }

    FakeSmtpServer(String address, int port) {
        try {
            listener = new ServerSocket(port, 1000, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        daemon(this::accept);
    }

    // ---- what a test says

    FakeSmtpServer capabilities(String... keywords) {
        capabilities = List.of(keywords);
        return this;
    }

    /** Offers STARTTLS in plaintext. */
    FakeSmtpServer tls(SSLContext context) {
        tls = Optional.of(context);
        return this;
    }

    /** Protocols, ciphers and client certificates that it takes. */
    FakeSmtpServer tlsParameters(SSLParameters parameters) {
        tlsParameters = Optional.of(parameters);
        return this;
    }

    FakeSmtpServer implicitTls(SSLContext context) {
        implicitTls = true;
        return tls(context);
    }

    /**
     * The answer to a verb; GREETING and DOT (the end of DATA) are verbs, too. Null: as usual. CHUNK is asked in place of BDAT
     * while the chunk's octets are still to come, and leaves them there: a host that does not swallow them.
     */
    FakeSmtpServer on(String verb, Function<Turn, String> answer) {
        script.put(verb, answer);
        return this;
    }

    FakeSmtpServer on(String verb, String answer) {
        return on(verb, turn -> answer);
    }

    int port() {
        return listener.getLocalPort();
    }

    SmtpHost host() {
        return host("mx.example.test");
    }

    SmtpHost host(String name) {
        return new SmtpHost(name, port(), List.of(listener.getInetAddress()));
    }

    /** The commands received that begin with the verb. */
    List<String> commands(String verb) {
        return commands.stream().filter(line -> line.startsWith(verb)).toList();
    }

    /** Drops all connections without a word. */
    void dropConnections() {
        sockets.forEach(FakeSmtpServer::close);
    }

    @Override
    public void close() {
        close(listener);
        dropConnections();
    }

    static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It was to be closed.
        }
    }

    // ---- what a server does

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                int number = connections.incrementAndGet();
                daemon(() -> converse(socket, number));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "fake-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    private void converse(Socket socket, int number) {
        try (FakeSmtpConversation conversation = new FakeSmtpConversation(socket, flights)) {
            if (implicitTls) {
                conversation.startTls(tls.orElseThrow(), tlsParameters);
            }
            new Dialogue(conversation, number).run();
        } catch (IOException | RuntimeException e) {
            // The client or the test has closed the connection.
        }
    }

    /** One connection's dialogue. */
    private final class Dialogue {

        private final FakeSmtpConversation io;
        private final int number;
        private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        private final List<String> to = new ArrayList<>();
        private String from = "";
        private int mail;
        private int recipient;

        Dialogue(FakeSmtpConversation io, int number) {
            this.io = io;
            this.number = number;
        }

        void run() throws IOException {
            if (!answer("GREETING", "", "220 mx.example.test ESMTP")) {
                return;
            }
            while (true) {
                String line;
                try {
                    line = io.readLine();
                } catch (EOFException e) {
                    return;
                }
                commands.add(line);
                if (!command(line)) {
                    return;
                }
            }
        }

        private boolean command(String line) throws IOException {
            String verb = line.replaceFirst("[ :].*", "").toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO":
                    return answer(verb, line, ehlo());
                case "STARTTLS":
                    boolean goOn = answer(verb, line, "220 go ahead");
                    if (goOn && io.last().startsWith("220")) {
                        io.flush();
                        io.startTls(tls.orElseThrow(), tlsParameters);
                    }
                    return goOn;
                case "MAIL":
                    mail++;
                    recipient = 0;
                    to.clear();
                    chunks.reset();
                    from = path(line);
                    return answer(verb, line, "250 2.1.0 ok");
                case "RCPT":
                    recipient++;
                    boolean alive = answer(verb, line, "250 2.1.5 ok");
                    if (io.last().startsWith("250")) {
                        to.add(path(line));
                    }
                    return alive;
                case "DATA":
                    boolean open = answer(verb, line, to.isEmpty() ? "503 5.5.1 no recipients" : "354 go ahead");
                    if (open && io.last().startsWith("354")) {
                        return end("DOT", line, io.readData());
                    }
                    return open;
                case "BDAT":
                    if (script.containsKey("CHUNK")) {
                        return answer("CHUNK", line, to.isEmpty() ? "503 5.5.1 no recipients" : "250 2.0.0 chunk");
                    }
                    chunks.writeBytes(io.read(Integer.parseInt(line.replaceAll("[^0-9]", ""))));
                    if (line.endsWith(" LAST")) {
                        return end("BDAT", line, chunks.toString(ISO_8859_1));
                    }
                    return answer(verb, line, to.isEmpty() ? "503 5.5.1 no recipients" : "250 2.0.0 chunk");
                case "QUIT":
                    answer(verb, line, "221 2.0.0 bye");
                    return false;
                default:
                    return answer(verb, line, "250 2.0.0 ok");
            }
        }

        private boolean end(String verb, String line, String body) throws IOException {
            boolean goOn = answer(verb, line, to.isEmpty() ? "503 5.5.1 no recipients" : "250 2.0.0 queued");
            if (io.last().startsWith("250") && !to.isEmpty()) {
                mails.add(new Mail(from, List.copyOf(to), body, io.tls(), number));
            }
            to.clear();
            return goOn;
        }

        private String ehlo() {
            List<String> lines = new ArrayList<>(List.of("mx.example.test"));
            lines.addAll(capabilities);
            if (tls.isPresent() && !io.tls()) {
                lines.add("STARTTLS");
            }
            StringBuilder reply = new StringBuilder();
            for (int i = 0; i < lines.size(); i++) {
                reply.append(i == 0 ? "" : "\r\n")
                        .append(i < lines.size() - 1 ? "250-" : "250 ")
                        .append(lines.get(i));
            }
            return reply.toString();
        }

        /** False: the conversation is over. */
        private boolean answer(String verb, String line, String usual) throws IOException {
            Function<Turn, String> scripted = script.get(verb);
            String told =
                    scripted == null ? null : scripted.apply(new Turn(line, number, mail, recipient, io.tls(), io));
            return io.answer(told == null ? usual : told);
        }

        private static String path(String line) {
            return line.substring(line.indexOf('<') + 1, line.lastIndexOf('>'));
        }
    }
}
