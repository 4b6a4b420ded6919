/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.words;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.dsn.words.TemplateStore.ChangedMeanwhileException;
import org.jamesoutgoing.dsn.words.TemplateStore.Expectation;
import org.jamesoutgoing.dsn.words.TemplateStore.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The templates that were made at run time, read from their store once and after each change. Changes block on the store;
 * what is asked does not.
 */
public final class RuntimeTemplates implements TemplateSource {
    private static final Logger LOGGER = LoggerFactory.getLogger(RuntimeTemplates.class);

    private final TemplateStore store;
    private volatile Map<TemplateName, Template> templates = Map.of();

    /** @throws TemplateStore.UnusableException when the store cannot be read */
    public RuntimeTemplates(TemplateStore store) {
        this.store = store;
        reload();
        store.onForeignChange(this::reloadIfPossible);
    }

    /**
     * Creates or replaces a template, if nothing is wrong with it. It counts from the next notification on.
     *
     * @throws BadTemplateException when something is; nothing has changed
     * @throws TemplateStore.UnusableException when the store cannot be written; nothing has changed
     */
    public Stored put(TemplateName name, String source, Expectation expectation)
            throws BadTemplateException, ChangedMeanwhileException {
        Template.validate(source);
        Stored stored = store.put(name, source, expectation);
        reload();
        return stored;
    }

    /**
     * Back to the file or the built-in template.
     *
     * @return whether there was one
     */
    public boolean delete(TemplateName name, Expectation expectation) throws ChangedMeanwhileException {
        boolean deleted = store.delete(name, expectation);
        reload();
        return deleted;
    }

    @Override
    public Origin origin() {
        return Origin.RUNTIME;
    }

    @Override
    public Optional<Template> find(TemplateName name) {
        return Optional.ofNullable(templates.get(name));
    }

    @Override
    public Set<TemplateName> names() {
        return templates.keySet();
    }

    private void reloadIfPossible() {
        try {
            reload();
        } catch (TemplateStore.UnusableException e) {
            LOGGER.warn("Changed templates cannot be read, the old ones are used on", e);
        }
    }

    private synchronized void reload() {
        Map<TemplateName, Template> loaded = new HashMap<>();
        store.load().forEach((name, stored) -> {
            try {
                loaded.put(name, Template.parse(stored.source()));
            } catch (BadTemplateException e) {
                LOGGER.warn("The stored template {} is not used: {}", name, e.getMessage());
            }
        });
        templates = Map.copyOf(loaded);
    }
}
