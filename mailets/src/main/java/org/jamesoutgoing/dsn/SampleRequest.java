/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.AddressException;
import javax.mail.internet.MimeMessage;
import javax.mail.util.SharedByteArrayInputStream;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.dsn.template.DsnKind;

/** A mail that never was, to show in which words its sender would be told of it. */
public final class SampleRequest {

    private static final Duration LIFETIME = Duration.ofDays(5);

    private static final String MESSAGE =
            """
            From: Alice <alice@example.org>\r
            To: bob@example.com, carol@example.net\r
            Subject: Lunch & <dinner>, tomorrow at "Joe's"\r
            Date: Mon, 2 Jun 2025 09:00:00 +0000\r
            Message-ID: <lunch.1@example.org>\r
            \r
            Are you coming?\r
            """;

    private SampleRequest() {}

    /** Its original is the caller's to dispose of. */
    public static DsnRequest of(DsnKind kind, Instant now) throws MessagingException {
        Duration waited = kind == DsnKind.DELAY ? Duration.ofHours(4) : LIFETIME;
        Instant arrival = kind == DsnKind.QUEUE_FULL ? now : now.minus(waited);
        return new DsnRequest(
                kind,
                MailImpl.builder()
                        .name("sample")
                        .sender("alice@example.org")
                        .addRecipients(address("bob@example.com"), address("carol@example.net"))
                        .lastUpdated(Date.from(arrival))
                        .mimeMessage(new MimeMessage(
                                Session.getInstance(new Properties()),
                                new SharedByteArrayInputStream(MESSAGE.getBytes(UTF_8))))
                        .build(),
                arrival,
                reports(kind, now, arrival.plus(LIFETIME)),
                "mx.example.org",
                address("postmaster@example.org"),
                List.of(),
                Optional.of(LIFETIME));
    }

    private static List<RecipientReport> reports(DsnKind kind, Instant now, Instant expiry) throws AddressException {
        return switch (kind) {
            case FAILURE -> List.of(
                    report("bob@example.com", "5.1.1", "550 5.1.1 No such user", now, expiry, 1),
                    report("carol@example.net", "4.2.2", "452 4.2.2 Mailbox full", now, expiry, 30));
            case DELAY -> List.of(
                    report("bob@example.com", "4.7.1", "451 4.7.1 Greylisted, try again later", now, expiry, 6),
                    report("carol@example.net", "4.2.2", "452 4.2.2 Mailbox full", now, expiry, 6));
            case SUCCESS, DELIVERED, EXPANDED -> List.of(
                    report("bob@example.com", "2.0.0", "", now, expiry, 1),
                    report("carol@example.net", "2.0.0", "", now, expiry, 1));
            case QUEUE_FULL -> List.of(
                    report("bob@example.com", "5.3.1", "", now, expiry, 0),
                    report("carol@example.net", "5.3.1", "", now, expiry, 0));
        };
    }

    private static RecipientReport report(
            String address, String status, String reply, Instant now, Instant expiry, int attempts)
            throws AddressException {
        boolean tried = attempts > 0;
        return new RecipientReport(
                address(address),
                address,
                status,
                Optional.of(reply).filter(text -> !text.isEmpty()),
                Optional.of("mail." + address(address).getDomain().asString() + "[192.0.2.1]")
                        .filter(host -> tried),
                reply,
                now,
                Optional.of(expiry),
                attempts);
    }

    private static MailAddress address(String text) throws AddressException {
        return new MailAddress(text);
    }
}
