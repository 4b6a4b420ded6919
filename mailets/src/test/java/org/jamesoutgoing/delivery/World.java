/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import com.google.common.net.InetAddresses;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.dns.AddressAnswer;
import org.jamesoutgoing.dns.ExchangerLookup;
import org.jamesoutgoing.dns.ExchangerOptions;
import org.jamesoutgoing.dns.HostAddresses;
import org.jamesoutgoing.dns.HostsFile;
import org.jamesoutgoing.dns.MxAnswer;
import org.jamesoutgoing.dns.MxRecord;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.dns.Resolver;
import org.jamesoutgoing.dsn.DsnComposer;
import org.jamesoutgoing.notify.DeadLetters;
import org.jamesoutgoing.notify.DsnLimit;
import org.jamesoutgoing.notify.Notifier;
import org.jamesoutgoing.notify.PostponedDsns;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.RelayHost;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteResolver;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.smtp.ConnectionSettings;

/**
 * What is around a service: a broker, a disk, a spool, mail servers, time. They outlive every {@link Life} that is
 * started on them.
 */
public final class World {

    final MovableClock clock = new MovableClock();
    final DurableQueue queue = new DurableQueue();
    final DurableRepository disk;
    final Spool spool = new Spool();
    final Peers peers = new Peers(clock);
    /** Who this server is. */
    Ourselves ourselves = Ourselves.NOBODY;
    /** Whose mail the service takes over. */
    Optional<DurableQueue> adopted = Optional.empty();

    Shares limits = new Shares(1000, 1 << 26, 500);
    Optional<String> bounceProcessor = Optional.empty();
    Optional<String> onSuccess = Optional.empty();
    Optional<DsnLimit> dsnLimit = Optional.of(DsnLimit.DEFAULT);
    final DurableRepository deadLetters = new DurableRepository(new MemoryMailRepository());
    volatile Suspensions suspensions = Suspensions.NONE;
    MailPriorities priorities = MailPriorities.ofThisJames(false);
    AttemptListener listener = new NoListener();
    Admission.Policy policy = Admission.Policy.unlimited();
    Route route = Route.of(
            RouteName.DEFAULT.text(),
            new RouteMode.Independent(25, false),
            ConnectionSettings.defaults("here.example"));

    World() {
        this(new MemoryMailRepository());
    }

    World(MailRepository disk) {
        this.disk = new DurableRepository(disk);
    }

    /** The same route, through one relay host. */
    static Route relay(Route route) {
        return Route.of(
                route.name(),
                new RouteMode.Relay(List.of(RelayHost.parse("127.0.0.1")), false, 25),
                route.connection());
    }

    static ConditionFactory soon() {
        return Awaitility.await().atMost(30, TimeUnit.SECONDS).pollInterval(2, TimeUnit.MILLISECONDS);
    }

    static QueueAction action(QueueAction.Kind kind) {
        return new QueueAction(kind, Optional.empty(), Optional.empty());
    }

    public static Mail mail(String name, String sender, String... recipients) throws Exception {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setSubject("subject of " + name);
        message.setText("text of " + name + "\r\n");
        message.saveChanges();
        MailImpl.Builder builder = MailImpl.builder().name(name).mimeMessage(message);
        for (String recipient : recipients) {
            builder.addRecipient(new MailAddress(recipient));
        }
        return sender.isEmpty() ? builder.build() : builder.sender(sender).build();
    }

    /** One life of the service. */
    final class Life implements AutoCloseable {
        final Halt halt;
        final RoutingTable routes = new RoutingTable(any -> route);
        final QueueLedger ledger = new QueueLedger(System::nanoTime);
        final WaitingRoom waitingRoom;
        final Admission admission;
        final Dispatcher dispatcher;
        private final ExecutorService io = Executors.newFixedThreadPool(4);

