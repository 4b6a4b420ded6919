/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import javax.inject.Inject;
import javax.inject.Singleton;
import javax.mail.MessagingException;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryPath;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.mailet.MailetContext;
import org.jamesoutgoing.dns.DnsCheck;
import org.jamesoutgoing.dsn.template.Wording;
import org.jamesoutgoing.monitoring.AttemptLog;
import org.jamesoutgoing.monitoring.QueueMetrics;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.routing.AllowedReads;
import org.jamesoutgoing.routing.DnsOptions;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of this James, one for each outgoing queue. Mailets that name the same queue share its service; they must
 * have the same settings. Thread-safe.
 */
@Singleton
public final class OutgoingServices {

    /** The one that is meant where there are several and nobody says which. */
    public static final String DEFAULT_QUEUE = "outgoing";

    private static final Logger LOGGER = LoggerFactory.getLogger(OutgoingServices.class);
    /** {@link org.jamesoutgoing.repository.DurableMailRepository}, where the administrator has named it so. */
    private static final Protocol DURABLE = new Protocol("durable");

    private final MailQueueFactory<?> queues;
    private final MailRepositoryStore repositories;
    private final ResolverFactory resolvers;
    private final RouteRegistry registry;
    private final ControlRegistry controls;
    private final TemplateRegistry templates;
    private final QueueMetrics.Source metrics;
    private final Clock clock;
    private final ConfigurationProvider configuration;
    private final Exports exports;
    private final Map<String, Shared> running = new LinkedHashMap<>();

    private static final class Shared {
        final OutgoingMailService service;
        int users = 1;

        Shared(OutgoingMailService service) {
            this.service = service;
        }
    }

    @Inject
    OutgoingServices(
            MailQueueFactory<?> queues,
            MailRepositoryStore repositories,
            ResolverFactory resolvers,
            RouteRegistry registry,
            ControlRegistry controls,
            TemplateRegistry templates,
            QueueMetrics.Source metrics,
            Clock clock,
            ConfigurationProvider configuration,
            Exports exports) {
        this.queues = queues;
        this.repositories = repositories;
        this.resolvers = resolvers;
        this.registry = registry;
        this.controls = controls;
        this.templates = templates;
        controls.onChange(this::replaceControls);
        registry.addRule(this::checkReads);
        registry.addCheck(this::checkStaticRoutes);
        registry.onChange(this::replaceStaticRoutes);
        this.metrics = metrics;
        this.clock = clock;
        this.configuration = configuration;
        this.exports = exports;
    }

    /**
     * The running service of this queue; started if it is the first time it is asked for. {@link #release} it when it is
     * no longer needed.
     *
     * @throws IllegalArgumentException when the queue has a service with other settings, or a setting or a static route
     *     cannot be used here
     * @throws org.jamesoutgoing.store.UnusableException when the static routes, or what is suspended, cannot be read
     * @throws MessagingException when the service cannot be started
     */
    public synchronized OutgoingMailService obtain(ServiceSettings settings, MailetContext context)
            throws MessagingException {
        Shared shared = running.get(settings.queueName());
        if (shared != null) {
            requireSame(shared.service.settings(), settings);
            shared.users++;
            return shared.service;
        }
        requireNotReadTwice(settings);
        // First of all: without its routes no mail may leave, nor before it is known what is suspended.
        StaticRoutes statics = registry.current();
        Controls ofNow = controlsOf(settings);
        MailRepositoryUrl waitingRoom = waitingRoom(settings);
        MailRepository waitingRepository = select("waitingRepository", waitingRoom);
        Optional<MailRepository> deadLetters = deadLetters(settings, waitingRoom.getProtocol());
        ExecutorService io = OutgoingMailService.ioThreads();
        OutgoingMailService service = new OutgoingMailService(
                settings,
                new OutgoingMailService.Surroundings(
                        queues.createQueue(MailQueueName.of(settings.queueName())),
                        settings.adoptQueue().map(MailQueueName::of).map(queues::createQueue),
                        waitingRepository,
                        deadLetters,
                        errorRepository(),
                        context,
                        options -> resolvers.of(options, io),
                        SmtpServers.read(configuration),
                        statics,
                        AllowedReads.of(
                                settings.webadminFiles().or(registry::readableFolder), settings.webadminVariables()),
                        ofNow,
                        wording(),
                        metrics,
                        clock),
                io);
        warnOfLeftovers(settings);
        service.start(exports.imported(settings.queueName()));
        if (running.isEmpty() && !AttemptLog.isWritten()) {
            LOGGER.warn("the attempt log is off: what became of a mail is not written down; for it, add"
                    + " <logger name=\"org.jamesoutgoing\" level=\"INFO\"/> to James's logback.xml");
        }
        running.put(settings.queueName(), new Shared(service));
        return service;
    }

