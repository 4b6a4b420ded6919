/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A DNS server on loopback, by UDP and TCP, with bad manners of a test's choice. */
public final class StubDnsServer implements AutoCloseable {

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final UnaryOperator<Message> manner;

    /** Answers as it is told, on this port of this loopback address; null: not at all. */
    public static StubDnsServer answering(String address, int port, UnaryOperator<Message> manner) throws IOException {
        return new StubDnsServer(new InetSocketAddress(InetAddress.getByName(address), port), manner);
    }

    /** Takes questions and answers none. */
    public static StubDnsServer silent() throws IOException {
        return new StubDnsServer(question -> null);
    }

    /** Answers REFUSED. */
    public static StubDnsServer refusing() throws IOException {
        return new StubDnsServer(question -> reply(question, Rcode.REFUSED));
    }

    /** Knows every name there is and is not: one exchanger, one address, as a captive portal does. */
    public static StubDnsServer lying() throws IOException {
        return new StubDnsServer(question -> {
            Message reply = reply(question, Rcode.NOERROR);
            Record asked = question.getQuestion();
            lie(asked).ifPresent(record -> reply.addRecord(record, Section.ANSWER));
            return reply;
        });
    }

    private static Optional<Record> lie(Record asked) {
        try {
            return switch (asked.getType()) {
                case Type.MX -> Optional.of(
                        new MXRecord(asked.getName(), DClass.IN, 60, 1, Name.fromString("portal.test.")));
                case Type.A -> Optional.of(new ARecord(
                        asked.getName(), DClass.IN, 60, InetAddress.getByAddress(new byte[] {127, 0, 0, 9})));
                default -> Optional.empty();
            };
        } catch (TextParseException | UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An answer without records. */
    public static Message reply(Message question, int code) {
        Message reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.getHeader().setRcode(code);
        reply.addRecord(question.getQuestion(), Section.QUESTION);
        return reply;
    }

    private StubDnsServer(UnaryOperator<Message> manner) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), manner);
    }

    private StubDnsServer(InetSocketAddress where, UnaryOperator<Message> manner) throws IOException {
        this.manner = manner;
        this.udp = new DatagramSocket(where);
        this.tcp = new ServerSocket(udp.getLocalPort(), 10, where.getAddress());
        daemon(this::serveUdp);
        daemon(this::serveTcp);
    }

    /** {@code host:port}. */
    public String hostAndPort() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "stub-dns");
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() {
        byte[] buffer = new byte[2048];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message reply = manner.apply(new Message(Arrays.copyOf(buffer, packet.getLength())));
                if (reply != null) {
                    byte[] octets = reply.toWire();
                    udp.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // closed, or no question
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                daemon(() -> answer(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            while (true) {
                Message reply = manner.apply(new Message(in.readNBytes(in.readUnsignedShort())));
                if (reply != null) {
                    byte[] octets = reply.toWire();
                    out.writeShort(octets.length);
                    out.write(octets);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