        Life(Halt halt) {
            this.halt = halt;
            MailQueue seenQueue = queue.asSeenBy(halt);
            Clock seenClock = clock;
            waitingRoom = new WaitingRoom(disk.asSeenBy(halt), routes, ledger, seenClock);
            routes.onChange(waitingRoom::routesChanged);
            admission = new Admission(
                    seenQueue, waitingRoom, ledger, policy, routes, priorities, seenClock, pause -> halt.alive());
            RouteResolver.Lookups lookups = new RouteResolver.Lookups(
                    new ExchangerLookup(
                            new EveryDomainHasOne(),
                            ExchangerOptions.DEFAULT,
                            ourselves,
                            new Random(1),
                            Clock.systemUTC(),
                            System::nanoTime),
                    new HostAddresses(
                            new EveryDomainHasOne(),
                            HostsFile.system(System::nanoTime),
                            ExchangerOptions.DEFAULT,
                            System::nanoTime));
            dispatcher = new Dispatcher(
                    new Dispatcher.Tools(
                            seenQueue,
                            adopted.map(other -> other.asSeenBy(halt)),
                            admission,
                            waitingRoom,
                            ledger,
                            routes,
                            new RouteResolver(options -> lookups, new Random(1)),
                            peers.asSeenBy(halt),
                            new Notifier(
                                    spool.asSeenBy(halt),
                                    new DsnComposer(clock, () -> "id"),
                                    routes,
                                    bounceProcessor,
                                    onSuccess,
                                    new PostponedDsns(waitingRoom, dsnLimit, clock),
                                    new DeadLetters(Optional.of(deadLetters.asSeenBy(halt)))),
                            priorities,
                            listener,
                            () -> suspensions),
                    limits,
                    seenClock,
                    new Random(1),
                    new DispatcherThread(
                            io,
                            Executors.newSingleThreadScheduledExecutor(
                                    new DefaultThreadFactory("outgoing-dispatcher", true)),
                            System::nanoTime));
            routes.onChange(dispatcher::routesChanged);
        }

        Life start() throws Exception {
            waitingRoom.open();
            // It is read in the background. Not a matter of correctness, but the tests' time must not run ahead of it.
            Iterator<MailKey> waiting = disk.asSeenBy(Halt.never()).list();
            while (waiting.hasNext()) {
                String id = RecordId.ofKey(waiting.next().asString()).id();
                soon().until(() -> !waitingRoom.isUnread(id));
            }
            dispatcher.start();
            return this;
        }

        /** Until nothing is under way and nothing is due. */
        void settleDown() {
            soon().until(() -> {
                if (halt.isKilled()) {
                    return true;
                }
                dispatcher.tickNow();
                // In this order: what was taken from the queue meanwhile may have become parts that are due.
                return adopted.stream().allMatch(other -> other.size() == 0)
                        && queue.size() == 0
                        && dispatcher.isIdle();
            });
        }

        /** Until all has happened that happens without time going on; hosts may be silent meanwhile. */
        void standStill() {
            soon().until(() -> {
                int answered = peers.asked().size() - peers.unanswered();
                dispatcher.tickNow();
                int underWay = dispatcher.lanes().stream()
                        .mapToInt(LaneState::underWay)
                        .sum();
                return underWay == peers.unanswered()
                        && answered == peers.asked().size() - peers.unanswered();
            });
        }

        CompletableFuture<QueueAction.Result> act(String id, QueueAction action) {
            return dispatcher.act(id, action, clock.instant());
        }

        /** Killed, not stopped: nothing is given back. */
        void abandon() {
            io.shutdownNow();
            dispatcher.abandon();
            queue.redeliver();
            adopted.ifPresent(DurableQueue::redeliver);
        }

        @Override
        public void close() {
            dispatcher.stop(Duration.ofSeconds(2));
            io.shutdownNow();
        }
    }

    Life process() throws Exception {
        return new Life(Halt.never()).start();
    }

    /** {@code MX 10 mx.<domain>}, with an address that is nobody's (RFC 5737). */
    private static final class EveryDomainHasOne implements Resolver {
        @Override
        public CompletableFuture<MxAnswer> mailExchangers(String asciiName) {
            return CompletableFuture.completedFuture(
                    new MxAnswer.Records(asciiName, List.of(new MxRecord(10, "mx." + asciiName)), Duration.ofHours(1)));
        }

        @Override
        public CompletableFuture<AddressAnswer> addresses(String hostName) {
            return CompletableFuture.completedFuture(
                    new AddressAnswer.Addresses(List.of(InetAddresses.forString("192.0.2.1")), Duration.ofHours(1)));
        }
    }

    private static final class NoListener implements AttemptListener {
        @Override
        public void finished(
                Mail mail, MailState state, AttemptReport report, Optional<java.time.Instant> nextAttempt) {}
    }
}
