/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.dnsservice.api.InMemoryDNSService;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;

/**
 * How many mails a second leave James: this service and stock RemoteDelivery side by side in one James (memory queue), in
 * turn, round after round, to the same receivers. Prints one table; ratios are what counts, for both sides share the
 * machine, the JVM and the receiver's CPU. Needs to be allowed to listen on port 25 of loopback addresses.
 */
public final class DeliveryBenchmark {

    private static final int ROUNDS = 3;
    private static final int NEXT_HOPS = 200;
    private static final int LINES = 128;
    private static final String OURS = "outgoing";
    private static final String STOCK = "stock";

    private static final String WITH_STOCK =
            "<processor state=\"stock\"><mailet match=\"All\" class=\"RemoteDelivery\">" + "<outgoing>" + STOCK
                    + "</outgoing></mailet></processor><processor state=\"relay\"";

    private record Result(double mailsPerSecond, double cpuMillisPerMail, int connections, long heapMegabytes) {}

    private DeliveryBenchmark() {}

    public static void main(String[] arguments) {
        int status = 0;
        try {
            compareAll();
        } catch (Exception e) {
            e.printStackTrace();
            status = 1;
        }
        // James leaves threads behind.
        System.exit(status);
    }

    private static void compareAll() throws Exception {
        System.out.println("10 KB mails, memory queue, median of " + ROUNDS + " interleaved rounds");
        System.out.printf(
                "%-34s %10s %10s %7s %15s %13s %11s%n",
                "", "stock/s", "ours/s", "ratio", "CPU ms a mail", "connections", "heap MB");
        compare("one next hop, no latency", 0, 1, 1500, 6000, i -> "r" + i + "@hop0.test");
        compare("one next hop, 50 ms round trip", 50, 1, 200, 3000, i -> "r" + i + "@hop0.test");
        compare("200 next hops, no latency", 0, NEXT_HOPS, 1500, 6000, i -> "r" + i + "@hop" + i % NEXT_HOPS + ".test");
    }

    private static void compare(
            String name, long roundTrip, int hops, int stockMails, int ourMails, IntFunction<String> recipient)
            throws Exception {
        InMemoryDNSService dns = new InMemoryDNSService()
                .registerMxRecord("127.0.0.0", "127.0.0.0")
                .registerMxRecord("255.0.0.0", "255.0.0.0")
                .registerMxRecord("127.0.0.1", "127.0.0.1");
        for (int i = 0; i < hops; i++) {
            dns.registerMxRecord("hop" + i + ".test", "127.0.3." + (i + 1));
        }
        try (DistantReceiver receiver = new DistantReceiver(hops, roundTrip)) {
            JamesSetup setup = JamesSetup.james()
                    .outgoing("<localExchangers>true</localExchangers>")
                    .change("mailetcontainer.xml", text -> text.replace("<processor state=\"relay\"", WITH_STOCK));
            try (JamesServer james = JamesServer.start(setup, JamesServer.dns(dns))) {
                run(james, receiver, STOCK, Math.max(50, stockMails / 4), recipient);
                run(james, receiver, OURS, ourMails / 2, recipient);
                List<Result> stock = new ArrayList<>();
                List<Result> ours = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    stock.add(run(james, receiver, STOCK, stockMails, recipient));
                    ours.add(run(james, receiver, OURS, ourMails, recipient));
                }
                print(name, median(stock), median(ours));
            }
        }
    }

    private static Result run(
            JamesServer james, DistantReceiver receiver, String queueName, int mails, IntFunction<String> recipient)
            throws Exception {
        MailQueue queue = james.queue(queueName);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        MimeMessage message = message();
        List<MailImpl> ready = new ArrayList<>();
        for (int i = 0; i < mails; i++) {
            ready.add(MailImpl.builder()
                    .name("mail" + i)
                    .sender("a@james.test")
                    .addRecipients(new MailAddress(recipient.apply(i)))
                    .mimeMessage(message)
                    .build());
        }
        receiver.takeConnections();
        int before = receiver.mails();
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        for (MailImpl mail : ready) {
            queue.enQueue(mail);
        }
        long deadline = start + TimeUnit.MINUTES.toNanos(3);
        while (receiver.mails() - before < mails) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(queueName + " delivered " + (receiver.mails() - before) + " of " + mails
                        + " mails in 3 minutes");
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMillis = (system.getProcessCpuTime() - cpu) / 1e6;
        ready.forEach(LifecycleUtil::dispose);
        ready.clear();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        return new Result(mails / seconds, cpuMillis / mails, receiver.takeConnections(), heap);
    }

    private static MimeMessage message() throws Exception {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setSubject("benchmark");
        message.setText(("x".repeat(78) + "\r\n").repeat(LINES));
        message.saveChanges();
        return message;
    }

    private static Result median(List<Result> results) {
        return results.stream()
                .sorted((one, other) -> Double.compare(one.mailsPerSecond(), other.mailsPerSecond()))
                .toList()
                .get(results.size() / 2);
    }

    private static void print(String name, Result stock, Result ours) {
        System.out.printf(
                Locale.ROOT,
                "%-34s %10.0f %10.0f %6.1fx %6.2f : %6.2f %6d : %4d %4d : %4d%n",
                name,
                stock.mailsPerSecond(),
                ours.mailsPerSecond(),
                ours.mailsPerSecond() / stock.mailsPerSecond(),
                stock.cpuMillisPerMail(),
                ours.cpuMillisPerMail(),
                stock.connections(),
                ours.connections(),
                stock.heapMegabytes(),
                ours.heapMegabytes());
    }
}
