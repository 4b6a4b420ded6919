/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;

/**
 * Which of James's outgoing-mail services a request is about: the one of the queue it names, or else the only one, or that of
 * the queue {@code outgoing}.
 */
final class ServiceChoice {

    static final String QUEUE = "queue";

    private final OutgoingServices services;

    ServiceChoice(OutgoingServices services) {
        this.services = services;
    }

    /** All of them, one at least; or only the one of the queue that is named. */
    Collection<OutgoingMailService> all(Optional<String> queue) throws BadRequestException {
        return queue.isPresent() ? List.of(of(queue)) : running().values();
    }

    OutgoingMailService of(Optional<String> queue) throws BadRequestException {
        SortedMap<String, OutgoingMailService> running = running();
        return OutgoingServices.meant(running, queue)
                .orElseThrow(() -> new BadRequestException(
                        queue.map(name -> "'queue' is '" + name + "', which no outgoing-mail service has")
                                        .orElse("'queue' is missing, and of several services none has the queue "
                                                + OutgoingServices.DEFAULT_QUEUE)
                                + "; allowed: " + String.join(", ", running.keySet())));
    }

    private SortedMap<String, OutgoingMailService> running() {
        SortedMap<String, OutgoingMailService> running = services.services();
        if (running.isEmpty()) {
            throw ErrorResponses.wrongState(
                    "No outgoing-mail service runs: mailetcontainer.xml has no OutgoingDelivery mailet that started");
        }
        return running;
    }
}
