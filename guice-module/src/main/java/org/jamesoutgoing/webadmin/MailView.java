/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.admin.QueueView;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.PastAttempt;
import org.jamesoutgoing.service.OutgoingMailService;

/**
 * One mail, closely. What it says stays out: no subject, no text.
 *
 * @param messageId of a mail in the waiting room
 * @param size of the message in bytes; absent when unknown
 * @param recipients those still to be delivered to, at most {@link #MAX_RECIPIENTS} of them
 * @param recipientsInAll how many of those there are
 * @param recipientsDone those that it has reached or lost, the last hundred or fewer
 * @param attempts made so far; absent while it is in the outgoing queue, which cannot be looked into
 * @param lastAttempts the last ones, in their order
 * @param nextAttempt absent when it is under way
 * @param expiry when it is given up
 * @param notices what is still to be told to its sender
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record MailView(
        String id,
        String queue,
        String name,
        String state,
        String sender,
        Optional<String> messageId,
        Optional<Long> size,
        Instant acceptedAt,
        List<Recipient> recipients,
        int recipientsInAll,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Recipient> recipientsDone,
        Optional<Integer> attempts,
        List<Attempt> lastAttempts,
        Optional<Instant> nextAttempt,
        Instant expiry,
        String reason,
        Optional<HoldView> hold,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Notice> notices) {

    static final int MAX_RECIPIENTS = 1000;

    /** What stands in an attempt's host: its name and the address that was connected to. */
    private static final Pattern HOST = Pattern.compile("(?<name>[^\\[]+)\\[(?<address>[^]]+)]");

    /**
     * @param state of the mail while it is still to be delivered to, else {@code accepted} or {@code failed}
     * @param status RFC 3463 code of what was last said of it
     * @param reply what was last said
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Recipient(
            String address, String state, Optional<String> status, Optional<Instant> at, Optional<String> reply) {

        static Recipient of(MailAddress address, String state, Optional<RecipientReport> last) {
            return new Recipient(
                    address.asString(),
                    state,
                    last.map(RecipientReport::status),
                    last.map(RecipientReport::at),
                    last.map(report -> report.reply().orElse(report.reason())));
        }
    }

    /**
     * @param host absent when none was reached
     * @param address the one that was connected to
     * @param tls version and cipher
     * @param stage how far it came there
     * @param outcome {@code accepted}, {@code deferred}, {@code failed}, or several with {@code +} between them
     * @param reply what the host said, or what went wrong
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Attempt(
            Instant at,
            Optional<String> host,
            Optional<String> address,
            Optional<String> tls,
            Optional<String> stage,
            String outcome,
            String reply) {

        static Attempt of(PastAttempt attempt) {
            Optional<Matcher> parts = attempt.host().map(HOST::matcher).filter(Matcher::matches);
            return new Attempt(
                    attempt.at(),
                    parts.map(matcher -> matcher.group("name")).or(attempt::host),
                    parts.map(matcher -> matcher.group("address")),
                    attempt.tls(),
                    attempt.stage(),
                    attempt.outcome(),
                    attempt.text());
        }
    }

    /** @param kind {@code failure}, {@code delay}, {@code relayed} or {@code on-success} */
    record Notice(String kind, int recipients) {

        static Notice of(org.jamesoutgoing.queue.Notification notice) {
            return new Notice(
                    notice.word().toLowerCase(Locale.ROOT).replace('_', '-'),
                    notice.recipients().size());
        }
    }

    static MailView of(OutgoingMailService service, QueueView.Detail detail) {
        ListedMail listed = detail.listed();
        Optional<MailState> state = detail.state();
        List<MailAddress> recipients = state.map(MailState::recipients)
                .filter(those -> !those.isEmpty())
                .orElse(listed.recipients());
        return new MailView(
                listed.id(),
                service.settings().queueName(),
                listed.name(),
                listed.state().word(),
                listed.sender().asString(),
                detail.messageId(),
                Optional.of(listed.size()).filter(size -> size >= 0),
                listed.acceptedAt(),
                recipients.stream()
                        .limit(MAX_RECIPIENTS)
                        .map(address -> Recipient.of(
                                address, listed.state().word(), state.flatMap(known -> known.lastSaidOf(address))))
                        .toList(),
                recipients.size(),
                state.map(MailState::lastSaid).orElse(List.of()).stream()
                        .filter(record -> !recipients.contains(record.recipient()))
                        .map(record -> Recipient.of(
                                record.recipient(), record.outcome().word(), Optional.of(record)))
                        .toList(),
                state.map(MailState::attempts),
                state.map(MailState::history).orElse(List.of()).stream()
                        .map(Attempt::of)
                        .toList(),
                MailLine.due(listed),
                service.view().expiry(listed),
                listed.reason(),
                MailLine.hold(listed),
                state.map(MailState::notifications).orElse(List.of()).stream()
                        .map(Notice::of)
                        .toList());
    }
}
