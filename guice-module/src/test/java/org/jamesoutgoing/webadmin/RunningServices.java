/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.inject.AbstractModule;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import com.google.inject.util.Modules;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.Protocol;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.james.task.Hostname;
import org.apache.james.task.MemoryTaskManager;
import org.apache.james.task.TaskExecutionDetails;
import org.apache.james.task.TaskId;
import org.apache.james.task.TaskManager;
import org.apache.james.utils.PropertiesProvider;
import org.apache.james.webadmin.WebAdminServer;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetConfig;
import org.apache.mailet.MailetContext;
import org.jamesoutgoing.mailets.OutgoingDelivery;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.MailStateCodec;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.service.ControlRegistry;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.RuntimeControls;
import org.jamesoutgoing.store.VersionedStore;
import reactor.core.publisher.Flux;

/** James's webadmin over services that run, with outgoing queues into which nothing comes by itself. */
public final class RunningServices implements AutoCloseable {

    /** Mails of every waiting room, by their keys. */
    private final Map<String, MailImpl> stored = new ConcurrentHashMap<>();

    /** The recipients of what the services gave to James's spool. */
    private final List<String> sent = new CopyOnWriteArrayList<>();

    /** What the waiting rooms do when they are asked how many mails they have. */
    private volatile Runnable whenCounted = () -> {};

    /** What the outgoing queues of services that start from now on have to say. */
    private volatile Flux<MailQueue.MailQueueItem> queued = Flux.never();

    private final MemoryTaskManager tasks = new MemoryTaskManager(new Hostname("here.example"));
    private final Webadmin webadmin;
    private final List<OutgoingDelivery> mailets = new ArrayList<>();

    public RunningServices() {
        this(new MemoryStore<>("control"));
    }

    /** @param controls where limits and suspensions are kept */
    RunningServices(VersionedStore<String, RuntimeControls> controls) {
        this(controls, Map.of());
    }

    /** @param properties what stands in {@code webadmin.properties} */
    RunningServices(Map<String, String> properties) {
        this(new MemoryStore<>("control"), properties);
    }

    private RunningServices(VersionedStore<String, RuntimeControls> controls, Map<String, String> properties) {
        webadmin = Webadmin.with(
                new Parts(new ControlRegistry(controls, Clock.systemUTC()), Webadmin.properties(properties)));
    }

    /** @param exports where exports are */
    RunningServices(Path exports) {
        Module parts = new Parts(
                new ControlRegistry(new MemoryStore<>("control"), Clock.systemUTC()), Webadmin.properties(Map.of()));
        webadmin = Webadmin.with(
                Modules.combine(parts, binder -> binder.bind(FileSystem.class).toInstance(Webadmin.files(exports))));
    }

    /** Starts the service of a queue, which is named by {@code outgoing} unless the parameters name it. */
    public OutgoingMailService start(String queue, Map<String, String> parameters) throws Exception {
        Map<String, String> all = new HashMap<>(parameters);
        if (!all.containsKey("outgoingQueue")) {
            all.put("outgoing", queue);
        }
        OutgoingServices services = webadmin.part(OutgoingServices.class);
        OutgoingDelivery mailet = new OutgoingDelivery(
                services, Stub.of(DomainList.class, Map.of("getDefaultDomain", any -> Domain.of("here.example"))));
        mailet.init(Stub.of(
                MailetConfig.class,
                Map.of(
                        "getInitParameterNames",
                                any -> Collections.unmodifiableSet(all.keySet()).iterator(),
                        "getInitParameter", name -> all.get((String) name[0]),
                        "getMailetName", any -> "OutgoingDelivery",
                        "getMailetContext", any -> spool())));
        mailets.add(mailet);
        return services.services().get(queue);
    }

    /** As James does when it stops; what is stored stays. */
    void stopAll() {
        mailets.forEach(OutgoingDelivery::destroy);
        mailets.clear();
    }

    private MailetContext spool() {
        return Stub.of(
                MailetContext.class,
                Map.of("getPostmaster", any -> new MailAddress("postmaster@here.example"), "sendMail", mail -> {
                    sent.add(((Mail) mail[0]).getRecipients().toString());
                    return null;
                }));
    }

    /** A service that delivers nothing. */
    public OutgoingMailService startSuspended(String queue) throws Exception {
        return start(queue, Map.of("enabled", "false"));
    }

    /** From now on the waiting rooms do this, fail for example, before they say how many mails they have. */
    public void whenRepositoriesAreCounted(Runnable first) {
        whenCounted = first;
    }

    /** The outgoing queues of services that start from now on have this to say. */
    public void whenQueuesAreRead(Flux<MailQueue.MailQueueItem> mails) {
        queued = mails;
    }

    /** The outgoing queues of services that start from now on have this mail in them, and give it out once. */
    public void queue(Mail mail) {
        MailQueue.MailQueueItem item = Stub.of(MailQueue.MailQueueItem.class, Map.of("getMail", any -> mail));
        AtomicBoolean given = new AtomicBoolean();
        whenQueuesAreRead(Flux.defer(() -> given.getAndSet(true) ? Flux.never() : Flux.just(item)));
    }

    /** A part of James, or of what the services share. */
    public <T> T part(Class<T> type) {
        return webadmin.part(type);
    }

