/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Language;

/**
 * One DSN to one sender about one mail.
 *
 * @param kind what happened, the same for all recipients
 * @param original the mail; read, never changed, and allowed to be broken in any way
 * @param arrival when the mail arrived here
 * @param recipients whom to report, at least one; those {@link DsnRules#due} left over
 * @param reportingMta our own host name
 * @param postmaster in whose name the DSN is written
 * @param languages in which it may be written when the original does not say in which it is, the most wanted one first
 * @param lifetime how long a mail may wait here, if that is to be told
 */
public record DsnRequest(
        DsnKind kind,
        Mail original,
        Instant arrival,
        List<RecipientReport> recipients,
        String reportingMta,
        MailAddress postmaster,
        List<Language> languages,
        Optional<Duration> lifetime) {
    public DsnRequest {
        requireNonNull(kind, "kind");
        requireNonNull(original, "original");
        requireNonNull(arrival, "arrival");
        requireNonNull(reportingMta, "reportingMta");
        requireNonNull(postmaster, "postmaster");
        requireNonNull(lifetime, "lifetime");
        recipients = List.copyOf(recipients);
        languages = List.copyOf(languages);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("A DSN reports at least one recipient (RFC 3464 §2)");
        }
    }

    /** In the language of the original, or in English. */
    public DsnRequest(
            DsnKind kind,
            Mail original,
            Instant arrival,
            List<RecipientReport> recipients,
            String reportingMta,
            MailAddress postmaster) {
        this(kind, original, arrival, recipients, reportingMta, postmaster, List.of(), Optional.empty());
    }
}
