/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.AddressException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;

/** Mails as James hands them over. */
final class SampleMails {

    static final String TEXT = "From: sender@sender.example\r\nSubject: Hello\r\n\r\nbody\r\n";

    private SampleMails() {}

    static MailImpl mail(String name, String... recipients) {
        return mail(name, addresses(recipients));
    }

    static MailImpl mail(String name, List<MailAddress> recipients) {
        try {
            return MailImpl.builder()
                    .name(name)
                    .sender("sender@sender.example")
                    .addRecipients(recipients)
                    .mimeMessage(message(TEXT))
                    .build();
        } catch (MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static MimeMessage message(String text) {
        try {
            return new MimeMessage(
                    Session.getInstance(new Properties()),
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static List<MailAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(SampleMails::address).toList();
    }

    static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (AddressException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** As they are spelled: addresses that differ in case only are equal. */
    static List<String> recipientsOf(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toList();
    }
}
