/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
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
import org.jamesoutgoing.dsn.template.RuntimeTemplates;
import org.jamesoutgoing.dsn.template.Template;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.dsn.template.Wording;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
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

    /** Opened. */
    private record Opened(RuntimeTemplates runtime, Wording wording) {}

    private final Supplier<VersionedStore<TemplateName, String>> storeOpener;
    private final Supplier<Optional<Path>> directory;
    private final Clock clock;
    /** Null until opened; guarded by this. */
    private Opened opened;

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
        this.storeOpener = store;
        this.directory = directory;
        this.clock = clock;
    }

    /** All that decides in which words something is told; it changes with the templates. */
    public Wording wording() {
        try {
            return open().wording();
        } catch (UnusableException e) {
            LOGGER.error("there are no templates made at run time: {}", e.getMessage());
            return Wording.of(directory.get(), Optional.empty());
        }
    }

    /**
     * What is in the run-time store, whether it can be used or not.
     *
     * @throws UnusableException when the store could never be read
     */
    public Map<TemplateName, VersionedValue<String>> stored() {
        return open().runtime().stored();
    }

    /** The template of the run-time store, if there is one; as {@link #stored()}. */
    public Optional<VersionedValue<String>> stored(TemplateName name) {
        return Optional.ofNullable(stored().get(name));
    }

    /**
     * Sees whether the store can be read; while not, the templates of before count. Blocks on the store.
     *
     * @throws UnusableException when it cannot
     */
    public void check() {
        open().runtime().check();
    }

    private synchronized Opened open() {
        if (opened == null) {
            RuntimeTemplates runtime = new RuntimeTemplates(storeOpener.get());
            opened = new Opened(runtime, Wording.of(directory.get(), Optional.of(runtime)));
        }
        return opened;
    }

    /**
     * Creates or replaces a template of the run-time store; it counts from the next notification on.
     *
     * @throws BadTemplateException when something is wrong with it; nothing has changed
     * @throws UnusableException when it cannot be stored; nothing has changed
     */
    public VersionedValue<String> put(TemplateName name, String source, Expectation expectation)
            throws BadTemplateException, ChangedMeanwhileException {
        VersionedValue<String> stored = open().runtime().put(name, source, expectation);
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
        boolean was = open().runtime().delete(name, expectation);
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
    public synchronized void close() {
        if (opened != null) {
            opened.runtime().close();
        }
    }
}
