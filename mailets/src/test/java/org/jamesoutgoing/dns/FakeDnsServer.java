/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A DNS server for tests, on a loopback port, UDP and TCP. It answers like a recursive server that knows the records
 * it was given and nothing else: NXDOMAIN for unknown names, NODATA with a SOA for known ones, CNAMEs followed. Single
 * names (or all) can be told to {@link Behaviour behave} badly, also while it runs. Thread-safe.
 *
 * <pre>{@code
 * try (FakeDnsServer dns = new FakeDnsServer().start()) {
 *     dns.with("example.com. 300 IN MX 10 mx.example.com.").with("mx.example.com. 300 IN A 127.0.0.1");
 *     dns.behave("broken.example", Behaviour.SERVFAIL);
 *     new DnsjavaResolver(dns.servers(), timeout, rounds, executor, nanoTime);
 * }
 * }</pre>
 */
public final class FakeDnsServer implements AutoCloseable {
    /** What to do with a question. */
    public enum Behaviour {
        /** Answer from the records. */
        ANSWER,
        SERVFAIL,
        REFUSED,
        NXDOMAIN,
        /** Say nothing. */
        SILENCE,
        /** Say nothing until {@link FakeDnsServer#release()}. */
        HOLD,
        /** Bytes that are no DNS message. */
        GARBAGE,
        /** The right answer under another message id. */
        WRONG_ID,
        /** The right answer to another question. */
        WRONG_QUESTION,
        /** An empty reply with the TC bit by UDP, the answer by TCP. */
        TRUNCATED,
        /** FORMERR if the question comes with EDNS. */
        NO_EDNS,
        /** One link of a CNAME chain only, as authoritative servers do. */
        ONE_ALIAS,
        /** Negative answers without SOA record. */
        NO_SOA,
        /** A pointer to other servers, as of a server that is not recursive. */
        REFERRAL,
        /** The right answer, and records nobody asked for. */
        UNRELATED_TOO
    }

    private final List<Record> records = new ArrayList<>();
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private Behaviour everywhere = Behaviour.ANSWER;
    private DatagramSocket udp;
    private ServerSocket tcp;

    /** Starts on a free port of 127.0.0.1. */
    public FakeDnsServer start() {
        IOException last = null;
        for (int i = 0; i < 50; i++) {
            try {
                tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()));
                thread("fake-dns-udp", this::serveUdp);
                thread("fake-dns-tcp", this::acceptTcp);
                return this;
            } catch (SocketException e) {
                // The port is free for TCP, but not for UDP.
                last = e;
                closeQuietly(tcp);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new UncheckedIOException(last);
    }

    /** The port, the same for UDP and TCP. */
    public int port() {
        return udp.getLocalPort();
    }

    /** This server, and no other. */
    public DnsServers servers() {
        return DnsServers.of("127.0.0.1:" + port());
    }

    /** Adds records in the form of a zone file, one a line; names are absolute, with or without the dot. */
    public synchronized FakeDnsServer with(String zone) {
        try (Master master =
                new Master(new ByteArrayInputStream(zone.getBytes(StandardCharsets.US_ASCII)), Name.root, 300)) {
            Record next;
            while ((next = master.nextRecord()) != null) {
                records.add(next);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes all records of a name away. */
    public synchronized FakeDnsServer without(String name) {
        records.removeIf(r -> key(r.getName()).equals(key(name)));
        return this;
    }

    /** Answers all questions about a name in this way. */
    public synchronized FakeDnsServer behave(String name, Behaviour behaviour) {
        behaviours.put(key(name), behaviour);
        return this;
    }

    /** Answers questions for one type ({@code "MX"}) of a name in this way. */
    public synchronized FakeDnsServer behave(String name, String type, Behaviour behaviour) {
        behaviours.put(key(name) + " " + type, behaviour);
        return this;
    }

    /** Answers all questions in this way, except for names that have their own. */
    public synchronized FakeDnsServer behaveEverywhere(Behaviour behaviour) {
        everywhere = behaviour;
        return this;
    }

    /** Answers everything that {@link Behaviour#HOLD} held back, and holds nothing back any more. */
    public void release() {
        List<Runnable> now;
        synchronized (this) {
            behaviours.replaceAll((name, b) -> b == Behaviour.HOLD ? Behaviour.ANSWER : b);
            everywhere = everywhere == Behaviour.HOLD ? Behaviour.ANSWER : everywhere;
            now = List.copyOf(held);
            held.clear();
        }
        now.forEach(Runnable::run);
    }

    /** How often a question has come, by UDP and TCP. */
    public synchronized int asked(String name, String type) {
        return (int) asked.stream().filter((key(name) + " " + type)::equals).count();
    }

    /** All questions so far, each as {@code "example.com MX"}. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** Waits (at most ten seconds) until a question has come so often. */
    public synchronized void awaitAsked(String name, String type, int times) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (asked(name, type) < times) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(name + " " + type + " was asked " + asked(name, type) + " times: " + asked);
            }
            wait(left);
        }
    }

    @Override
    public void close() {
        closeQuietly(udp);
        closeQuietly(tcp);
        connections.forEach(FakeDnsServer::closeQuietly);
    }

