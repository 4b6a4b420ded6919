/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import org.jamesoutgoing.webadmin.MailsOfServices.MailOfService;
import spark.HaltException;
import spark.Request;
import spark.Response;

/** {@code GET /outgoing/queue/:mail}: one mail, by its id, or by its name if no other has the same. Thread-safe. */
final class MailResource {

    static final String MAIL = ":mail";

    private static final List<String> PARAMETERS = List.of(ServiceChoice.QUEUE);

    private final ServiceChoice choice;

    MailResource(ServiceChoice choice) {
        this.choice = choice;
    }

    MailView get(Request request, Response response) throws BadRequestException, MessagingException {
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        String idOrName = request.params(MAIL);
        List<MailOfService> found = new ArrayList<>();
        for (OutgoingMailService service : choice.all(query.text(ServiceChoice.QUEUE))) {
            for (ListedMail mail : service.view().find(idOrName)) {
                found.add(new MailOfService(service, mail));
            }
        }
        if (found.isEmpty()) {
            throw gone(idOrName);
        }
        if (found.size() > 1) {
            throw new BadRequestException("several mails have this name; allowed: the id of one, such as "
                    + found.stream().map(each -> each.mail().id()).collect(Collectors.joining(", ")));
        }
        OutgoingMailService service = found.get(0).service();
        return MailView.of(service, service.view().detail(found.get(0).mail()));
    }

    private static HaltException gone(String idOrName) {
        return ErrorResponses.notFound("There is no mail " + idOrName.replaceAll("[\\s\\p{Cntrl}]+", " ")
                + " here: it is delivered, given up or deleted, or never was");
    }
}
