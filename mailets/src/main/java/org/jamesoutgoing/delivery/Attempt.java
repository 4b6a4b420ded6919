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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.smtp.HostOutcome;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.Reply;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.Timings;
import org.jamesoutgoing.smtp.TransactionStage;

/**
 * One go at delivering one mail to its next hop:
 *
 * <ol>
 *   <li>read the message through: its size, whether it is 8-bit, how many hops it has behind it;
 *   <li>offer all recipients to the first host;
 *   <li>offer those it deferred to the next one, and so on (RFC 5321 §5.1: a host that cannot be reached or answers 4xx is
 *       no reason not to ask the next; a 5xx is final);
 *   <li>report one outcome for each recipient.
 * </ol>
 *
 * <p>Asynchronous; runs on I/O threads and Netty's, never on two at once.
 */
final class Attempt {

    /** RFC 5321 §6.3 asks for a limit of at least 100. */
    private static final int MAX_HOPS = 100;

    private final ActiveMail active;
    private final Transport transport;
    private final MailPriorities priorities;
    private final Duration patience;
    private final Executor io;
    private final Clock clock;
    private final Map<MailAddress, RecipientReport> outcomes = new LinkedHashMap<>();
    private final Map<MailAddress, RecipientReport> unsuitable = new LinkedHashMap<>();
    private boolean reached;
    private boolean givenUp;
    /** Whether the host that is being tried has ended a connection at a recipient. */
    private boolean ended;

    private boolean dsnPassedOn;
    private Optional<String> tls = Optional.empty();
    private Timings timings = Timings.NONE;

    /** @param patience see {@link Transport#deliver} */
    Attempt(
            ActiveMail active,
            Transport transport,
            MailPriorities priorities,
            Duration patience,
            Executor io,
            Clock clock) {
        this.active = active;
        this.transport = transport;
        this.priorities = priorities;
        this.patience = patience;
        this.io = io;
        this.clock = clock;
    }

    /** Completes normally, always: an unexpected exception defers. */
    CompletableFuture<AttemptReport> start() {
        return CompletableFuture.supplyAsync(this::readThrough, io)
                .thenCompose(content -> content.hops() > MAX_HOPS ? loop(content) : tryHost(0, content))
                .exceptionally(this::unexpected)
                .thenApply(any -> report());
    }