    /** The counterpart of {@link #obtain}; the last one stops the service. */
    public synchronized void release(OutgoingMailService service) {
        Shared shared = running.get(service.settings().queueName());
        if (shared != null && shared.service == service && --shared.users == 0) {
            running.remove(service.settings().queueName());
            service.stop();
        }
    }

    /** Those that run, by queue in alphabetical order. */
    public synchronized SortedMap<String, OutgoingMailService> services() {
        SortedMap<String, OutgoingMailService> services = new TreeMap<>();
        running.forEach((queue, shared) -> services.put(queue, shared.service));
        return services;
    }

    /** Of all services that run now. */
    public Export export() {
        return new Export(services(), registry, controls, templates, exports, clock);
    }

    /** Into the services that run now. */
    public Import importing() {
        return new Import(services(), registry, controls, templates, exports);
    }

    /**
     * What is meant by somebody who names this queue, or none: then it is the only one, or that of {@link #DEFAULT_QUEUE}.
     *
     * @param byQueue of the services that run
     */
    public static <T> Optional<T> meant(SortedMap<String, T> byQueue, Optional<String> queue) {
        return queue.isEmpty() && byQueue.size() == 1
                ? Optional.of(byQueue.get(byQueue.firstKey()))
                : Optional.ofNullable(byQueue.get(queue.orElse(DEFAULT_QUEUE)));
    }

    /** In which words notifications are written, by the services and by mailets. */
    public Wording wording() {
        return templates.wording();
    }

