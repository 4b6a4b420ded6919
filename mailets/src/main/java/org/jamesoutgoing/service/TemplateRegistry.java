/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.annotation.PreDestroy;
import javax.inject.Inject;
import javax.inject.Singleton;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.configuration.Configuration;
import org.jamesoutgoing.admin.WaitingMail;
import org.jamesoutgoing.dsn.DsnComposer;
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.ReturnLimits;
import org.jamesoutgoing.dsn.SampleRequest;
import org.jamesoutgoing.dsn.template.BadTemplateException;
import org.jamesoutgoing.dsn.template.Template;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.dsn.template.TemplateSource;
import org.jamesoutgoing.dsn.template.Wording;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.LiveStore;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedStore;
import org.jamesoutgoing.store.VersionedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The words in which this James tells senders of their mail, which all its services share: the templates made at run time,
 * before those in files, before the built-in ones. Thread-safe.
 *
 * <p>The store is opened when the words are first needed. While it cannot be read, notifications go out in the words that
 * there are without it.
 */
@Singleton
public final class TemplateRegistry {

    private static final Logger LOGGER = LoggerFactory.getLogger(TemplateRegistry.class);

    /** What of the stored templates can be used, and what is wrong with the others. */
    private record Usable(Map<TemplateName, Template> templates, Map<TemplateName, String> problems) {
        static Usable of(Map<TemplateName, VersionedValue<String>> stored) {
            Map<TemplateName, Template> templates = new HashMap<>();
            Map<TemplateName, String> problems = new HashMap<>();
            stored.forEach((name, template) -> {
                try {
                    templates.put(name, Template.parse(template.value()));
                } catch (BadTemplateException e) {
                    problems.put(name, e.getMessage());
                    LOGGER.warn("The stored template {} is not used: {}", name, e.getMessage());
                }
            });
            return new Usable(Map.copyOf(templates), Map.copyOf(problems));
        }
    }

    /** None while the store could not be read once: no notification waits for it, or for its disk. */
    private final class MadeAtRunTime implements TemplateSource {
        @Override
        public Origin origin() {
            return Origin.RUNTIME;
        }

        @Override
        public Optional<Template> find(TemplateName name) {
            return live.known().map(usable -> usable.templates().get(name));
        }

        @Override
        public Set<TemplateName> names() {
            return live.known().map(usable -> usable.templates().keySet()).orElse(Set.of());
        }

        @Override
        public Map<TemplateName, String> problems() {
            return live.known().map(Usable::problems).orElse(Map.of());
        }
    }

    private final LiveStore<TemplateName, String, Usable> live;
    private final Supplier<Optional<Path>> directory;
    private final Clock clock;
    /** Null until somebody asks for it; guarded by this. */
    private Wording wording;

    @Inject
    TemplateRegistry(FileSystem files, Configuration configuration, Clock clock) {
        this(
                new JamesFiles(files, configuration)::templateStore,
                new JamesFiles(files, configuration)::templates,
                clock);
    }

    /**
     * Over a store and the files of a directory.
     *
     * @param directory need not be there
     */
    public TemplateRegistry(VersionedStore<TemplateName, String> store, Path directory, Clock clock) {
        this(() -> store, () -> Optional.of(directory), clock);
    }

    private TemplateRegistry(
            Supplier<VersionedStore<TemplateName, String>> store, Supplier<Optional<Path>> directory, Clock clock) {
        this.live = new LiveStore<>("the templates made at run time", store, Usable::of);
        this.directory = directory;
        this.clock = clock;
    }

    /** All that decides in which words something is told; it changes with the templates. */
    public synchronized Wording wording() {
        if (wording == null) {
            try {
                live.current();
            } catch (UnusableException e) {
                LOGGER.error("there are no templates made at run time: {}", e.getMessage());
            }
            wording = Wording.of(directory.get(), Optional.of(new MadeAtRunTime()));
        }
        return wording;
    }

    /**
     * What is in the run-time store, whether it can be used or not.
     *
     * @throws UnusableException when the store could never be read
     */
    public Map<TemplateName, VersionedValue<String>> stored() {
        return live.stored();
    }

    /** The template of the run-time store, if there is one; as {@link #stored()}. */
    public Optional<VersionedValue<String>> stored(TemplateName name) {
        return live.stored(name);
    }

    /** As {@link LiveStore#check}. */
    public void check() {
        live.check();
    }

    /**
     * Creates or replaces a template of the run-time store; it counts from the next notification on.
     *
     * @throws BadTemplateException when something is wrong with it; nothing has changed
     * @throws UnusableException when it cannot be stored; nothing has changed
     */
    public VersionedValue<String> put(TemplateName name, String source, Expectation expectation)
            throws BadTemplateException, ChangedMeanwhileException {
        Template.validate(source);
        VersionedValue<String> stored = live.put(name, source, expectation);
        LOGGER.info("template {} is now one made at run time", name);
        return stored;
    }

    /**
     * Deletes a template of the run-time store: the one in a file counts again, or the built-in one.
     *
     * @return whether there was one
     * @throws UnusableException as {@link #put}
     */
    public boolean delete(TemplateName name, Expectation expectation) throws ChangedMeanwhileException {
        boolean was = live.delete(name, expectation);
        if (was) {
            LOGGER.info("template {} made at run time is deleted", name);
        }
        return was;
    }

    /**
     * What would be sent in these words about a sample mail. Nothing is sent.
     *
     * @param name tells the kind of notification, and the language of the words
     * @throws RuntimeException when the template fails
     */
    public MimeMessage preview(TemplateName name, Template template) throws MessagingException {
        DsnRequest sample = SampleRequest.of(name.kind(), clock.instant());
        try {
            return preview(name, template, sample);
        } finally {
            LifecycleUtil.dispose(sample.original());
        }
    }

    /** The same about a waiting mail. */
    public MimeMessage preview(TemplateName name, Template template, WaitingMail mail) throws MessagingException {
        return preview(name, template, mail.notification(name.kind()));
    }

    private MimeMessage preview(TemplateName name, Template template, DsnRequest request) throws MessagingException {
        return new DsnComposer(clock, () -> UUID.randomUUID().toString(), ReturnLimits.DEFAULT, wording())
                .preview(request, template, name.language());
    }

    /** Stops looking for what other processes change. */
    @PreDestroy
    public void close() {
        live.close();
    }
}
