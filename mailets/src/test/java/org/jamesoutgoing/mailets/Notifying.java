/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.mail.util.SharedByteArrayInputStream;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.domainlist.api.DomainList;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamesoutgoing.dsn.ParsedDsn;
import org.jamesoutgoing.dsn.template.Wording;

/** A {@link DeliveryStatusNotification} with its parameters, and what it sends. */
final class Notifying {

    static final Instant NOW = Instant.parse("2026-03-01T09:30:01Z");
    static final Instant UPDATED = Instant.parse("2026-03-01T08:00:00Z");
    static final String ALICE = "alice@example.org";
    static final String BOB = "bob@example.com";
    static final String CAROL = "carol@example.net";

    private final FakeMailContext context;
    private final DeliveryStatusNotification mailet;

    private Notifying(FakeMailContext context, DeliveryStatusNotification mailet) {
        this.context = context;
        this.mailet = mailet;
    }

    /** @param namesAndValues name, value, name, value, … */
    static Notifying with(String... namesAndValues) throws MessagingException {
        return with(Wording.builtIn(), namesAndValues);
    }

    static Notifying with(Wording wording, String... namesAndValues) throws MessagingException {
        FakeMailContext context = FakeMailContext.builder()
                .postmaster(address("postmaster@here.test"))
                .build();
        return new Notifying(context, started(wording, context, namesAndValues));
    }

    static DeliveryStatusNotification started(Wording wording, MailetContext context, String... namesAndValues)
            throws MessagingException {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetContext(context);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            config.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        DeliveryStatusNotification mailet =
                new DeliveryStatusNotification(() -> wording, domains(), Clock.fixed(NOW, ZoneOffset.UTC));
        mailet.init(config.build());
        return mailet;
    }

    /** A mail from Alice to Bob, with her subject. */
    static FakeMail.Builder mail() {
        return mail("Subject: Lunch on Friday\r\nMessage-ID: <lunch@example.org>\r\n\r\nAt noon?\r\n");
    }

    static FakeMail.Builder mail(String message) {
        try {
            return FakeMail.builder()
                    .name("mail")
                    .sender(ALICE)
                    .recipient(BOB)
                    .lastUpdated(Date.from(UPDATED))
                    .mimeMessage(new MimeMessage(
                            Session.getInstance(new Properties()),
                            new SharedByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8))));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    List<SentMail> sentAbout(FakeMail mail) throws MessagingException {
        mailet.service(mail);
        return context.getSentMails();
    }

    /** The only one, valid. */
    ParsedDsn dsnAbout(FakeMail.Builder mail) throws MessagingException {
        return dsnAbout(mail.build());
    }

    ParsedDsn dsnAbout(FakeMail mail) throws MessagingException {
        List<SentMail> sent = sentAbout(mail);
        if (sent.size() != 1) {
            throw new AssertionError(sent.size() + " DSNs");
        }
        return ParsedDsn.valid(sent.get(0).getMsg());
    }

    static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static DomainList domains() {
        return (DomainList) Proxy.newProxyInstance(
                DomainList.class.getClassLoader(),
                new Class<?>[] {DomainList.class},
                (proxy, method, arguments) -> Domain.of("here.test"));
    }
}
