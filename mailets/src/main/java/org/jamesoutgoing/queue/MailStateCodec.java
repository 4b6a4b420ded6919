/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link MailState} as one JSON text in one mail attribute: every James queue and repository keeps text attributes.
 * Fields that a later version adds are ignored by an earlier one. What an earlier one would misunderstand has a format of a
 * higher number: the field {@code format}, which format 1 is written without.
 */
public final class MailStateCodec {

    public static final AttributeName ATTRIBUTE = AttributeName.of("outgoing-state");

    private static final Logger LOGGER = LoggerFactory.getLogger(MailStateCodec.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FORMAT = 1;
    private static final String POSTMASTER = "POSTMASTER";

    /** The state was written by a later version: to guess what it means may deliver a mail twice. */
    static final class NewerFormatException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NewerFormatException(long format) {
            super(
                    "its state has format " + format + ", written by a later version; this one reads up to " + FORMAT,
                    null,
                    false,
                    false);
        }
    }

    private MailStateCodec() {}

    public static void write(MailState state, Mail mail) {
        mail.setAttribute(new Attribute(ATTRIBUTE, AttributeValue.of(toJson(state))));
    }

    public static void remove(Mail mail) {
        mail.removeAttribute(ATTRIBUTE);
    }

    /**
     * The state on this mail; a mail without one, or with one that is damaged, is taken as it stands.
     *
     * @throws RuntimeException when a later version has written it; to be treated as a mail that cannot be read now
     */
    public static MailState read(Mail mail, Instant now) {
        Optional<String> json = mail.getAttribute(ATTRIBUTE)
                .flatMap(attribute -> attribute.getValue().valueAs(String.class));
        if (json.isEmpty()) {
            return MailState.adopted(mail, now);
        }
        try {
            return fromJson(json.get());
        } catch (NewerFormatException e) {
            throw e;
        } catch (Exception e) {
            LOGGER.warn(
                    "mail={} attribute {} cannot be read, taking the mail as new: {}",
                    mail.getName(),
                    ATTRIBUTE.asString(),
                    e.toString());
            return MailState.adopted(mail, now);
        }
    }

