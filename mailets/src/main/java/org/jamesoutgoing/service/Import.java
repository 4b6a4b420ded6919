/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.mail.MessagingException;
import org.jamesoutgoing.dsn.template.BadTemplateException;
import org.jamesoutgoing.queue.MailImport;
import org.jamesoutgoing.service.Exports.ExportException;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.Codec;
import org.jamesoutgoing.store.Expectation;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.UnusableException;
import org.jamesoutgoing.store.VersionedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings in what an {@link Export} has written: first what is suspended, then the routes and templates, then the mail, so that
 * none leaves by a wrong way. What is here already stays as it is, mail and settings alike. It may be run again, and then
 * does only the rest. {@link #run} is called once; the counts may be read by other threads.
 */
public final class Import {

    private static final Logger LOGGER = LoggerFactory.getLogger(Import.class);

    /**
     * How far it is.
     *
     * @param imported mails that wait now
     * @param present mails that were here before, and stay as they are
     * @param unreadable mails that cannot be read here
     * @param kept routes and templates of which there are others here, and these count; such as {@code route example.com}
     */
    public record Progress(long imported, long present, long unreadable, List<String> kept) {}

    private final SortedMap<String, OutgoingMailService> services;
    private final RouteRegistry routes;
    private final ControlRegistry controls;
    private final TemplateRegistry templates;
    private final Exports exports;
    private final List<MailImport> begun = new CopyOnWriteArrayList<>();
    private final List<String> kept = new CopyOnWriteArrayList<>();

    Import(
            SortedMap<String, OutgoingMailService> services,
            RouteRegistry routes,
            ControlRegistry controls,
            TemplateRegistry templates,
            Exports exports) {
        this.services = services;
        this.routes = routes;
        this.controls = controls;
        this.templates = templates;
        this.exports = exports;
    }

    /**
     * Does it. When it returns, all of it is on the disk.
     *
     * @throws ExportException when it cannot go on; what is imported stays so
     * @throws InterruptedException when the thread is interrupted; as above
     */
    public void run(String name) throws ExportException, InterruptedException {
        try {
            Exports.Contents export = exports.open(name);
            for (String queue : export.queues()) {
                if (!services.containsKey(queue) || !services.get(queue).isDelivering()) {
                    throw new ExportException("there is mail of the queue '" + queue + "' in the export '" + name
                            + "'; allowed: queues of which a service runs: " + new TreeSet<>(services.keySet()));
                }
            }
            Path directory = export.directory();
            var importedControls = read(directory, JamesFiles.CONTROLS, new ControlCodec());
            var importedRoutes = read(directory, JamesFiles.ROUTES, new RouteCodec());
            var importedTemplates = read(directory, JamesFiles.TEMPLATES, new TemplateCodec());
            for (String queue : importedControls.keySet()) {
                if (services.containsKey(queue)) {
                    RuntimeControls those = importedControls.get(queue).value();
                    controls.change(queue, services.get(queue).settings().controls(), these -> these.orElse(those));
                }
            }
            putAll("route", importedRoutes, routes.stored(), routes::put);
            putAll("template", importedTemplates, templates.stored(), templates::put);
            for (String queue : export.queues()) {
                MailImport mails = services.get(queue).mailImport();
                begun.add(mails);
                mails.run(export.mails(queue));
            }
        } catch (IOException | MessagingException | UnusableException | ChangedMeanwhileException e) {
            throw new ExportException("the import of '" + name + "' has not come to its end: " + e.getMessage(), e);
        }
    }

    private static <K, V> Map<K, VersionedValue<V>> read(Path directory, String file, Codec<K, V> codec)
            throws IOException, ExportException {
        try {
            return JsonStore.read(directory.resolve(file), codec);
        } catch (IllegalArgumentException e) {
            throw new ExportException(file + " of the export cannot be used: " + e.getMessage(), e);
        }
    }

    private interface Put<K, V> {
        Object put(K name, V value, Expectation expectation) throws ChangedMeanwhileException, BadTemplateException;
    }

    private <K, V> void putAll(
            String what, Map<K, VersionedValue<V>> imported, Map<K, VersionedValue<V>> present, Put<K, V> registry)
            throws ExportException {
        for (Map.Entry<K, VersionedValue<V>> one : imported.entrySet()) {
            V value = one.getValue().value();
            VersionedValue<V> here = present.get(one.getKey());
            if (here != null && here.value().equals(value)) {
                continue;
            }
            String named = what + " " + one.getKey();
            try {
                registry.put(one.getKey(), value, new Expectation.Nothing());
            } catch (ChangedMeanwhileException e) {
                LOGGER.info("{} is not imported: the one that is here stays", named);
                kept.add(named);
            } catch (IllegalArgumentException | BadTemplateException e) {
                throw new ExportException(named + " of the export cannot be used here: " + e.getMessage(), e);
            }
        }
    }

    public Progress progress() {
        return new Progress(
                begun.stream().mapToLong(MailImport::imported).sum(),
                begun.stream().mapToLong(MailImport::present).sum(),
                begun.stream().mapToLong(MailImport::unreadable).sum(),
                List.copyOf(kept));
    }
}
