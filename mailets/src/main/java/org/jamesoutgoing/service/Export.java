/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.mail.MessagingException;
import org.jamesoutgoing.queue.ExportedMails;
import org.jamesoutgoing.queue.MailExport;
import org.jamesoutgoing.service.Exports.ExportException;
import org.jamesoutgoing.store.JsonStore;
import org.jamesoutgoing.store.UnusableException;

/**
 * Writes all that waits in the services, and routes, controls and templates that were made at run time, into a folder. The
 * services go on meanwhile. {@link #run} is called once; the counts may be read by other threads.
 */
public final class Export {

    /**
     * How far it is.
     *
     * @param mails that are in it
     * @param unreadable mails of the waiting rooms that cannot be read now, and so are not in it
     * @param queued mails in James's outgoing queues now, which are not in it
     */
    public record Progress(long mails, long unreadable, long queued) {}

    private final SortedMap<String, OutgoingMailService> services;
    private final RouteRegistry routes;
    private final ControlRegistry controls;
    private final TemplateRegistry templates;
    private final Exports exports;
    private final Clock clock;
    private final List<MailExport> begun = new CopyOnWriteArrayList<>();

    Export(
            SortedMap<String, OutgoingMailService> services,
            RouteRegistry routes,
            ControlRegistry controls,
            TemplateRegistry templates,
            Exports exports,
            Clock clock) {
        this.services = services;
        this.routes = routes;
        this.controls = controls;
        this.templates = templates;
        this.exports = exports;
        this.clock = clock;
    }

    /**
     * Does it. When it returns, the export is on the disk.
     *
     * @throws ExportException when it cannot be written; then there is none
     * @throws InterruptedException when the thread is interrupted; as above
     */
    public void run(String name) throws ExportException, InterruptedException {
        try {
            Path directory = exports.begin(name);
            JsonStore.write(directory.resolve(JamesFiles.ROUTES), new RouteCodec(), routes.stored());
            JsonStore.write(directory.resolve(JamesFiles.CONTROLS), new ControlCodec(), controls.stored());
            JsonStore.write(directory.resolve(JamesFiles.TEMPLATES), new TemplateCodec(), templates.stored());
            for (Map.Entry<String, OutgoingMailService> service : services.entrySet()) {
                MailExport mails = service.getValue().mailExport();
                begun.add(mails);
                mails.run(new ExportedMails(Exports.ofQueue(directory, service.getKey())));
            }
            exports.finish(name, services.keySet(), clock.instant());
        } catch (IOException | MessagingException | UnusableException e) {
            throw new ExportException("the export '" + name + "' cannot be written: " + e.getMessage(), e);
        }
    }

    public Progress progress() {
        return new Progress(
                begun.stream().mapToLong(MailExport::exported).sum(),
                begun.stream().mapToLong(MailExport::unreadable).sum(),
                begun.stream().mapToLong(MailExport::queued).sum());
    }
}
