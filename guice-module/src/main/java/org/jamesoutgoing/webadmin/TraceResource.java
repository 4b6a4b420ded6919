/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code /outgoing/routes/trace}: what would happen to a mail, and why, before there is one. Thread-safe. */
final class TraceResource {

    private static final String RECIPIENT = "recipient";

    private final ServiceChoice services;

    TraceResource(ServiceChoice services) {
        this.services = services;
    }

    TraceView get(Request request, Response response) throws BadRequestException {
        return trace(QueryParameters.of(request, List.of(RECIPIENT, ServiceChoice.QUEUE))
                .texts(List.of(RECIPIENT)));
    }

    TraceView post(Request request, Response response) throws BadRequestException {
        return trace(RequestBody.read(request, List.of(RECIPIENT), List.of(ServiceChoice.QUEUE)));
    }

    private TraceView trace(Map<String, String> given) throws BadRequestException {
        MailAddress recipient = recipient(given.get(RECIPIENT).trim());
        OutgoingMailService service = services.of(Optional.ofNullable(given.get(ServiceChoice.QUEUE)));
        return TraceView.of(
                recipient.asString(),
                service.settings().queueName(),
                service.trace(recipient.getDomain().asString()));
    }

    /** James itself takes no U-labels, so they become A-labels first. */
    private static MailAddress recipient(String text) throws BadRequestException {
        int at = text.lastIndexOf('@');
        String ascii = at < 0
                ? text
                : text.substring(0, at + 1)
                        + DomainNames.canonical(text.substring(at + 1)).orElse(text.substring(at + 1));
        try {
            return new MailAddress(ascii);
        } catch (AddressException e) {
            throw new BadRequestException("'recipient' is '" + text.replaceAll("[\\s\\p{Cntrl}]+", " ")
                    + "'; allowed: an address such as bob@example.com");
        }
    }
}
