/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.service.OutgoingMailService;

/**
 * The mails of several services by id, without copying them: they may come and go meanwhile. Not thread-safe.
 */
final class MailsOfServices implements Iterator<MailsOfServices.MailOfService> {

    /** @param service whose mail it is */
    record MailOfService(OutgoingMailService service, ListedMail mail) {}

    private static final class Source {
        private final OutgoingMailService service;
        private final Iterator<ListedMail> rest;
        private MailOfService head;

        Source(OutgoingMailService service, String after) {
            this.service = service;
            this.rest = service.view().mails(after).iterator();
        }

        /** @return whether there is one */
        boolean advance() {
            head = rest.hasNext() ? new MailOfService(service, rest.next()) : null;
            return head != null;
        }
    }

    private final List<Source> sources = new ArrayList<>();

    /** @param after the id behind which they begin; empty for all */
    MailsOfServices(Collection<OutgoingMailService> services, String after) {
        for (OutgoingMailService service : services) {
            Source source = new Source(service, after);
            if (source.advance()) {
                sources.add(source);
            }
        }
    }

    @Override
    public boolean hasNext() {
        return !sources.isEmpty();
    }

    @Override
    public MailOfService next() {
        // There are few services.
        Source first = sources.stream()
                .min(Comparator.comparing(source -> source.head.mail().id()))
                .orElseThrow(NoSuchElementException::new);
        MailOfService found = first.head;
        if (!first.advance()) {
            sources.remove(first);
        }
        return found;
    }
}