    private MailContent readThrough() {
        try {
            return MailContent.of(active.state.name(), active.mail.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException("message cannot be read: " + e.getMessage(), e);
        }
    }

    private CompletableFuture<Void> loop(MailContent content) {
        // Nobody was asked, so nothing is known about the next hop: do not hold it for unreachable.
        reached = true;
        active.state
                .recipients()
                .forEach(recipient -> outcomes.put(
                        recipient,
                        RecipientReport.local(
                                recipient,
                                Outcome.FAILED,
                                "5.4.6",
                                "mail loop: the message has " + content.hops() + " Received fields",
                                clock.instant())));
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> tryHost(int index, MailContent content) {
        List<SmtpHost> hosts = active.towards.hosts();
        List<MailAddress> open = undecided();
        if (index >= hosts.size() || open.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        SmtpHost host = hosts.get(index);
        if (host.addresses().isEmpty()) {
            open.forEach(recipient -> keepBetter(RecipientReport.local(
                    recipient, Outcome.DEFERRED, "4.4.4", host.name() + " has no address now", clock.instant())));
            return tryHost(index + 1, content);
        }
        ended = false;
        CompletableFuture<Boolean> offered = CompletableFuture.completedFuture(false);
        for (List<MailAddress> together : transactions(open)) {
            offered = offered.thenCompose(
                    connected -> offer(host, together, content).thenApply(also -> connected || also));
        }
        return offered.thenCompose(connected -> {
            boolean enough = connected
                    && active.destination.route().mode() instanceof RouteMode.Independent independent
                    && independent.firstExchangerOnly();
            return enough || gaveWay() ? CompletableFuture.completedFuture(null) : tryHost(index + 1, content);
        });
    }

    /**
     * Who is offered together. One that needs SMTPUTF8 would cost the others a host that does not offer it (RFC 6531 §3.2). One
     * at which a host has ended the connection would cost the others that, in each attempt: it comes behind them, alone.
     */
    private List<List<MailAddress>> transactions(List<MailAddress> open) {
        Map<Boolean, List<MailAddress>> byEnd = open.stream().collect(Collectors.partitioningBy(this::endsConnections));
        Map<Boolean, List<MailAddress>> byNeed =
                byEnd.get(false).stream().collect(Collectors.partitioningBy(Envelopes::needsSmtpUtf8));
        return Stream.concat(
                        Stream.of(byNeed.get(false), byNeed.get(true)),
                        byEnd.get(true).stream().map(List::of))
                .toList();
    }

    private boolean endsConnections(MailAddress recipient) {
        return Optional.ofNullable(outcomes.get(recipient))
                .or(() -> active.state.lastSaidOf(recipient))
                .filter(RecipientReport::endedConnection)
                .isPresent();
    }

    /** Whether the host was connected to. One that has just ended a connection is left alone. */
    private CompletableFuture<Boolean> offer(SmtpHost host, List<MailAddress> recipients, MailContent content) {
        if (recipients.isEmpty() || ended || gaveWay()) {
            return CompletableFuture.completedFuture(false);
        }
        return transport
                .deliver(
                        host,
                        active.destination.route().connection(),
                        Envelopes.of(active.mail, recipients, priorities),
                        content,
                        patience)
                .thenApply(result -> {
                    record(host, recipients, result);
                    return result.connected();
                });
    }

    /** Others have their turn now. A host that had its time is one like others that did not answer: the next one is asked. */
    private boolean gaveWay() {
        return givenUp && patience.compareTo(Attempts.HANGING) < 0;
    }

    private void record(SmtpHost host, List<MailAddress> asked, HostResult result) {
        // Trouble of our own says nothing about the host.
        reached |= result.connected()
                || result.recipients().stream().anyMatch(recipient -> recipient.stage() == TransactionStage.LOCAL);
        givenUp = result.givenUp();
        result.tls().ifPresent(used -> tls = Optional.of(used));
        timings = timings.plus(result.timings());
        for (int i = 0; i < asked.size(); i++) {
            RecipientResult raw = result.recipients().get(i);
            RecipientReport outcome = report(asked.get(i), host, raw, clock.instant());
            ended |= outcome.endedConnection();
            if (raw.outcome() == HostOutcome.UNSUITABLE) {
                unsuitable.put(asked.get(i), outcome);
            } else {
                keepBetter(outcome);
            }
            if (raw.outcome() == HostOutcome.ACCEPTED) {
                dsnPassedOn |= result.dsnOffered();
            }
        }
    }

    /** Of two deferrals the one with a reply says more than one without; and who ended a connection is not forgotten. */
    private void keepBetter(RecipientReport outcome) {
        RecipientReport before = outcomes.get(outcome.recipient());
        if (before == null
                || outcome.outcome() != Outcome.DEFERRED
                || outcome.reply().isPresent()
                || (before.reply().isEmpty() && !before.endedConnection())) {
            outcomes.put(outcome.recipient(), outcome);
        }
    }

    private List<MailAddress> undecided() {
        return active.state.recipients().stream()
                .filter(recipient -> !outcomes.containsKey(recipient)
                        || outcomes.get(recipient).outcome() == Outcome.DEFERRED)
                .toList();
    }

    private Void unexpected(Throwable trouble) {
        Throwable cause = trouble.getCause() == null ? trouble : trouble.getCause();
        undecided()
                .forEach(recipient -> keepBetter(RecipientReport.local(
                        recipient, Outcome.DEFERRED, "4.3.0", "internal trouble: " + cause, clock.instant())));
        reached = true;
        return null;
    }

    private AttemptReport report() {
        // They are offered in this order next time: who ended a connection comes last, he who was asked now behind the
        // others.
        List<RecipientReport> all = active.state.recipients().stream()
                .sorted(Comparator.comparing(this::endsConnections)
                        .thenComparing(recipient -> endsConnections(recipient) && outcomes.containsKey(recipient)))
                .map(this::outcomeOf)
                .toList();
        return new AttemptReport(
                clock.instant(),
                active.towards.nextHop().name(),
                true,
                reached,
                givenUp,
                dsnPassedOn,
                tls,
                active.dns,
                timings,
                all);
    }

    private RecipientReport outcomeOf(MailAddress recipient) {
        RecipientReport outcome = outcomes.get(recipient);
        if (outcome != null) {
            return outcome;
        }
        // What no host can take fails only if no host deferred it: that one may turn out to take it.
        return Optional.ofNullable(unsuitable.get(recipient))
                .or(() -> active.state.lastSaidOf(recipient).filter(RecipientReport::endedConnection))
                .orElseGet(() -> RecipientReport.local(
                        recipient, Outcome.DEFERRED, "4.4.4", "no host to deliver to", clock.instant()));
    }

    /** From what a host said about a recipient to what came of the recipient. */
    static RecipientReport report(MailAddress recipient, SmtpHost host, RecipientResult result, Instant at) {
        Outcome outcome =
                switch (result.outcome()) {
                    case ACCEPTED -> Outcome.ACCEPTED;
                    case DEFERRED -> Outcome.DEFERRED;
                    case FAILED, UNSUITABLE -> Outcome.FAILED;
                };
        String name = hostName(host, result);
        boolean connected = isConnected(result);
        return RecipientReport.of(
                recipient,
                outcome,
                status(outcome, result),
                result.reply().map(reply -> reply.code() + " " + String.join(" ", reply.lines())),
                Optional.of(name),
                connected ? Optional.of(name) : Optional.empty(),
                Optional.of(result.stage().word()),
                connected || result.stage() == TransactionStage.LOCAL ? result.detail() : name + ": " + result.detail(),
                at);
    }

    /** Whether the host was there: a reply came, or the trouble was in a connection to it. */
    private static boolean isConnected(RecipientResult result) {
        return result.reply().isPresent()
                || (result.remote().isPresent() && result.stage().compareTo(TransactionStage.CONNECT) > 0);
    }

    private static String hostName(SmtpHost host, RecipientResult result) {
        return result.remote()
                .map(remote -> host.name() + "[" + remote.getAddress().getHostAddress() + "]")
                .orElse(host.name());
    }

    /** RFC 3463: the code of whoever decided if its class fits the outcome, else the closest one of ours. */
    private static String status(Outcome outcome, RecipientResult result) {
        char statusClass =
                switch (outcome) {
                    case ACCEPTED -> '2';
                    case DEFERRED -> '4';
                    case FAILED -> '5';
                };
        Predicate<String> fits = code -> !code.isEmpty() && code.charAt(0) == statusClass;
        Optional<String> said = result.reply().flatMap(Reply::enhancedCode).filter(fits);
        return said.or(() -> result.status().filter(fits)).orElseGet(() -> statusClass + detail(result));
    }

    private static String detail(RecipientResult result) {
        if (result.reply().isPresent()) {
            return ".0.0";
        }
        return switch (result.stage()) {
            case CONNECT -> ".4.1";
            case TLS -> ".7.5";
            case AUTH -> ".7.8";
            case LOCAL -> ".3.0";
            default -> ".4.2";
        };
    }
}
