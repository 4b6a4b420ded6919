/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A receiving server that counts messages and their octets and keeps none of them. Every second connection is a slow reader:
 * it takes nothing of its message before all messages of the others are there. Receive buffers are small, so that what is not
 * read is felt by the sender.
 */
final class DiscardingServer implements AutoCloseable {

    private static final int RECEIVE_BUFFER = 32 * 1024;

    /** Octets of messages, without added dots. */
    final AtomicLong octets = new AtomicLong();

    final AtomicInteger mails = new AtomicInteger();

    private final ServerSocket listener;
    private final String capability;
    private final CountDownLatch fastMails;

    /**
     * @param capability offered beside PIPELINING
     * @param fastMails messages of fast readers after which the slow ones begin to read
     */
    DiscardingServer(String capability, int fastMails) throws IOException {
        this.capability = capability;
        this.fastMails = new CountDownLatch(fastMails);
        this.listener = new ServerSocket();
        listener.setReceiveBufferSize(RECEIVE_BUFFER);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits until all fast readers have their messages. */
    void awaitFastMails() throws InterruptedException {
        fastMails.await();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(null, task, "discarding-server", 128 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            for (int number = 0; true; number++) {
                Socket socket = listener.accept();
                boolean slow = number % 2 == 1;
                daemon(() -> converse(socket, slow));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void converse(Socket socket, boolean slow) {
        try (socket) {
            new Conversation(socket, slow).run();
        } catch (IOException e) {
            // The client has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** One connection. */
    private final class Conversation {

        private final InputStream in;
        private final OutputStream out;
        private final boolean slow;
        private final byte[] buffer = new byte[16 * 1024];
        private int at;
        private int filled;
        private long received;

        Conversation(Socket socket, boolean slow) throws IOException {
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
            this.slow = slow;
        }

        void run() throws IOException, InterruptedException {
            answer("220 mx.example.test ESMTP");
            for (String line = line(); !line.equals("QUIT"); line = line()) {
                if (line.startsWith("EHLO")) {
                    answer("250-mx.example.test\r\n250-PIPELINING\r\n250 " + capability);
                } else if (line.equals("DATA")) {
                    answer("354 go ahead");
                    hesitate();
                    readData();
                    taken();
                } else if (line.startsWith("BDAT")) {
                    hesitate();
                    skip(Integer.parseInt(line.replaceAll("[^0-9]", "")));
                    if (line.endsWith(" LAST")) {
                        taken();
                    } else {
                        answer("250 2.0.0 chunk");
                    }
                } else {
                    answer("250 2.0.0 ok");
                }
            }
            answer("221 2.0.0 bye");
        }

        private void hesitate() throws InterruptedException {
            if (slow) {
                fastMails.await();
            }
        }

        private void taken() throws IOException {
            octets.addAndGet(received);
            mails.incrementAndGet();
            received = 0;
            if (!slow) {
                fastMails.countDown();
            }
            answer("250 2.0.0 queued");
        }

        /** Counts octets up to the lone dot, without the dots that were added. */
        private void readData() throws IOException {
            int column = 0;
            boolean dot = false;
            while (true) {
                int octet = read();
                if (column == 0 && octet == '.') {
                    dot = true;
                    column++;
                } else if (column == 1 && dot && octet == '\r') {
                    read();
                    return;
                } else {
                    received++;
                    column = octet == '\n' ? 0 : column + 1;
                    dot &= column == 1;
                }
            }
        }

        private void skip(int count) throws IOException {
            int left = count;
            while (left > 0) {
                if (at == filled) {
                    fill();
                }
                int portion = Math.min(left, filled - at);
                at += portion;
                left -= portion;
            }
            received += count;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = read(); octet != '\n'; octet = read()) {
                line.append((char) octet);
            }
            return line.toString().strip();
        }

        private int read() throws IOException {
            if (at == filled) {
                fill();
            }
            return buffer[at++] & 0xff;
        }

        private void fill() throws IOException {
            filled = in.read(buffer);
            at = 0;
            if (filled < 0) {
                filled = 0;
                throw new EOFException();
            }
        }

        private void answer(String reply) throws IOException {
            out.write((reply + "\r\n").getBytes(ISO_8859_1));
        }
    }
}
