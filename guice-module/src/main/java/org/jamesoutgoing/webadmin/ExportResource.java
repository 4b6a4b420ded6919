/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.apache.james.task.Task;
import org.apache.james.task.TaskManager;
import org.apache.james.webadmin.tasks.TaskFromRequest;
import org.jamesoutgoing.service.Exports;
import org.jamesoutgoing.service.Exports.ExportException;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.tasks.ExportTask;
import org.jamesoutgoing.tasks.ImportTask;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/**
 * {@code /outgoing/export} and {@code /outgoing/import}: into a folder on this server and out of it. Not by HTTP: James reads the
 * body of every request into memory. Thread-safe.
 */
final class ExportResource {

    private static final String FOLDER = "folder";

    private final OutgoingServices services;
    private final Exports exports;
    private final Supplier<TaskManager> tasks;
    private final Clock clock;

    ExportResource(OutgoingServices services, Exports exports, Supplier<TaskManager> tasks, Clock clock) {
        this.services = services;
        this.exports = exports;
        this.tasks = tasks;
        this.clock = clock;
    }

    /** {@code POST /outgoing/export?folder=…}. */
    Object post(Request request, Response response) throws Exception {
        String folder = folder(request);
        check(() -> exports.requireNone(folder));
        AuditLog.record(request, "action=export folder=" + folder);
        return submit(new ExportTask(services, folder, clock), request, response);
    }

    /** {@code POST /outgoing/import?folder=…}. */
    Object postImport(Request request, Response response) throws Exception {
        String folder = folder(request);
        check(() -> exports.require(folder));
        AuditLog.record(request, "action=import folder=" + folder);
        return submit(new ImportTask(services, folder, clock), request, response);
    }

    private static String folder(Request request) throws BadRequestException {
        String name = QueryParameters.of(request, List.of(FOLDER))
                .texts(List.of(FOLDER))
                .get(FOLDER);
        try {
            Exports.checkName(name);
            return name;
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(AuditLog.oneLine(e.getMessage()));
        }
    }

    private interface Check {
        void ask() throws ExportException, IOException;
    }

    private static void check(Check check) throws IOException {
        try {
            check.ask();
        } catch (ExportException e) {
            throw ErrorResponses.wrongState(e.getMessage());
        }
    }

    private Object submit(Task task, Request request, Response response) throws Exception {
        TaskFromRequest submission = any -> task;
        return submission.asRoute(tasks.get()).handle(request, response);
    }
}
