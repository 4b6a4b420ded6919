/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.util.List;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.Route;

/** Whether James knows who sent a mail: the address of a sender it does not know may be forged. */
final class KnownSender {

    /** What James leaves on mail of a user, of a network that may relay, of its own, and of a JMAP user. */
    private static final List<AttributeName> MARKS = List.of(
            Mail.SMTP_AUTH_USER,
            AttributeName.of("org.apache.james.SMTPIsAuthNetwork"),
            Mail.SENT_BY_MAILET_ATTRIBUTE.getName(),
            AttributeName.of("org.apache.james.jmap.send.MailMetaData.username"));

    private KnownSender() {}

    /** Whether its sender may be sent a DSN about a recipient of this route: backscatter is for the administrator to choose. */
    static boolean mayBeTold(Mail mail, Route route) {
        return route.backup().map(Route.Backup::dsns).orElse(true) || of(mail);
    }

    static boolean of(Mail mail) {
        return MARKS.stream().anyMatch(mark -> mail.getAttribute(mark).isPresent());
    }
}
