/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.MailStateCodec;

/**
 * A mail lent to James, which copies what it is given: under a name of its own, with these recipients only, with these
 * attributes, and without what only we understand. When it is closed the mail is as it was.
 */
final class BorrowedMail implements AutoCloseable {

    private final Mail mail;
    private final String name;
    private final String state;
    private final List<MailAddress> recipients;
    private final List<Attribute> added;
    private final Optional<Attribute> own;
    private final Optional<Attribute> sentByMailet;

    BorrowedMail(Mail mail, String newName, Collection<MailAddress> recipients, List<Attribute> attributes) {
        this.mail = mail;
        this.name = mail.getName();
        this.state = mail.getState();
        this.recipients = List.copyOf(mail.getRecipients());
        this.added = attributes;
        this.sentByMailet = mail.getAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName());
        this.own = mail.removeAttribute(MailStateCodec.ATTRIBUTE);
        attributes.forEach(mail::setAttribute);
        mail.setName(newName);
        mail.setRecipients(recipients);
    }

    Mail mail() {
        return mail;
    }

    @Override
    public void close() {
        added.forEach(attribute -> mail.removeAttribute(attribute.getName()));
        // James marks what it is given to send.
        mail.removeAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName());
        sentByMailet.ifPresent(mail::setAttribute);
        own.ifPresent(mail::setAttribute);
        mail.setName(name);
        mail.setState(state);
        mail.setRecipients(recipients);
    }
}
