/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;

/** Mails, reports and requests as the tests use them. */
final class Samples {
    static final Instant ARRIVAL = Instant.parse("2026-03-01T08:00:00Z");
    static final Instant ATTEMPT = Instant.parse("2026-03-01T09:30:00Z");
    static final Instant NOW = Instant.parse("2026-03-01T09:30:01Z");
    static final Instant GIVE_UP = Instant.parse("2026-03-06T08:00:00Z");

    static final MailAddress ALICE = address("alice@example.org");
    static final MailAddress BOB = address("bob@example.com");
    static final MailAddress CAROL = address("carol@example.net");

    static final String MESSAGE =
            """
            From: Alice <alice@example.org>
            To: Bob <bob@example.com>
            Subject: Lunch on Friday
            Date: Sun, 1 Mar 2026 09:00:00 +0100
            Message-ID: <lunch.1@example.org>

            Shall we meet at noon?
            """
                    .replace("\n", "\r\n");

    private Samples() {}

    static DsnComposer composer() {
        return new DsnComposer(Clock.fixed(NOW, ZoneOffset.UTC), () -> "4f2a");
    }

    static DsnRequest request(DsnKind kind, Mail original, RecipientReport... reports) {
        return new DsnRequest(
                kind, original, ARRIVAL, List.of(reports), "mx.example.org", address("postmaster@example.org"));
    }

    static RecipientReport noSuchUser(MailAddress recipient) {
        return report(recipient, "5.1.1", "550 5.1.1 No such user");
    }

    static RecipientReport report(MailAddress recipient, String status, String reply) {
        return new RecipientReport(
                recipient,
                status,
                Optional.of(reply),
                Optional.of("mail.example.com"),
                "The mailbox does not exist.",
                ATTEMPT,
                Optional.empty());
    }

    static RecipientReport unreachable(MailAddress recipient) {
        return new RecipientReport(
                recipient,
                "4.4.1",
                Optional.empty(),
                Optional.empty(),
                "No server of example.com could be reached.",
                ATTEMPT,
                Optional.of(GIVE_UP));
    }

    static MailImpl mail(String message) {
        return mail(message.getBytes(UTF_8));
    }

    /** As James holds it: the octets as they came, parsed by nobody yet. */
    static MailImpl mail(byte[] message) {
        try {
            MailImpl mail = withoutMessage();
            mail.setMessageNoCopy(new MimeMessageWrapper(new InMemory(message)));
            return mail;
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    static MailImpl withoutMessage() {
        return MailImpl.builder()
                .name("Mail1772352000000-abc")
                .sender(ALICE)
                .addRecipients(BOB, CAROL)
                .build();
    }

    static MailImpl asking(MailImpl mail, DsnParameters.Builder parameters) {
        mail.setDsnParameters(parameters.build().orElseThrow());
        return mail;
    }

    static MailAddress address(String address) {
        try {
            return new MailAddress(address);
        } catch (AddressException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static byte[] octets(MimeMessage message) {
        try {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            message.writeTo(octets);
            return octets.toByteArray();
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private record InMemory(byte[] octets) implements MimeMessageSource {
        @Override
        public String getSourceId() {
            return "in-memory";
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(octets);
        }
    }
}
