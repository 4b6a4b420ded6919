/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.PastAttempt;
import org.jamesoutgoing.routing.AddressLiterals;
import org.jamesoutgoing.routing.Route;

/** A copy of a waiting mail, to be looked at. Closing it frees the copy; the mail itself goes on waiting. */
public final class WaitingMail implements AutoCloseable {

    /** RFC 5321 §4.2, and the enhanced status code of RFC 2034 if there is one. */
    private static final Pattern REPLY =
            Pattern.compile("[2-5]\\d\\d(?:[ -](?<status>[245]\\.\\d{1,3}\\.\\d{1,3})\\b)?.*");

    /** RFC 3463 §3.5: delivery time expired. */
    private static final String EXPIRED = "4.4.7";

    private final Mail mail;
    private final MailState state;
    private final List<MailAddress> recipients;
    private final Route route;
    private final MailAddress postmaster;
    private final Instant now;

    /**
     * @param recipients of whom something could be told; at least one
     * @param route of the first of them
     */
    WaitingMail(
            Mail mail,
            MailState state,
            List<MailAddress> recipients,
            Route route,
            MailAddress postmaster,
            Instant now) {
        this.mail = mail;
        this.state = state;
        this.recipients = recipients;
        this.route = route;
        this.postmaster = postmaster;
        this.now = now;
    }

    /** Whether anybody may be told of it: a mail from {@code <>} has no sender (RFC 5321 §6.1). */
    public boolean hasSender() {
        return mail.hasSender();
    }

    /** What its sender would be told if it came to this now, by what is known of the last attempt. */
    public DsnRequest notification(DsnKind kind) {
        return new DsnRequest(
                kind,
                mail,
                state.acceptedAt(),
                recipients.stream().map(recipient -> report(recipient, kind)).toList(),
                route.connection().heloName(),
                postmaster,
                route.dsnLanguages(),
                Optional.of(route.queueLifetime()));
    }

    private RecipientReport report(MailAddress recipient, DsnKind kind) {
        // One that was relayed, or never let in, has no trouble to tell of.
        Optional<PastAttempt> last = kind.isSuccess() || kind == DsnKind.QUEUE_FULL
                ? Optional.empty()
                : state.history().stream().reduce((earlier, later) -> later);
        Optional<String> reply =
                last.map(PastAttempt::text).filter(text -> REPLY.matcher(text).matches());
        return new RecipientReport(
                recipient,
                AddressLiterals.onTheWire(recipient),
                status(kind, reply),
                reply,
                last.flatMap(PastAttempt::host),
                last.map(PastAttempt::text).orElse(""),
                last.map(PastAttempt::at).orElse(now),
                Optional.of(route.expiry(state.acceptedAt(), !mail.hasSender())),
                state.attempts());
    }

    private static String status(DsnKind kind, Optional<String> reply) {
        return switch (kind) {
            case SUCCESS, DELIVERED, EXPANDED -> "2.0.0";
            case QUEUE_FULL -> "5.3.1";
            case FAILURE -> enhanced(reply).orElse(EXPIRED);
            case DELAY -> enhanced(reply).orElse("4.0.0");
        };
    }

    private static Optional<String> enhanced(Optional<String> reply) {
        return reply.map(REPLY::matcher).filter(Matcher::matches).map(matcher -> matcher.group("status"));
    }

    @Override
    public void close() {
        LifecycleUtil.dispose(mail);
    }
}
