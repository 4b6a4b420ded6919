/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.Test;

/**
 * kill -9, again and again: every recipient gets the mail or its sender a DSN, and only what was in flight comes twice.
 *
 * <p>In flight is a mail while it is delivered, and a DSN also while it is made. Of two DSNs about one mail the first was
 * handed over and not yet recorded when the server was killed. One DSN that comes twice may have been in James's spool
 * then, which gives it again. Both may wait for their turn long after that.
 */
class KillIT {

    private static final int MAILS = 500;
    private static final int KILLS = 20;
    private static final int LEFT_AT_LEAST = 100;
    /** From the final dot to the receiver's reply. */
    private static final Duration REPLY = Duration.ofMillis(500);

    /** What was accepted so shortly before a kill may not have been recorded. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(5);

    /**
     * A mail that a recipient got.
     *
     * @param id a DSN's own message id; empty for other mail
     * @param made when a DSN was made
     */
    private record Arrival(Instant at, String id, Instant made) {}

    private final Map<String, List<Arrival>> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger arrivals = new AtomicInteger();
    private final List<Instant> kills = new ArrayList<>();
    private final Random random = new Random(7);

    @Test
    void nothingIsLostAndOnlyWhatWasInFlightIsDoubledWhenTheServerIsKilledTwentyTimes() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.onAccepted(this::remember);
            // One in ten is refused, one in ten taken at the second attempt only; DSNs go to the same receiver.
            receiver.answer(Stage.RCPT, "refused", Answer.reply("550 5.1.1 no such user"));
            for (int i = 2; i < MAILS; i += 10) {
                receiver.answer(Stage.RCPT, "<later" + i + "@", Answer.reply("450 4.2.1 not now"), 1);
            }
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                            + "<resendDelays>1s</resendDelays><connectionsPerNextHop>5</connectionsPerNextHop>");
            try (JamesProcess james = JamesProcess.prepare(setup)) {
                receiver.answer(Stage.MESSAGE, Answer.after(REPLY, Answer.accept()));
                CountDownLatch open = openLater(receiver);
                james.start();
                send(james);
                await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(
                                james.webadmin("GET", "/mailQueues/spool", "").body())
                        .contains("\"size\":0"));
                open.countDown();
                for (int kill = 0; kill < KILLS; kill++) {
                    int enough = arrivals.get() + 1 + random.nextInt(8);
                    await().atMost(Patience.LIMIT)
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> arrivals.get() >= enough);
                    // Anywhere in the time before a reply.
                    await().pollDelay(Duration.ofMillis(random.nextInt((int) REPLY.toMillis())))
                            .until(() -> true);
                    assertThat(MAILS - decided())
                            .as("undelivered at kill %d", kill)
                            .isGreaterThanOrEqualTo(LEFT_AT_LEAST);
                    james.kill();
                    kills.add(Instant.now());
                    open = openLater(receiver);
                    james.start();
                    open.countDown();
                }
                receiver.answer(Stage.MESSAGE, Answer.accept());
                await().atMost(Patience.LIMIT)
                        .untilAsserted(() -> assertThat(undecided()).isEmpty());
                james.stop();
            }
        }
        accepted.forEach((recipient, arrivals) -> {
            for (Arrival early : arrivals.subList(0, arrivals.size() - 1)) {
                boolean same = arrivals.stream()
                                .filter(one -> one.id().equals(early.id()))
                                .count()
                        > 1;
                assertThat(kills)
                        .as("%s got %s, which was in flight when the server was killed", recipient, arrivals)
                        .anyMatch(kill -> isNear(kill, early.made()) || (same && isNear(kill, early.at())));
            }
        });
    }

    /** Greets nobody until it is opened: however long a start takes, nothing is delivered before the next kill is planned. */
    private static CountDownLatch openLater(ReceivingServer receiver) {
        CountDownLatch open = new CountDownLatch(1);
        receiver.answer(Stage.GREETING, Answer.when(open, Answer.accept()));
        return open;
    }

    private static boolean isNear(Instant kill, Instant time) {
        return Duration.between(time, kill).abs().compareTo(IN_FLIGHT) < 0;
    }

    private static String recipient(int i) {
        String kind = i % 10 == 1 ? "refused" : i % 10 == 2 ? "later" : "taken";
        return kind + i + "@domain" + i % 7 + ".test";
    }

    private static void send(JamesProcess james) throws Exception {
        try (SmtpSender smtp = james.smtp()) {
            for (int i = 0; i < MAILS; i++) {
                smtp.send(
                        "sender" + i + "@senders.test",
                        List.of(recipient(i)),
                        "Subject: " + i + "\r\nFrom: sender" + i + "@senders.test\r\n\r\nHello\r\n");
            }
        }
    }

    private void remember(ReceivedMail mail) {
        for (String to : mail.recipients()) {
            boolean dsn = mail.sender().isEmpty();
            accepted.computeIfAbsent(to, any -> new CopyOnWriteArrayList<>())
                    .add(new Arrival(
                            Instant.now(),
                            dsn ? mail.header("Message-ID") : "",
                            dsn ? date(mail.header("Date")) : Instant.now()));
            arrivals.incrementAndGet();
        }
    }

    private static Instant date(String field) {
        return ZonedDateTime.parse(field.replaceAll(" \\(.*", ""), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    private int decided() {
        return MAILS - undecided().size();
    }

    private List<String> undecided() {
        List<String> open = new ArrayList<>();
        for (int i = 0; i < MAILS; i++) {
            String awaited = i % 10 == 1 ? "sender" + i + "@senders.test" : recipient(i);
            if (!accepted.containsKey(awaited)) {
                open.add(awaited);
            }
        }
        return open;
    }
}
