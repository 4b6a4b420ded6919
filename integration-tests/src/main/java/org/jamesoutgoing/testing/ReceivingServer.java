/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/**
 * An SMTP server that takes everything, remembers it, and answers as it is told. What it is told counts at once, also on
 * connections that are open.
 *
 * <pre>{@code
 * try (ReceivingServer receiver = ReceivingServer.start()) {
 *     receiver.answer(Stage.RCPT, "later@example.org", Answer.reply("450 4.2.1 not now"), 2);
 *     …
 *     assertThat(receiver.mailsTo("later@example.org")).hasSize(1);
 * }
 * }</pre>
 *
 * One thread a connection, so it can be as slow or as rude as a test wants.
 */
public final class ReceivingServer implements AutoCloseable {

    private static final Duration TO_CLOSE = Duration.ofSeconds(5);

    /** What {@code EHLO} offers unless a test says otherwise. */
    private static final List<String> USUAL_EXTENSIONS =
            List.of("PIPELINING", "8BITMIME", "SIZE 52428800", "ENHANCEDSTATUSCODES", "DSN");

    private final ServerSocket listener;
    private final Thread accepting;
    private final ReceivingScript script = new ReceivingScript();
    private final List<ReceivingConnection> connections = new CopyOnWriteArrayList<>();
    private final List<ReceivedMail> mails = new CopyOnWriteArrayList<>();
    private final List<Consumer<ReceivedMail>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> transcripts = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile List<String> extensions = USUAL_EXTENSIONS;
    private volatile SSLContext tls;
    private volatile SSLContext implicitTls;

    /** Listens on 127.0.0.1, on a port of the system's choice. */
    public static ReceivingServer start() throws IOException {
        return start("127.0.0.1", 0);
    }

    /** Listens on this address: {@code 127.x.y.z}, {@code ::1}. Port 0 is one of the system's choice. */
    public static ReceivingServer start(String address, int port) throws IOException {
        ReceivingServer server = new ReceivingServer(address, port);
        server.accepting.setDaemon(true);
        server.accepting.start();
        return server;
    }

    private ReceivingServer(String address, int port) throws IOException {
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getByName(address), port), 1000);
        accepting = new Thread(this::accept, "receiver-" + port());
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The address as text, an IPv6 address without brackets. */
    public String address() {
        return listener.getInetAddress().getHostAddress();
    }

    /** From now on, answers so at this stage. */
    public void answer(Stage stage, Answer answer) {
        script.add(stage, argument -> true, answer, Integer.MAX_VALUE);
    }

    /** Answers so when the command's argument contains this text, for example a recipient's address. */
    public void answer(Stage stage, String containing, Answer answer) {
        answer(stage, containing, answer, Integer.MAX_VALUE);
    }

    /** The same, so many times; then as if it had never been said. */
    public void answer(Stage stage, String containing, Answer answer, int times) {
        script.add(stage, ReceivingScript.containing(containing), answer, times);
    }

    public void answer(Stage stage, Predicate<String> argument, Answer answer, int times) {
        script.add(stage, argument, answer, times);
    }

    /** Forgets all answers it was told: accepts everything again. */
    public void acceptAll() {
        script.clear();
    }

    /** What {@code EHLO} offers, a line each, from the next {@code EHLO} on. */
    public void offer(String... keywords) {
        extensions = List.of(keywords);
    }

    /** Offers STARTTLS with this certificate. */
    public void offerTls(SSLContext context) {
        tls = context;
    }

    /** Speaks TLS from the first octet on, with this certificate. */
    public void speakTls(SSLContext context) {
        implicitTls = context;
    }

    /** Calls with each mail that gets its 250, on the connection's thread, before the 250 is sent. */
    public void onAccepted(Consumer<ReceivedMail> listener) {
        listeners.add(listener);
    }

    /** Calls with each line said on any connection: {@code C: …} by the client, {@code S: …} by this server. */
    public void onLine(Consumer<String> listener) {
        transcripts.add(listener);
    }

    /** Every message that came to its last byte, accepted or not, in the order in which they were complete. */
    public List<ReceivedMail> mails() {
        return List.copyOf(mails);
    }

    /** The accepted mails for one recipient: one that is asked twice was delivered twice. */
    public List<ReceivedMail> mailsTo(String recipient) {
        return mails.stream()
                .filter(ReceivedMail::accepted)
                .filter(mail -> mail.recipients().stream().anyMatch(recipient::equalsIgnoreCase))
                .toList();
    }

    /** Every connection since the start, open or closed. */
    public List<ReceivingConnection> connections() {
        return List.copyOf(connections);
    }

    /** How many connections are open now. */
    public int openConnections() {
        return (int) connections.stream().filter(ReceivingConnection::open).count();
    }

    /** How many connections were open at the same time, at most, since the start. */
    public int mostConnectionsAtOnce() {
        return mostAtOnce.get();
    }

    ReceivingScript script() {
        return script;
    }

    List<String> extensions() {
        return extensions;
    }

    SSLContext tls() {
        return tls;
    }

    SSLContext implicitTls() {
        return implicitTls;
    }

    void record(ReceivedMail mail) {
        mails.add(mail);
        if (mail.accepted()) {
            listeners.forEach(listener -> listener.accept(mail));
        }
    }

    void line(String line) {
        transcripts.forEach(listener -> listener.accept(line));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                ReceivingConnection connection =
                        new ReceivingConnection(count.incrementAndGet(), socket.getInetAddress());
                connections.add(connection);
                mostAtOnce.accumulateAndGet(openConnections(), Math::max);
                Thread session = new Thread(
                        () -> {
                            new ReceivingSession(this, connection, socket).run();
                            sockets.remove(socket);
                        },
                        "receiver-" + port() + "-" + connection.number());
                session.setDaemon(true);
                session.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** Stops listening and drops every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        try {
            // The port is free only when nobody waits in accept() any more; the next server may want it at once.
            accepting.join(TO_CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
