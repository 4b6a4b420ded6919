/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.james.webadmin.Constants;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.eclipse.jetty.io.EofException;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spark.Request;
import spark.Response;

/**
 * {@code GET /outgoing/queue}: the mails, by id. Each is written as soon as it is found, so that a list of all mails takes no
 * more memory than one of ten. Thread-safe.
 */
final class QueueResource {

    private static final Logger LOGGER = LoggerFactory.getLogger(QueueResource.class);

    private static final List<String> PARAMETERS = Stream.concat(
                    MailFilter.NAMES.stream(), Stream.of(Paging.LIMIT, Paging.AFTER, ServiceChoice.QUEUE))
            .toList();
    private static final JsonFactory JSON = new JsonFactory();

    private final ServiceChoice choice;
    private final JsonTransformer json;

    QueueResource(ServiceChoice choice, JsonTransformer json) {
        this.choice = choice;
        this.json = json;
    }

    String list(Request request, Response response) throws BadRequestException, IOException {
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        MailFilter filter = query.filter();
        int limit = Paging.limit(query);
        String after = Paging.after(query);
        Collection<OutgoingMailService> services = choice.all(query.text(ServiceChoice.QUEUE));
        response.type(Constants.JSON_CONTENT_TYPE);
        try {
            write(
                    new MailsOfServices(services, after),
                    filter,
                    limit,
                    response.raw().getOutputStream());
        } catch (EofException e) {
            LOGGER.debug("who asked for a list of mails has gone", e);
        }
        // It is sent already.
        return Constants.EMPTY_BODY;
    }

    private void write(Iterator<MailsOfServices.MailOfService> mails, MailFilter filter, int limit, OutputStream to)
            throws IOException {
        int written = 0;
        try (JsonGenerator out = JSON.createGenerator(to)) {
            out.writeStartArray();
            while (written < limit && mails.hasNext()) {
                MailsOfServices.MailOfService found = mails.next();
                if (filter.matches(found.mail(), found.service().view().now())) {
                    out.writeRawValue(json.render(MailLine.of(found.service(), found.mail())));
                    written++;
                }
            }
            out.writeEndArray();
        }
    }
}