    private void serveUdp() {
        byte[] buffer = new byte[65_535];
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                byte[] question = Arrays.copyOf(buffer, packet.getLength());
                handle(
                        question,
                        true,
                        reply -> udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress())));
            } catch (IOException e) {
                // Closed, or a packet that is no question: go on, or end with the loop.
            }
        }
    }

    private void acceptTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket connection = tcp.accept();
                connections.add(connection);
                thread("fake-dns-connection", () -> serve(connection));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            while (true) {
                byte[] question = in.readNBytes(in.readUnsignedShort());
                handle(question, false, reply -> {
                    byte[] framed = new byte[reply.length + 2];
                    framed[0] = (byte) (reply.length >> 8);
                    framed[1] = (byte) reply.length;
                    System.arraycopy(reply, 0, framed, 2, reply.length);
                    out.write(framed);
                });
            }
        } catch (IOException e) {
            connections.remove(connection);
        }
    }

    private interface Sender {
        void send(byte[] reply) throws IOException;
    }

    private void handle(byte[] bytes, boolean overUdp, Sender sender) throws IOException {
        Message query = new Message(bytes);
        Record question = query.getQuestion();
        Behaviour behaviour;
        synchronized (this) {
            String key = key(question.getName()) + " " + Type.string(question.getType());
            asked.add(key);
            notifyAll();
            behaviour = behaviours.getOrDefault(key, behaviours.getOrDefault(key(question.getName()), everywhere));
            if (behaviour == Behaviour.HOLD) {
                held.add(() -> send(sender, reply(query, Behaviour.ANSWER, overUdp)));
                return;
            }
        }
        if (behaviour != Behaviour.SILENCE) {
            sender.send(reply(query, behaviour, overUdp));
        }
    }

    private static void send(Sender sender, byte[] reply) {
        try {
            sender.send(reply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized byte[] reply(Message query, Behaviour behaviour, boolean overUdp) {
        int id = query.getHeader().getID();
        Message reply = new Message(behaviour == Behaviour.WRONG_ID ? id ^ 0x5555 : id);
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RD);
        reply.getHeader().setFlag(Flags.RA);
        Record question = query.getQuestion();
        reply.addRecord(
                behaviour == Behaviour.WRONG_QUESTION
                        ? Record.newRecord(name("other.example"), question.getType(), DClass.IN)
                        : question,
                Section.QUESTION);
        switch (behaviour) {
            case GARBAGE -> {
                return new byte[] {(byte) (id >> 8), (byte) id, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
            }
            case SERVFAIL -> reply.getHeader().setRcode(Rcode.SERVFAIL);
            case REFUSED -> reply.getHeader().setRcode(Rcode.REFUSED);
            case NXDOMAIN -> nothing(reply, question.getName(), Rcode.NXDOMAIN, true);
            case REFERRAL -> reply.addRecord(
                    new NSRecord(name("com"), DClass.IN, 300, name("ns.example.com")), Section.AUTHORITY);
            default -> {
                boolean truncate = overUdp && behaviour == Behaviour.TRUNCATED;
                boolean formErr = behaviour == Behaviour.NO_EDNS && query.getOPT() != null;
                if (truncate) {
                    reply.getHeader().setFlag(Flags.TC);
                } else if (formErr) {
                    reply.getHeader().setRcode(Rcode.FORMERR);
                } else {
                    answer(reply, question, behaviour);
                }
            }
        }
        int udpSize = query.getOPT() == null ? 512 : query.getOPT().getPayloadSize();
        return reply.toWire(overUdp ? udpSize : Message.MAXLENGTH);
    }

    private void answer(Message reply, Record question, Behaviour behaviour) {
        if (behaviour == Behaviour.UNRELATED_TOO) {
            of(name("unrelated.example"), question.getType()).forEach(r -> reply.addRecord(r, Section.ANSWER));
        }
        Name owner = question.getName();
        Set<Name> seen = new HashSet<>();
        while (seen.add(owner)) {
            List<Record> found = of(owner, question.getType());
            found.forEach(r -> reply.addRecord(r, Section.ANSWER));
            List<Record> aliases = of(owner, Type.CNAME);
            if (!found.isEmpty()) {
                return;
            }
            if (aliases.isEmpty()) {
                nothing(reply, owner, exists(owner) ? Rcode.NOERROR : Rcode.NXDOMAIN, behaviour != Behaviour.NO_SOA);
                return;
            }
            reply.addRecord(aliases.get(0), Section.ANSWER);
            if (behaviour == Behaviour.ONE_ALIAS) {
                return;
            }
            owner = ((CNAMERecord) aliases.get(0)).getTarget();
        }
    }

    private void nothing(Message reply, Name owner, int rcode, boolean withSoa) {
        reply.getHeader().setRcode(rcode);
        if (withSoa) {
            reply.addRecord(soa(owner), Section.AUTHORITY);
        }
    }

    private Record soa(Name owner) {
        for (int i = 0; i < owner.labels(); i++) {
            List<Record> known = of(new Name(owner, i), Type.SOA);
            if (!known.isEmpty()) {
                return known.get(0);
            }
        }
        Name zone = new Name(owner, Math.max(0, owner.labels() - 3));
        return new SOARecord(zone, DClass.IN, 60, name("ns.example"), name("admin.example"), 1, 2, 3, 4, 60);
    }

    private List<Record> of(Name owner, int type) {
        return records.stream()
                .filter(r -> r.getName().equals(owner) && r.getType() == type)
                .toList();
    }

    private boolean exists(Name name) {
        return records.stream().anyMatch(r -> r.getName().subdomain(name));
    }

    private static Name name(String text) {
        return Name.fromConstantString(text + ".");
    }

    private static String key(Name name) {
        return key(name.toString());
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static void thread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Nobody is left to care.
        }
    }
}
