/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.AttemptListener;
import org.jamesoutgoing.delivery.AttemptReport;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.james.AuditTrail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.routing.RouteMode;

/**
 * The lines that RemoteDelivery writes into the audit trail of James 3.9: the same words, protocol {@code mailetcontainer}
 * and action {@code RemoteDelivery}, so that what looks for them finds them. One line when a mail is admitted, and after
 * each attempt one for each of: succeeded, failed temporarily, failed permanently, with the recipients whom it concerns.
 * {@code mailId} is the mail's name, of an attempt its part's; {@code exceptionMessage} what the host said. Whether it is
 * "with gateway" is said of the default route.
 *
 * <p>Nothing is written, and nothing left on the mail, where James has no audit trail, or its log configuration leaves it
 * out.
 */
public final class RemoteDeliveryAudit implements AttemptListener {

    /** From the admission to the attempts, where a message must not be read for it. */
    private static final AttributeName MESSAGE_ID = AttributeName.of("outgoing-audit-message-id");

    private final Optional<AuditTrail> trail;

    /** @param trail James's, if it has one */
    public RemoteDeliveryAudit(Optional<AuditTrail> trail) {
        this.trail = trail;
    }

    private Optional<AuditTrail> written() {
        return trail.filter(AuditTrail::isWritten);
    }

    /** A mail is about to be admitted: its parts will have its Message-ID. */
    public void identify(Mail mail) throws MessagingException {
        if (written().isPresent() && mail.getMessage() != null) {
            String messageId =
                    Optional.ofNullable(mail.getMessage().getMessageID()).orElse("");
            mail.setAttribute(new Attribute(MESSAGE_ID, AttributeValue.of(messageId)));
        }
    }

    /** @param mode of the default route */
    public void admitted(Mail mail, RouteMode mode) {
        if (mail.getRecipients().isEmpty()) {
            return;
        }
        Map<String, String> about = about(mail, mail.getName(), mail.getRecipients());
        if (mode instanceof RouteMode.Relay relay) {
            about.put("gateways", relay.hosts().toString());
            write(about, "planned with gateway.");
        } else {
            write(about, "planned without gateway.");
        }
    }

    @Override
    public void finished(Mail mail, MailState state, AttemptReport report, Optional<Instant> nextAttempt) {
        if (written().isEmpty()) {
            return;
        }
        write(mail, state, report.of(Outcome.ACCEPTED), "succeeded.");
        write(mail, state, report.of(Outcome.DEFERRED), "failed temporarily.");
        write(mail, state, report.of(Outcome.FAILED), "failed permanently.");
        if (nextAttempt.isEmpty()) {
            write(mail, state, report.of(Outcome.DEFERRED), "failed after maximum retries.");
        }
    }

    private void write(Mail mail, MailState state, List<RecipientReport> outcomes, String what) {
        if (outcomes.isEmpty()) {
            return;
        }
        Map<String, String> about = about(
                mail,
                state.name(),
                outcomes.stream().map(RecipientReport::recipient).toList());
        if (outcomes.get(0).outcome() != Outcome.ACCEPTED) {
            about.put("exceptionMessage", outcomes.get(0).reason());
        }
        write(about, what);
    }

    private static Map<String, String> about(Mail mail, String name, Collection<MailAddress> recipients) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("mailId", name);
        about.put(
                "mimeMessageId",
                AttributeUtils.getValueAndCastFromMail(mail, MESSAGE_ID, String.class)
                        .orElse(""));
        about.put("sender", mail.getMaybeSender().asString());
        about.put("recipients", recipients.toString());
        return about;
    }

    private void write(Map<String, String> about, String what) {
        written()
                .ifPresent(james ->
                        james.write("mailetcontainer", "RemoteDelivery", about, "Remote delivering mail " + what));
    }
}
