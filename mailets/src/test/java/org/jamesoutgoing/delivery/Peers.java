/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.HostOutcome;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.MessageContent;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.Reply;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.Timings;
import org.jamesoutgoing.smtp.TransactionStage;

/** All the mail servers of the world, without a network. They outlive our process. Thread-safe. */
final class Peers {

    private final List<Silence> silent = new CopyOnWriteArrayList<>();
    private final Clock clock;

    Peers(Clock clock) {
        this.clock = clock;
    }

    /** An envelope that a host does not answer. */
    private record Silence(CompletableFuture<HostResult> result, Envelope envelope, Instant since, Duration patience) {

        boolean isLong(Instant now, Duration hanging) {
            return !since.plus(patience.compareTo(hanging) < 0 ? patience : hanging)
                    .isAfter(now);
        }

        void giveUp() {
            List<RecipientResult> deferred = envelope.recipients().stream()
                    .map(recipient -> unanswered(recipient.address(), TransactionStage.GREETING, "no answer"))
                    .toList();
            result.complete(new HostResult(false, deferred, false, Optional.empty(), true, Timings.NONE));
        }
    }

    /** What a host says about a recipient; null: nothing, for ever. */
    private volatile BiFunction<String, String, String> answer = (host, recipient) -> "250 2.1.5 OK";

    private final Map<String, Integer> accepted = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<Envelope> envelopes = new CopyOnWriteArrayList<>();

    /** Envelopes that a host keeps us waiting with. */
    private final List<Runnable> stalled = new ArrayList<>();

    /** @param scripted host and recipient to reply; {@code "connect"}: no connection; "drop": as a 421, it ends the
     *     transaction; null: silence; "stall": see {@link #goOn} */
    void answer(BiFunction<String, String, String> scripted) {
        answer = scripted;
    }

    /** How many copies a recipient has got. */
    int copies(String recipient) {
        return accepted.getOrDefault(recipient, 0);
    }

    int allCopies() {
        return accepted.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many envelopes wait for a host that says nothing. */
    int unanswered() {
        return silent.size();
    }

    /** How many envelopes wait for {@link #goOn}. */
    synchronized int stalled() {
        return stalled.size();
    }

    /** Hosts that stalled answer now, as they are scripted by now. */
    void goOn() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(stalled);
            stalled.clear();
        }
        all.forEach(Runnable::run);
    }

    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** What has been offered to a host, in order. */
    List<Envelope> envelopes() {
        return List.copyOf(envelopes);
    }

    Transport asSeenBy(Halt halt) {
        return new Transport() {
            @SuppressWarnings("FutureReturnValueIgnored") // It goes to the one who waits.
            @Override
            public CompletableFuture<HostResult> deliver(
                    SmtpHost host,
                    ConnectionSettings settings,
                    Envelope envelope,
                    MessageContent content,
                    Duration patience) {
                envelopes.add(envelope);
                List<RecipientResult> results = new ArrayList<>();
                boolean connected = true;
                for (Envelope.Recipient recipient : envelope.recipients()) {
                    halt.alive();
                    synchronized (Peers.this) {
                        asked.add(host.name() + " " + recipient.address());
                    }
                    String said = answer.apply(host.name(), recipient.address());
                    if (said == null) {
                        CompletableFuture<HostResult> never = new CompletableFuture<>();
                        silent.add(new Silence(never, envelope, clock.instant(), patience));
                        return never;
                    }
                    if (said.equals("stall")) {
                        CompletableFuture<HostResult> later = new CompletableFuture<>();
                        synchronized (Peers.this) {
                            stalled.add(() -> deliver(host, settings, envelope, content, patience)
                                    .thenAccept(later::complete));
                        }
                        return later;
                    }
                    connected &= !said.equals("connect");
                    results.add(result(recipient.address(), said));
                    if (said.equals("drop") || said.startsWith("421")) {
                        return CompletableFuture.completedFuture(ended(envelope, results));
                    }
                }
                results.stream()
                        .filter(result -> result.outcome() == HostOutcome.ACCEPTED)
                        .forEach(result -> {
                            halt.step();
                            accepted.merge(result.recipient(), 1, Integer::sum);
                        });
                return CompletableFuture.completedFuture(
                        new HostResult(connected, results, false, Optional.empty(), false, Timings.NONE));
            }

            @Override
            public void giveUpLongestWaits(int most, Duration hanging) {
                Instant now = clock.instant();
                List<Silence> longest = silent.stream()
                        .filter(silence -> silence.isLong(now, hanging))
                        .limit(most)
                        .toList();
                silent.removeAll(longest);
                longest.forEach(Silence::giveUp);
            }

            @Override
            public void close() {
                silent.forEach(silence -> silence.result().completeExceptionally(new IllegalStateException("closed")));
                silent.clear();
            }
        };
    }

    /** As the SMTP client has it: the last of these results is of the recipient at which the host ended the connection. */
    private static HostResult ended(Envelope envelope, List<RecipientResult> results) {
        int last = results.size() - 1;
        List<RecipientResult> all = new ArrayList<>();
        for (int i = 0; i < envelope.recipients().size(); i++) {
            String address = envelope.recipients().get(i).address();
            all.add(i == last ? results.get(i) : unanswered(address, TransactionStage.MAIL, "ended at another"));
        }
        return new HostResult(true, all, false, Optional.empty(), false, Timings.NONE);
    }

    private static RecipientResult result(String recipient, String said) {
        if (said.equals("drop")) {
            return unanswered(recipient, TransactionStage.RCPT, "the host closed the connection");
        }
        if (said.equals("connect")) {
            return unanswered(recipient, TransactionStage.CONNECT, "connection refused");
        }
        HostOutcome outcome =
                switch (said.charAt(0)) {
                    case '2' -> HostOutcome.ACCEPTED;
                    case '4' -> HostOutcome.DEFERRED;
                    default -> HostOutcome.FAILED;
                };
        Reply reply = new Reply(
                Integer.parseInt(said.substring(0, 3)),
                Optional.of(said.substring(4).split(" ", 2)[0]),
                List.of(said.substring(4)));
        return new RecipientResult(
                recipient,
                outcome,
                TransactionStage.RCPT,
                Optional.of(reply),
                Optional.empty(),
                said,
                Optional.empty());
    }

    private static RecipientResult unanswered(String recipient, TransactionStage stage, String why) {
        return new RecipientResult(
                recipient, HostOutcome.DEFERRED, stage, Optional.empty(), Optional.empty(), why, Optional.empty());
    }
}