    /**
     * Asks every DNS server of a route by itself for the exchangers of a domain. Comes within three times the route's
     * {@code dnsTimeout}.
     *
     * @param domain A-labels
     * @return empty when the servers are known to James's own DNS service only
     */
    public CompletableFuture<List<DnsCheck.Report>> checkDns(DnsOptions options, String domain) {
        DnsCheck check = new DnsCheck(options.timeout(), ForkJoinPool.commonPool(), SystemTime::nanoTime);
        return resolvers
                .servers(options)
                .map(servers -> check.check(servers, domain))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    /**
     * Every service reads what a route made at run time names, so every one must allow it; without one, nothing is allowed.
     *
     * @throws org.jamesoutgoing.settings.OptionException naming the option that may not be read
     */
    public void checkReads(OptionValues values) {
        SortedMap<String, OutgoingMailService> all = services();
        if (all.isEmpty()) {
            AllowedReads.NOTHING.check(values);
        }
        all.values().forEach(service -> service.runtimeReads().check(values));
    }

    private void checkStaticRoutes(StaticRoutes candidate, RouteName changed) {
        services().values().forEach(service -> service.routes().with(candidate).check(changed));
    }

    private synchronized void replaceControls() {
        running.forEach((queue, shared) -> shared.service.replaceControls(
                controls.of(queue).over(shared.service.settings().controls())));
    }

    private synchronized void replaceStaticRoutes(StaticRoutes statics) {
        running.values().forEach(shared -> shared.service.replaceStaticRoutes(statics));
    }

    private Controls controlsOf(ServiceSettings settings) {
        RuntimeControls changed = controls.of(settings.queueName());
        if (changed.service() instanceof RuntimeControls.Resumed
                && settings.controls().suspensions().service().isPresent()) {
            LOGGER.info("queue {}: enabled=false, and resumed by webadmin since: it delivers", settings.queueName());
        }
        return changed.over(settings.controls());
    }

    private static void requireSame(ServiceSettings one, ServiceSettings other) {
        if (one.given().equals(other.given())) {
            return;
        }
        TreeSet<String> names = new TreeSet<>(one.given().keySet());
        names.addAll(other.given().keySet());
        names.removeIf(name -> Optional.ofNullable(one.given().get(name))
                .equals(Optional.ofNullable(other.given().get(name))));
        throw new IllegalArgumentException("two OutgoingDelivery mailets share the queue '" + one.queueName()
                + "' and differ in " + names + "; allowed: the same parameters, or a queue of its own for each");
    }

    /** A mail of a queue that is read and taken over, or taken over twice, would go now this way and now that. */
    private void requireNotReadTwice(ServiceSettings settings) {
        for (Map.Entry<String, Shared> other : running.entrySet()) {
            Optional<String> adoptedThere = other.getValue().service.settings().adoptQueue();
            if (adoptedThere.filter(settings.queueName()::equals).isPresent()) {
                throw new IllegalArgumentException("queue '" + settings.queueName() + "' is taken over by queue '"
                        + other.getKey() + "', whose adoptQueue it is; allowed: one of the two");
            }
            settings.adoptQueue()
                    .filter(adopted -> adopted.equals(other.getKey()) || adoptedThere.equals(settings.adoptQueue()))
                    .ifPresent(adopted -> {
                        throw new IllegalArgumentException("adoptQueue: '" + adopted + "' is "
                                + (adopted.equals(other.getKey()) ? "an outgoing queue" : "taken over by another queue")
                                + "; allowed: a queue that nobody reads");
                    });
        }
    }

    /** RemoteDelivery of James 3.8 and 3.9 reads {@code outgoing} and not {@code outgoingQueue}. */
    private void warnOfLeftovers(ServiceSettings settings) {
        if (settings.given().containsKey("outgoingQueue")
                && !settings.given().containsKey("outgoing")
                && !settings.queueName().equals(DEFAULT_QUEUE)
                && !settings.adoptQueue().equals(Optional.of(DEFAULT_QUEUE))
                && !running.containsKey(DEFAULT_QUEUE)) {
            LOGGER.warn(
                    "queue {}: RemoteDelivery ignored outgoingQueue, so mail that it left is in the queue '{}'; to have it"
                            + " delivered, add adoptQueue={}; if there is none, write outgoing instead of outgoingQueue",
                    settings.queueName(),
                    DEFAULT_QUEUE,
                    DEFAULT_QUEUE);
        }
    }

    private MailRepositoryUrl waitingRoom(ServiceSettings settings) {
        if (settings.waitingRepository().isPresent()) {
            return url("waitingRepository", settings.waitingRepository().get());
        }
        MailRepositoryPath path = MailRepositoryPath.from("var/mail/" + settings.queueName() + "-waiting");
        MailRepositoryUrl durable = MailRepositoryUrl.fromPathAndProtocol(DURABLE, path);
        try {
            repositories.select(durable);
            return durable;
        } catch (Exception e) {
            LOGGER.debug("mailrepositorystore.xml has no protocol {}", DURABLE.getValue(), e);
        }
        Protocol protocol = repositories
                .defaultProtocol()
                .orElseThrow(() -> new IllegalArgumentException("waitingRepository: not given, and"
                        + " mailrepositorystore.xml names no default protocol; allowed: a repository URL"));
        return MailRepositoryUrl.fromPathAndProtocol(protocol, path);
    }

    private Optional<MailRepository> deadLetters(ServiceSettings settings, Protocol protocol) {
        String name = "deadLetterRepository";
        if (settings.deadLetterRepository().isEmpty()) {
            MailRepositoryPath path = MailRepositoryPath.from("var/mail/" + settings.queueName() + "-dead-letters");
            return Optional.of(select(name, MailRepositoryUrl.fromPathAndProtocol(protocol, path)));
        }
        return settings.deadLetterRepository()
                .filter(url -> !url.equalsIgnoreCase("none"))
                .map(url -> select(name, url(name, url)));
    }

    /** Its URL is found as James's spooler finds it. It is opened when it is needed. */
    private Admission.ErrorRepository errorRepository() {
        String given;
        try {
            given = configuration.getConfiguration("mailetcontainer").getString("spooler.errorRepository", null);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("mailetcontainer.xml cannot be read: " + e.getMessage(), e);
        }
        return mail -> {
            try {
                MailRepositoryUrl url = given == null
                        ? MailRepositoryUrl.fromPathAndProtocol(
                                repositories.defaultProtocol().orElseThrow(), MailRepositoryPath.from("var/mail/error"))
                        : MailRepositoryUrl.from(given);
                repositories.select(url).store(mail);
            } catch (MailRepositoryStore.MailRepositoryStoreException e) {
                throw new MessagingException("it cannot be opened: " + e.getMessage(), e);
            }
        };
    }

    private static MailRepositoryUrl url(String parameter, String text) {
        try {
            return MailRepositoryUrl.from(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    parameter + ": '" + text + "' is no repository URL; allowed: protocol://path, such as"
                            + " durable://var/mail/outgoing",
                    e);
        }
    }

    private MailRepository select(String parameter, MailRepositoryUrl url) {
        try {
            return repositories.select(url);
        } catch (MailRepositoryStore.MailRepositoryStoreException | RuntimeException e) {
            throw new IllegalArgumentException(
                    parameter + ": '" + url.asString() + "' cannot be opened: " + e.getMessage()
                            + "; allowed: a URL whose protocol stands in mailrepositorystore.xml",
                    e);
        }
    }
}