    /** Puts a mail where the service finds it at its start, or when it is asked for it. */
    void store(MailState state, Mail mail) throws Exception {
        MailStateCodec.write(state, mail);
        mail.setName(state.recordId().key());
        mail.setRecipients(state.recipients());
        stored.put(state.recordId().key(), MailImpl.duplicate(mail));
        LifecycleUtil.dispose(mail);
    }

    /** Has a mail listed that is nowhere else. */
    public static void list(
            OutgoingMailService service,
            String id,
            QueueState state,
            Instant acceptedAt,
            String sender,
            String... recipients)
            throws Exception {
        service.ledger().put(state, facts(id, acceptedAt, sender, recipients));
    }

    static Instant ago(Duration age) {
        return Instant.now().minus(age);
    }

    static ListedMail facts(String id, Instant acceptedAt, String sender, String... recipients) throws Exception {
        List<MailAddress> addresses = new ArrayList<>();
        for (String recipient : recipients) {
            addresses.add(new MailAddress(recipient));
        }
        Mail mail = Stub.of(
                Mail.class,
                Map.of(
                        "getMessageSize",
                        any -> 1000L,
                        "getMaybeSender",
                        any -> MaybeSender.getMailSender(sender),
                        "getAttribute",
                        any -> Optional.empty()));
        return ListedMail.of(mail, MailState.admitted(id, "name-of-" + id, acceptedAt, addresses), "");
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return webadmin.send("GET", path, "", headers);
    }

    /** The JSON that a GET is answered by. */
    JsonNode json(String path, String... headers) throws Exception {
        HttpResponse<String> answer = get(path, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        return Webadmin.json(answer);
    }

    /** A GET is refused with this status, these words, and no stack trace. */
    void assertBad(String path, int status, String said) throws Exception {
        assertProblem(path, status, said, get(path));
    }

    static void assertProblem(String path, int status, String said, HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
        JsonNode problem = Webadmin.json(answer);
        assertThat(problem.get("message").asText() + ": "
                        + problem.path("details").asText())
                .contains(said);
        assertThat(answer.body()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
        return webadmin.send(method, path, body);
    }

    HttpResponse<String> post(String path, String... headers) throws Exception {
        return webadmin.send("POST", path, "", headers);
    }

    List<String> sent() {
        return sent;
    }

    /** Keys of what is stored in the waiting rooms. */
    Set<String> stored() {
        return stored.keySet();
    }

    /** The end of a task, whose creation was answered so. */
    TaskExecutionDetails end(HttpResponse<String> created) throws Exception {
        return tasks.await(
                TaskId.fromString(Webadmin.json(created).get("taskId").asText()), Duration.ofSeconds(30));
    }

    public OutgoingServices services() {
        return webadmin.part(OutgoingServices.class);
    }

    WebAdminServer server() {
        return webadmin.server();
    }

    int port() {
        return webadmin.port();
    }

    @Override
    public void close() {
        stopAll();
        webadmin.close();
        tasks.stop();
        stored.values().forEach(LifecycleUtil::dispose);
    }

    private final class Parts extends AbstractModule {
        private final ControlRegistry controls;
        private final PropertiesProvider properties;

        Parts(ControlRegistry controls, PropertiesProvider properties) {
            this.controls = controls;
            this.properties = properties;
        }

        @Override
        protected void configure() {
            bind(PropertiesProvider.class).toInstance(properties);
            bind(ControlRegistry.class).toInstance(controls);
            bind(new TypeLiteral<MailQueueFactory<?>>() {})
                    .toInstance(Stub.of(
                            MailQueueFactory.class, Map.of("createQueue", name -> queue((MailQueueName) name[0]))));
            bind(MailRepositoryStore.class)
                    .toInstance(Stub.of(
                            MailRepositoryStore.class,
                            Map.of(
                                    "select", any -> repository(),
                                    "defaultProtocol", any -> Optional.of(new Protocol("memory")))));
            bind(ConfigurationProvider.class)
                    .toInstance(Stub.of(
                            ConfigurationProvider.class,
                            Map.of("getConfiguration", any -> new BaseHierarchicalConfiguration())));
            bind(Clock.class).toInstance(Clock.systemUTC());
            bind(TaskManager.class).toInstance(tasks);
        }

        private MailQueue queue(MailQueueName name) {
            return Stub.of(
                    MailQueue.class, Map.of("getName", any -> name, "deQueue", any -> queued, "close", any -> null));
        }

        private MailRepository repository() {
            return Stub.of(
                    MailRepository.class,
                    Map.of(
                            "list",
                                    any -> List.copyOf(stored.keySet()).stream()
                                            .map(MailKey::new)
                                            .iterator(),
                            "size",
                                    any -> {
                                        whenCounted.run();
                                        return (long) stored.size();
                                    },
                            "retrieve",
                                    key -> {
                                        MailImpl mail = stored.get(((MailKey) key[0]).asString());
                                        return mail == null ? null : MailImpl.duplicate(mail);
                                    },
                            "store",
                                    mail -> {
                                        String key = ((Mail) mail[0]).getName();
                                        stored.put(key, MailImpl.duplicate((Mail) mail[0]));
                                        return new MailKey(key);
                                    },
                            "remove",
                                    key -> {
                                        LifecycleUtil.dispose(stored.remove(((MailKey) key[0]).asString()));
                                        return null;
                                    }));
        }
    }
}
