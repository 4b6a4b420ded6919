/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jamesoutgoing.settings.Changed;

/**
 * Sends many large mails at once, in a process of its own whose heap is small; {@link LargeMailsTest} starts it and reads what
 * it prints.
 */
final class LargeMails {

    static final int MAILS = 200;
    static final int SIZE = 5_000_000;

    /** A line with a dot to be doubled, 100 octets with its end: {@link #SIZE} is a multiple of that. */
    private static final byte[] LINE = (".".concat("x".repeat(97)) + "\r\n").getBytes(ISO_8859_1);

    private LargeMails() {}

    /** Made while it is read. */
    private static final class Generated implements MessageContent {

        private final AtomicLong read;

        Generated(AtomicLong read) {
            this.read = read;
        }

        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public boolean eightBit() {
            return false;
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private int at;

                @Override
                public int read() {
                    return at == SIZE ? -1 : LINE[at++ % LINE.length];
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    int count = Math.min(length, SIZE - at);
                    for (int i = 0; i < count; i++) {
                        into[offset + i] = LINE[(at + i) % LINE.length];
                    }
                    at += count;
                    read.addAndGet(count);
                    return count == 0 && length > 0 ? -1 : count;
                }
            };
        }
    }

    /** Sends them over the capability: CHUNKING, or anything else for DATA. */
    public static void main(String[] arguments) throws Exception {
        for (String capability : arguments) {
            send(capability);
        }
    }

    private static void send(String capability) throws Exception {
        long start = System.nanoTime();
        AtomicLong read = new AtomicLong();
        PoolSettings connectionEach = Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", MAILS);
        ConnectionSettings settings =
                Changed.of(Mails.settings(), "pool", connectionEach, "timeouts", Timeouts.all(Duration.ofMinutes(1)));
        try (DiscardingServer server = new DiscardingServer(capability, MAILS / 2);
                SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults())) {
            SmtpHost host = new SmtpHost("mx.example.test", server.port(), List.of(InetAddress.getLoopbackAddress()));
            List<CompletableFuture<HostResult>> results = new ArrayList<>();
            for (int i = 0; i < MAILS; i++) {
                results.add(client.deliver(host, settings, Mails.envelope("a@x.test"), new Generated(read)));
            }
            server.awaitFastMails();
            long ahead = read.get() - (long) MAILS / 2 * SIZE;
            long live = liveHeap();
            long accepted = 0;
            for (CompletableFuture<HostResult> result : results) {
                HostOutcome outcome =
                        result.get(1, TimeUnit.MINUTES).recipients().get(0).outcome();
                accepted += outcome == HostOutcome.ACCEPTED ? 1 : 0;
            }
            System.out.printf(
                    "%s accepted=%d received=%d octets=%d ahead=%d live=%d direct=%d milliseconds=%d%n",
                    capability,
                    accepted,
                    server.mails.get(),
                    server.octets.get(),
                    ahead,
                    live,
                    directMemory(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }

    /** Octets of the heap that are in use when everything else has been collected. */
    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
                .sum();
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
