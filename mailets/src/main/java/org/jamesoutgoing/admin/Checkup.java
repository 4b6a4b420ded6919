/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jamesoutgoing.admin.ServiceHealth.Finding;
import org.jamesoutgoing.delivery.Dispatcher;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.delivery.Suspensions;
import org.jamesoutgoing.dns.LookupTally;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.FullnessAlarm;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.QueueUsage;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOptions;

/** Looks at one service from all sides and says what is wrong with it. Thread-safe. */
public final class Checkup {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final double OLD = 0.5;
    private static final int NAMED = 3;

    private final Dispatcher dispatcher;
    private final Admission admission;
    private final LookupTally lookups;
    private final OldMails oldMails;
    private final WaitingRoom waitingRoom;
    private final QueueLedger ledger;
    private final HealthProbe store;
    private final Clock clock;

    /** @param blocking where the waiting room is asked */
    public Checkup(
            Dispatcher dispatcher,
            Admission admission,
            WaitingRoom waitingRoom,
            LookupTally lookups,
            OldMails oldMails,
            QueueLedger ledger,
            Clock clock,
            Executor blocking) {
        this.dispatcher = dispatcher;
        this.admission = admission;
        this.lookups = lookups;
        this.oldMails = oldMails;
        this.clock = clock;
        this.waitingRoom = waitingRoom;
        this.ledger = ledger;
        this.store = new HealthProbe(waitingRoom::check, blocking, PATIENCE);
    }

    /** What is changed at run time, as it is now. */
    public record Now(
            QueueLimits limits, FullnessAlarm.Level fullness, Suspensions suspensions, LayeredRoutes routes) {}

    /** Comes within a few seconds; looks at all mails now and then, on the caller's thread. */
    public CompletableFuture<ServiceHealth> of(boolean delivering, Now now) {
        List<Finding> findings = new ArrayList<>();
        if (delivering) {
            storage(findings::add);
            fullness(now, findings::add);
            lookups.failing()
                    .ifPresent(dns -> findings.add(Finding.degraded("DNS: %d of the last %d look-ups failed: %s"
                            .formatted(dns.failed(), dns.lookups(), dns.why()))));
            suspensions(now, findings::add);
            age(findings::add);
        } else {
            findings.add(Finding.degraded("it is stopped or drained; James must be started again"));
        }
        return store.trouble().thenApply(trouble -> {
            trouble.ifPresent(why -> findings.add(Finding.unhealthy("the waiting room fails: " + why)));
            return new ServiceHealth(findings);
        });
    }

    private void storage(Consumer<Finding> findings) {
        dispatcher
                .queueTrouble()
                .ifPresent(why -> findings.accept(Finding.unhealthy("the outgoing queue cannot be read: " + why)));
        admission
                .queueTrouble()
                .ifPresent(why -> findings.accept(Finding.unhealthy("the outgoing queue takes no mail: " + why)));
        Map<String, String> unwritten = dispatcher.unwritten();
        unwritten.values().stream()
                .findFirst()
                .ifPresent(why -> findings.accept(Finding.unhealthy(
                        "what became of " + counted(unwritten.size(), "mail") + " cannot be written down: " + why)));
        unreadable("waiting mail", waitingRoom.unreadable().values()).ifPresent(findings);
        unreadable("queued mail", dispatcher.unreadable()).ifPresent(findings);
    }

    private static Optional<Finding> unreadable(String one, Collection<String> whys) {
        return whys.stream()
                .findFirst()
                .map(why -> Finding.degraded(counted(whys.size(), one) + " cannot be read: " + why));
    }

    private void fullness(Now now, Consumer<Finding> findings) {
        QueueUsage usage = ledger.usage();
        QueueLimits limits = now.limits();
        FullnessAlarm.Level level = now.fullness();
        if (level == FullnessAlarm.Level.FULL) {
            findings.accept(Finding.unhealthy("the queue is full: " + used(usage, limits)));
        } else if (level == FullnessAlarm.Level.NEARLY_FULL) {
            findings.accept(Finding.degraded("the queue is above 80 %: " + used(usage, limits)));
        }
        long overflow = ledger.usage(QueueState.OVERFLOW).mails();
        if (overflow > 0) {
            findings.accept(Finding.degraded(
                    counted(overflow, "mail") + (overflow == 1 ? " waits" : " wait") + " for room in the queue"));
        }
    }

    private static String used(QueueUsage usage, QueueLimits limits) {
        List<String> shares = new ArrayList<>();
        if (limits.mails() > 0) {
            shares.add(usage.mails() + " of " + counted(limits.mails(), "mail"));
        }
        if (limits.octets() > 0) {
            shares.add(usage.octets() + " of " + counted(limits.octets(), "byte"));
        }
        return String.join(", ", shares);
    }

    private static String counted(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    private void suspensions(Now current, Consumer<Finding> findings) {
        Instant now = clock.instant();
        Suspensions suspensions = current.suspensions();
        suspensions
                .ofService(now)
                .ifPresent(whole -> findings.accept(Finding.degraded("delivery is suspended: " + whole.reason())));
        suspended("domains", active(suspensions.domains(), now)).ifPresent(findings);
        suspended("hosts", active(suspensions.hosts(), now)).ifPresent(findings);
        suspended("routes", suspendedRoutes(current.routes())).ifPresent(findings);
        current.routes()
                .forbidden()
                .keySet()
                // James answers anybody who asks for its health: so no paths, and no names of variables.
                .forEach(name -> findings.accept(Finding.degraded("route " + name
                        + " names what a route made in webadmin may not have read; James's log says what")));
    }

    /** Those that say so themselves; the default one, in the name of all that say nothing. */
    private static List<String> suspendedRoutes(LayeredRoutes routes) {
        Stream<String> byDefault =
                routes.of(RouteName.DEFAULT).suspended().isPresent() ? Stream.of("*") : Stream.empty();
        Stream<String> byName = routes.statics().all().stream()
                .filter(route -> !route.name().isDefault()
                        && route.values().get(RouteOptions.SUSPENDED).orElse(false))
                .map(route -> route.name().toString())
                .sorted();
        return Stream.concat(byDefault, byName).toList();
    }

    private static Optional<Finding> suspended(String what, List<String> names) {
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return Optional.of(Finding.degraded("delivery is suspended, " + what + ": "
                + String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + more));
    }

    private static List<String> active(Map<String, Suspension> suspensions, Instant now) {
        return suspensions.entrySet().stream()
                .filter(entry -> entry.getValue().isOn(now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private void age(Consumer<Finding> findings) {
        OldMails.Seen seen = oldMails.seen();
        if (seen.used() > OLD && seen.nearest().isPresent()) {
            findings.accept(Finding.degraded(String.format(
                    Locale.ROOT,
                    "mail %s has used %.0f %% of its queue lifetime",
                    seen.nearest().get().id(),
                    Math.floor(seen.used() * 100))));
        }
    }
}