    static String toJson(MailState state) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", state.recordId().id());
        json.put("seq", state.recordId().sequence());
        json.put("name", state.name());
        json.put("accepted", state.acceptedAt().toEpochMilli());
        json.put("attempts", state.attempts());
        json.put("due", state.due().toEpochMilli());
        state.delayTold().ifPresent(at -> json.put("delayTold", at.toEpochMilli()));
        ArrayNode recipients = json.putArray("recipients");
        state.recipients().forEach(recipient -> recipients.add(recipient.asString()));
        ArrayNode history = json.putArray("history");
        state.history().forEach(attempt -> {
            ObjectNode node = history.addObject();
            node.put("at", attempt.at().toEpochMilli());
            attempt.host().ifPresent(host -> node.put("host", host));
            attempt.tls().ifPresent(tls -> node.put("tls", tls));
            attempt.stage().ifPresent(stage -> node.put("stage", stage));
            node.put("outcome", attempt.outcome());
            node.put("text", attempt.text());
        });
        ArrayNode notifications = json.putArray("notices");
        state.notifications().forEach(notification -> {
            ObjectNode node = notifications.addObject();
            node.put("kind", notification.word());
            if (notification.addressee() == Notification.Addressee.POSTMASTER) {
                node.put("to", POSTMASTER);
            }
            ArrayNode told = node.putArray("recipients");
            notification.recipients().forEach(report -> writeReport(report, told.addObject()));
        });
        ArrayNode lastSaid = json.putArray("lastSaid");
        state.lastSaid().forEach(report -> {
            ObjectNode node = lastSaid.addObject();
            node.put("outcome", report.outcome().word());
            report.stage().ifPresent(stage -> node.put("stage", stage));
            writeReport(report, node);
        });
        state.hold().ifPresent(hold -> {
            ObjectNode node = json.putObject("hold");
            node.put("kind", hold.kind().name());
            node.put("reason", hold.reason());
            node.put("since", hold.since().toEpochMilli());
            hold.until().ifPresent(until -> node.put("until", until.toEpochMilli()));
        });
        return json.toString();
    }

    private static void writeReport(RecipientReport report, ObjectNode node) {
        node.put("recipient", report.recipient().asString());
        node.put("status", report.status());
        report.lastStatus().ifPresent(status -> node.put("lastStatus", status));
        report.reply().ifPresent(reply -> node.put("reply", reply));
        report.host().ifPresent(host -> node.put("host", host));
        report.code().ifPresent(code -> node.put("code", code));
        node.put("reason", report.reason());
        node.put("permanent", report.isPermanent());
        node.put("at", report.at().toEpochMilli());
    }

    static MailState fromJson(String text) throws Exception {
        JsonNode json = JSON.readTree(text);
        long format = json.path("format").asLong(FORMAT);
        if (format > FORMAT) {
            throw new NewerFormatException(format);
        }
        List<MailAddress> recipients = new ArrayList<>();
        for (JsonNode recipient : json.path("recipients")) {
            recipients.add(new MailAddress(recipient.asText()));
        }
        List<PastAttempt> history = new ArrayList<>();
        for (JsonNode node : json.path("history")) {
            history.add(new PastAttempt(
                    instant(node, "at"),
                    optionalText(node, "host"),
                    optionalText(node, "tls"),
                    optionalText(node, "stage"),
                    node.path("outcome").asText(),
                    node.path("text").asText()));
        }
        List<Notification> notifications = new ArrayList<>();
        for (JsonNode node : json.path("notices")) {
            Notification notification = Notification.of(
                    node.path("kind").asText(), node.path("to").asText().equals(POSTMASTER));
            List<RecipientReport> told = new ArrayList<>();
            for (JsonNode recipient : node.path("recipients")) {
                told.add(readReport(recipient, outcome(recipient, notification.kind())));
            }
            notifications.add(notification.about(told));
        }
        List<RecipientReport> lastSaid = new ArrayList<>();
        for (JsonNode node : json.path("lastSaid")) {
            lastSaid.add(readReport(
                    node, Outcome.valueOf(node.path("outcome").asText().toUpperCase(Locale.ROOT))));
        }
        return new MailState(
                new RecordId(text(json, "id"), Math.toIntExact(number(json, "seq"))),
                text(json, "name"),
                instant(json, "accepted"),
                json.path("attempts").asInt(),
                instant(json, "due"),
                delayTold(json),
                recipients,
                history,
                notifications,
                json.hasNonNull("hold") ? Optional.of(readHold(json.get("hold"))) : Optional.empty(),
                lastSaid);
    }

    /**
     * Earlier versions told of a delay once, and wrote down no time but {@code true}: the time of acceptance stands for
     * it, see {@link org.jamesoutgoing.routing.DsnPolicies#nextDelay}.
     */
    private static Optional<Instant> delayTold(JsonNode json) {
        JsonNode told = json.path("delayTold");
        if (told.isNumber()) {
            return Optional.of(instant(json, "delayTold"));
        }
        return told.asBoolean() ? Optional.of(instant(json, "accepted")) : Optional.empty();
    }

    private static Hold readHold(JsonNode node) {
        return new Hold(
                Hold.Kind.valueOf(node.path("kind").asText()),
                node.path("reason").asText(),
                instant(node, "since"),
                node.hasNonNull("until") ? Optional.of(instant(node, "until")) : Optional.empty());
    }

    /** Of what is to be told only that is stored which does not follow from its kind. */
    private static Outcome outcome(JsonNode node, DsnKind kind) {
        if (node.path("permanent").asBoolean()) {
            return Outcome.FAILED;
        }
        return kind.isSuccess() ? Outcome.ACCEPTED : Outcome.DEFERRED;
    }

    private static RecipientReport readReport(JsonNode node, Outcome outcome) throws AddressException {
        MailAddress recipient = new MailAddress(node.path("recipient").asText());
        return new RecipientReport(
                recipient,
                recipient.asString(),
                outcome,
                node.path("status").asText(),
                optionalText(node, "lastStatus"),
                optionalText(node, "reply"),
                optionalText(node, "host"),
                optionalText(node, "host"),
                optionalText(node, "stage"),
                node.path("reason").asText(),
                instant(node, "at"),
                Optional.empty(),
                0);
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("field " + field + " is missing or no text");
        }
        return value.asText();
    }

    /** Without this check Jackson would read 0, and a mail of 1970 has expired. */
    private static long number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("field " + field + " is missing or no number");
        }
        return value.asLong();
    }

    private static Instant instant(JsonNode json, String field) {
        return Instant.ofEpochMilli(number(json, field));
    }

    private static Optional<String> optionalText(JsonNode json, String field) {
        return json.has(field) ? Optional.of(json.path(field).asText()) : Optional.empty();
    }
}
