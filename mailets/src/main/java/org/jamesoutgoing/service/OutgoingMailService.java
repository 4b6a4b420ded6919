/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.queue.api.MailQueue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamesoutgoing.admin.Checkup;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.admin.OldMails;
import org.jamesoutgoing.admin.QueueView;
import org.jamesoutgoing.admin.QueueWork;
import org.jamesoutgoing.admin.RouteTrace;
import org.jamesoutgoing.admin.ServiceHealth;
import org.jamesoutgoing.admin.Tracer;
import org.jamesoutgoing.admin.WaitingMail;
import org.jamesoutgoing.delivery.AttemptListener;
import org.jamesoutgoing.delivery.Dispatcher;
import org.jamesoutgoing.delivery.DispatcherThread;
import org.jamesoutgoing.delivery.LaneState;
import org.jamesoutgoing.delivery.QueueAction;
import org.jamesoutgoing.delivery.Transport;
import org.jamesoutgoing.dns.LookupTally;
import org.jamesoutgoing.dns.Resolver;
import org.jamesoutgoing.dsn.DsnComposer;
import org.jamesoutgoing.dsn.ReturnLimits;
import org.jamesoutgoing.dsn.template.Wording;
import org.jamesoutgoing.james.AuditTrail;
import org.jamesoutgoing.monitoring.AttemptLog;
import org.jamesoutgoing.monitoring.AttemptRates;
import org.jamesoutgoing.monitoring.QueueMetrics;
import org.jamesoutgoing.monitoring.RemoteDeliveryAudit;
import org.jamesoutgoing.notify.DeadLetters;
import org.jamesoutgoing.notify.Notifier;
import org.jamesoutgoing.notify.PostponedDsns;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.Drain;
import org.jamesoutgoing.queue.ExportedMails;
import org.jamesoutgoing.queue.FullnessAlarm;
import org.jamesoutgoing.queue.MailExport;
import org.jamesoutgoing.queue.MailImport;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.QueueAudit;
import org.jamesoutgoing.queue.QueueKeeper;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.AllowedReads;
import org.jamesoutgoing.routing.DnsLookups;
import org.jamesoutgoing.routing.DnsOptions;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteResolver;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One outgoing-mail service: everything between James's spool and the next hops, for one outgoing queue. Thread-safe. */
public final class OutgoingMailService {

    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingMailService.class);
    private static final int IO_THREADS = 24;

    /**
     * What James gives the service.
     *
     * @param adoptedQueue whose mail is taken over, if any
     * @param runtimeReads what static routes made at run time may have read
     * @param controls those of now, which are not the settings' own once something has been changed at run time
     */
    public record Surroundings(
            MailQueue queue,
            Optional<MailQueue> adoptedQueue,
            MailRepository waitingRepository,
            Optional<MailRepository> deadLetterRepository,
            Admission.ErrorRepository errorRepository,
            MailetContext context,
            Function<DnsOptions, Resolver> resolvers,
            SmtpServers smtpServers,
            StaticRoutes statics,
            AllowedReads runtimeReads,
            Controls controls,
            Wording wording,
            QueueMetrics.Source metrics,
            Clock clock) {}

    private final ServiceSettings settings;
    private final Clock clock;
    private final MailQueue queue;
    private final RoutingTable routes;
    private final AllowedReads runtimeReads;
    private final QueueLedger ledger = new QueueLedger(SystemTime::nanoTime);
    private final MailetContext context;
    private final WaitingRoom waitingRoom;
    private final Admission admission;
    private final Dispatcher dispatcher;
    private final RouteResolver resolver;
    private final LocalHost localHost;
    private final Tracer tracer;
    private final QueueView view;
    private final FullnessAlarm alarm;
    private final QueueKeeper keeper;
    private final QueueMetrics metrics;
    private final RemoteDeliveryAudit audit = new RemoteDeliveryAudit(AuditTrail.ofJames());
    private final Checkup checkup;
    private final ExecutorService io;
    private final Drain drain;
    private volatile LayeredRoutes layered;
    private volatile Controls controls;
    private final AtomicBoolean delivering = new AtomicBoolean();
    private volatile boolean drained;

    /**
     * @param io runs what blocks; the service shuts it down
     * @throws org.jamesoutgoing.routing.BadRouteException when a static route does not go together with the settings
     */
    public OutgoingMailService(ServiceSettings settings, Surroundings james, ExecutorService io) {
        this.settings = settings;
        this.clock = james.clock();
        this.queue = james.queue();
        this.io = io;
        this.controls = james.controls();
        Random random = new SecureRandom();
        this.layered = new LayeredRoutes(
                new RouteAssembler(james.runtimeReads()),
                settings.defaultRoute(),
                settings.defaultHeloName(),
                james.statics());
        layered.check();
        layered.forbidden()
                .forEach((name, why) -> LOGGER.error(
                        "route {} was made in webadmin, and its mail waits if it needs this: {}", name, why));
        layered.unsaidHeloNames()
                .forEach((name, heloName) -> LOGGER.warn(
                        "queue {}, route {}: EHLO says the address of the connection, which many servers refuse, for '{}' is no"
                                + " name that they could know; set heloName, or defaultDomain in domainlist.xml, to this"
                                + " server's full name in DNS",
                        settings.queueName(),
                        name,
                        heloName));
        this.runtimeReads = james.runtimeReads();
        this.routes = new RoutingTable(layered);
        this.waitingRoom = new WaitingRoom(james.waitingRepository(), routes, ledger, james.clock());
        this.drain = new Drain(queue, waitingRoom, ledger);
        routes.onChange(waitingRoom::routesChanged);
        this.context = james.context();
        MailPriorities priorities = MailPriorities.ofThisJames(settings.usePriority());
        this.admission = new Admission(
                queue,
                waitingRoom,
                ledger,
                // Once drained, nothing may be put into the waiting room any more.
                new Admission.Policy(
                        () -> drained ? QueueLimits.NONE : controls.limits(),
                        settings.whenFull(),
                        james.context()::sendMail,
                        james.errorRepository()),
                routes,
                priorities,
                james.clock(),
                SystemTime::sleep);
        this.localHost =
                new LocalHost(settings.ownNames(), james.smtpServers(), () -> layered, io, SystemTime::nanoTime);
        LookupTally tally = new LookupTally(james.clock());
        DnsLookups lookups =
                new DnsLookups(james.resolvers(), localHost, tally, random, james.clock(), SystemTime::nanoTime);
        this.resolver = new RouteResolver(lookups, random, localHost);
        Notifier notifier = new Notifier(
                james.context(),
                new DsnComposer(
                        james.clock(), () -> UUID.randomUUID().toString(), ReturnLimits.DEFAULT, james.wording()),
                routes,
                settings.bounceProcessor(),
                settings.onSuccess(),
                new PostponedDsns(waitingRoom, settings.dsnLimit(), james.clock()),
                new DeadLetters(james.deadLetterRepository()));
        this.metrics = james.metrics().of(settings.queueName());
        SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults()
                .withMaxConnections(settings.limits().maxConnections()));
        metrics.connections(client::statistics);
        Transport transport = Transport.of(client);
        AttemptRates rates = new AttemptRates(james.clock());
        this.dispatcher = new Dispatcher(
                new Dispatcher.Tools(
                        queue,
                        james.adoptedQueue(),
                        admission,
                        waitingRoom,
                        ledger,
                        routes,
                        resolver,
                        transport,
                        notifier,
                        priorities,
                        AttemptListener.all(
                                List.of(rates, metrics.attempts(), new AttemptLog(settings.queueName()), audit)),
                        () -> controls.suspensions()),
                settings.limits(),
                james.clock(),
                random,
                new DispatcherThread(io, SystemTime.thread("outgoing-dispatcher"), SystemTime::nanoTime));
        routes.onChange(dispatcher::routesChanged);
        this.alarm = new FullnessAlarm(settings.queueName());
        this.keeper = new QueueKeeper(
                waitingRoom,
                ledger,
                new QueueAudit(queue, ledger, routes, james.clock()),
                alarm,
                () -> controls.limits(),
                SystemTime.thread("outgoing-queue-keeper"));
        this.view = new QueueView(ledger, waitingRoom, dispatcher, transport, routes, rates, james.clock());
        OldMails oldMails = new OldMails(ledger, view, SystemTime::nanoTime);
        this.checkup = new Checkup(dispatcher, admission, waitingRoom, tally, oldMails, ledger, james.clock(), io);
        metrics.queue(ledger);
        metrics.gauge("fullness", () -> 100 * controls.limits().fullness(ledger.usage()));
        metrics.gauge(
                "suspended",
                () -> controls.suspensions().ofService(clock.instant()).isPresent() ? 1 : 0);
        metrics.gauge("oldest.age", oldMails::oldestAge);
        metrics.gauge("lanes", dispatcher::laneCount);
        this.tracer = new Tracer(lookups, random, localHost, dispatcher::laneOf);
    }

    /** Threads for what blocks: queue, repositories, spool. They end when there is nothing to do. */
    public static ExecutorService ioThreads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                IO_THREADS, IO_THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "outgoing-io-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    public ServiceSettings settings() {
        return settings;
    }

    /**
     * Starts delivering.
     *
     * @param imported exports of which something was imported into the waiting room
     * @throws MessagingException when the waiting room cannot be read
     */
    public void start(List<ExportedMails> imported) throws MessagingException {
        waitingRoom.open();
        for (ExportedMails export : imported) {
            try {
                MailImport.settle(waitingRoom, export);
            } catch (IOException | MessagingException e) {
                LOGGER.error("what an import stored before a crash is imported again by the next one", e);
            }
        }
        dispatcher.start();
        delivering.set(true);
        keeper.start();
        LOGGER.info(
                "outgoing-mail service started: queue={} mode={}",
                settings.queueName(),
                layered.of(RouteName.DEFAULT).mode());
    }

    /** What static routes made at run time may have read. */
    AllowedReads runtimeReads() {
        return runtimeReads;
    }

    /** The routes of now. */
    public LayeredRoutes routes() {
        return layered;
    }

    /**
     * What would happen to a mail for this domain now. Sends nothing. Blocks as long as DNS takes, half a minute at most.
     *
     * @param domain in any spelling, or an address literal
     */
    public RouteTrace trace(String domain) {
        return tracer.trace(layered, routes.destinationOf(domain), domain);
    }

    /**
     * Where a mail for this domain would go now. Blocks as long as DNS takes.
     *
     * @param domain in any spelling, or an address literal
     */
    public Resolution resolve(String domain) {
        return resolver.resolve(routes.destinationOf(domain)).join();
    }

    /** Whether this is a name of this server: a default HELO name, one that its SMTP servers greet with, the host's, or an own one. */
    public boolean isCalled(String hostName) {
        return localHost.isCalled(hostName);
    }

    /** Other static routes: they count for the next attempt of every mail. */
    void replaceStaticRoutes(StaticRoutes statics) {
        layered = layered.with(statics);
        routes.replace(layered);
    }

    /** Which mails there are, and in which state. */
    public QueueLedger ledger() {
        return ledger;
    }

    /**
     * A waiting mail, to be looked at; it goes on waiting. Blocks on the waiting room.
     *
     * @param idOrName of several mails with one name, any
     * @return empty when there is none, or it waits no longer
     * @throws MessagingException when the waiting room cannot be read
     */
    public Optional<WaitingMail> waitingMail(String idOrName) throws MessagingException {
        return view.waitingMail(idOrName, context.getPostmaster());
    }

    /** What waits, and why. */
    public QueueView view() {
        return view;
    }

    /** How full the queue is, with hysteresis. */
    public FullnessAlarm.Level fullness() {
        return alarm.level();
    }

    /** How well it is. Comes within a few seconds; now and then every mail is looked at before it returns. */
    public CompletableFuture<ServiceHealth> health() {
        Controls now = controls;
        return checkup.of(isDelivering(), new Checkup.Now(now.limits(), alarm.level(), now.suspensions(), layered));
    }

    /** The lanes of now; none while nothing is delivered. Blocks for a moment. */
    public List<LaneState> lanes() {
        return isDelivering() ? dispatcher.lanes() : List.of();
    }

    /**
     * Stops delivering until James is started again, and gives back what waits; see {@link Drain}. What comes in from now on
     * stays in the outgoing queue.
     *
     * @param start is given the drain before it runs
     */
    public void drain(Consumer<Drain> start) throws MessagingException {
        drained = true;
        stopDelivering();
        start.accept(drain);
        drain.run();
    }

    private void stopDelivering() {
        if (delivering.compareAndSet(true, false)) {
            dispatcher.stop(settings.stopGrace());
            metrics.close();
            keeper.close();
        }
    }

    /** Whether it runs; false after a {@link #drain} or a stop. */
    public boolean isDelivering() {
        return delivering.get();
    }

    /** Copies all that waits. */
    MailExport mailExport() {
        return new MailExport(waitingRoom, ledger, clock);
    }

    /** Has exported mail wait here. */
    MailImport mailImport() {
        return new MailImport(waitingRoom, clock);
    }

    /** One action on all mails that this filter means. */
    public QueueWork work(QueueAction action, MailFilter filter) {
        return new QueueWork(view, dispatcher::act, action, filter, clock, SystemTime::nanoTime);
    }

    /** Has this done with one mail. */
    public CompletableFuture<QueueAction.Result> act(String id, QueueAction action) {
        return dispatcher.act(id, action, clock.instant());
    }

    /** Limits and suspensions of now. */
    public Controls controls() {
        return controls;
    }

    /** Other limits and suspensions: they count from now on, for mail that waits too. */
    void replaceControls(Controls others) {
        boolean suspensions = !controls.suspensions().equals(others.suspensions());
        controls = others;
        if (suspensions && delivering.get()) {
            dispatcher.suspensionsChanged();
        }
    }

    /** Takes a mail; see {@link Admission#admit}. */
    public void admit(Mail mail) throws MessagingException {
        audit.identify(mail);
        admission.admit(mail);
        audit.admitted(mail, layered.of(RouteName.DEFAULT).mode());
    }

    /** Finishes or gives back what is in flight, within {@link ServiceSettings#stopGrace()} and a few seconds. */
    public void stop() {
        LOGGER.info("outgoing-mail service of queue {} stops", settings.queueName());
        stopDelivering();
        waitingRoom.close();
        io.shutdown();
        try {
            if (!io.awaitTermination(1, TimeUnit.SECONDS)) {
                LOGGER.warn("what is still being written when James stops is done again after its start");
            }
            queue.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOGGER.debug("queue {} does not close", settings.queueName(), e);
        }
    }
}
