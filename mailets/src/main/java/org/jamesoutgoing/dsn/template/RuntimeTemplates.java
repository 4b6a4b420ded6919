/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedStore;
import org.jamesoutgoing.store.VersionedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The templates that were made at run time, read from their store once and after each change. Changes block on the store;
 * what is asked does not. A store that cannot be read keeps no notification from going out: there are no such templates
 * then, or those of before. Thread-safe.
 */
public final class RuntimeTemplates implements TemplateSource, AutoCloseable {
    /** What the store holds, and what of it can be used. */
    private record State(
            Map<TemplateName, VersionedValue<String>> stored,
            Map<TemplateName, Template> templates,
            Map<TemplateName, String> problems) {
        static final State NOTHING = new State(Map.of(), Map.of(), Map.of());

        State {
            stored = Map.copyOf(stored);
            templates = Map.copyOf(templates);
            problems = Map.copyOf(problems);
        }

        static State of(Map<TemplateName, VersionedValue<String>> stored) {
            Map<TemplateName, Template> templates = new HashMap<>();
            Map<TemplateName, String> problems = new HashMap<>();
            stored.forEach((name, template) -> {
                try {
                    templates.put(name, Template.parse(template.value()));
                } catch (BadTemplateException e) {
                    problems.put(name, e.getMessage());
                }
            });
            return new State(stored, templates, problems);
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(RuntimeTemplates.class);

    private final VersionedStore<TemplateName, String> store;
    /** Written under this. */
    private volatile State state = State.NOTHING;
    /** Whether the store could be read once; written under this. */
    private volatile boolean read;

    public RuntimeTemplates(VersionedStore<TemplateName, String> store) {
        this.store = store;
        reloadIfPossible();
        store.onForeignChange(this::reloadIfPossible);
    }

    /**
     * What is in the store, whether it can be used or not.
     *
     * @throws UnusableException when the store could never be read
     */
    public Map<TemplateName, VersionedValue<String>> stored() {
        if (!read) {
            reload();
        }
        return state.stored();
    }

    /**
     * Creates or replaces a template, if nothing is wrong with it. It counts from the next notification on.
     *
     * @throws BadTemplateException when something is; nothing has changed
     * @throws UnusableException when the store cannot be written; nothing has changed
     */
    public VersionedValue<String> put(TemplateName name, String source, Expectation expectation)
            throws BadTemplateException, ChangedMeanwhileException {
        Template.validate(source);
        return change(() -> store.put(name, source, expectation));
    }

    /**
     * Back to the file or the built-in template.
     *
     * @return whether there was one
     * @throws UnusableException as {@link #put}
     */
    public boolean delete(TemplateName name, Expectation expectation) throws ChangedMeanwhileException {
        return change(() -> store.delete(name, expectation));
    }

    private interface Change<T> {
        T make() throws ChangedMeanwhileException;
    }

    private <T> T change(Change<T> change) throws ChangedMeanwhileException {
        try {
            return change.make();
        } finally {
            // Also when somebody else was faster: whoever tries again must find what is there now.
            reloadIfPossible();
        }
    }

    @Override
    public Origin origin() {
        return Origin.RUNTIME;
    }

    @Override
    public Optional<Template> find(TemplateName name) {
        return Optional.ofNullable(state.templates().get(name));
    }

    @Override
    public Set<TemplateName> names() {
        return state.templates().keySet();
    }

    @Override
    public Map<TemplateName, String> problems() {
        return state.problems();
    }

    /**
     * Sees whether the store can be read.
     *
     * @throws UnusableException when it cannot
     */
    public void check() {
        // Also what another process has changed counts from now on, if nobody has seen it yet.
        reload();
    }

    private void reloadIfPossible() {
        try {
            reload();
        } catch (UnusableException e) {
            LOGGER.error("the templates made at run time are those of before: {}", e.getMessage());
        }
    }

    private synchronized void reload() {
        Map<TemplateName, VersionedValue<String>> loaded = store.load();
        read = true;
        if (!loaded.equals(state.stored())) {
            state = State.of(loaded);
            state.problems()
                    .forEach((name, problem) -> LOGGER.warn("The stored template {} is not used: {}", name, problem));
        }
    }

    /** Stops looking for what other processes change. */
    @Override
    public void close() {
        store.close();
    }
}
