/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.mailet.MailetConfig;
import org.jamesoutgoing.dsn.ReturnLimits;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Introduction;
import org.jamesoutgoing.dsn.template.Mailbox;
import org.jamesoutgoing.routing.RouteOptions;
import org.jamesoutgoing.service.NotificationSettings;
import org.jamesoutgoing.service.NotificationSettings.Author;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.ValueType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the parameters of {@link DeliveryStatusNotification} to {@link NotificationSettings}. All of DSNBounce's parameters
 * are understood. Every problem is an {@link IllegalArgumentException} of one line.
 *
 * @param settings which DSNs
 * @param passThrough whether the mail goes on in its processor
 */
record NotificationReader(NotificationSettings settings, boolean passThrough) {

    private static final Logger LOGGER = LoggerFactory.getLogger(NotificationReader.class);

    private static final ValueType<DsnKind> ACTION =
            new ValueType<>("failed, delayed, delivered, expanded, relayed", action -> DsnKind.ofAction(action)
                    .orElseThrow(IllegalArgumentException::new));

    /** DSNBounce writes "unknown" where it knows no code. */
    private static final ValueType<Optional<String>> STATUS =
            new ValueType<>("a status code such as 5.0.0 (RFC 3463), or unknown", text -> {
                if (text.equalsIgnoreCase("unknown")) {
                    return Optional.empty();
                }
                if (!text.matches("[245](\\.(0|[1-9]\\d{0,2})){2}")) {
                    throw new IllegalArgumentException();
                }
                return Optional.of(text);
            });

    private static final ValueType<Author> SENDER =
            new ValueType<>("postmaster, sender, unaltered, or one address", NotificationReader::author);

    /** The words that DSNBounce takes for the whole message, too. */
    private static final ValueType<ReturnLimits> ATTACHMENT =
            new ValueType<>("message, heads, none", text -> switch (text.toLowerCase(Locale.ROOT)) {
                case "none" -> ReturnLimits.NOTHING;
                case "heads" -> new ReturnLimits(0, ReturnLimits.DEFAULT.full());
                case "message", "all", "body", "unaltered" -> new ReturnLimits(
                        ReturnLimits.DEFAULT.full(), ReturnLimits.DEFAULT.full());
                default -> throw new IllegalArgumentException();
            });

    /** @param defaultHeloName for when the parameter {@code heloName} is not given */
    static NotificationReader read(MailetConfig config, String defaultHeloName) {
        Parameters parameters = Parameters.of(config);
        try {
            NotificationReader read = read(parameters, defaultHeloName);
            parameters.rejectUnknown();
            return read;
        } catch (OptionException e) {
            throw new IllegalArgumentException("parameter " + e.getMessage(), e);
        }
    }

    private static NotificationReader read(Parameters parameters, String defaultHeloName) {
        // Accepted without effect: what is done for a mail is logged anyway.
        parameters.read("debug", ValueType.flag());
        DsnKind kind = parameters.read("action", ACTION).orElse(DsnKind.FAILURE);
        Optional<String> defaultStatus =
                parameters.read("defaultStatus", STATUS).flatMap(status -> status);
        defaultStatus
                .filter(status -> !kind.fits(status))
                .ifPresent(status -> LOGGER.warn(
                        "parameter 'defaultStatus' is '{}', which does not go with the action '{}': not used",
                        status,
                        kind.action()));
        return new NotificationReader(
                new NotificationSettings(
                        kind,
                        defaultStatus.filter(kind::fits),
                        parameters.read("sender", SENDER).orElseGet(Author.OfTemplate::new),
                        parameters.text("prefix"),
                        parameters.text("messageString").map(Introduction::new),
                        parameters.read("attachment", ATTACHMENT).orElse(ReturnLimits.DEFAULT),
                        parameters
                                .read(RouteOptions.DSN_LANGUAGES.name(), RouteOptions.DSN_LANGUAGES.type())
                                .orElse(List.of()),
                        parameters
                                .read(RouteOptions.HELO_NAME.name(), RouteOptions.HELO_NAME.type())
                                .orElse(defaultHeloName)),
                parameters.read("passThrough", ValueType.flag()).orElse(true));
    }

    private static Author author(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "postmaster" -> new Author.Postmaster();
            case "sender", "unaltered" -> new Author.OriginalSender();
            default -> {
                if (Mailbox.parse(text).isEmpty()) {
                    throw new IllegalArgumentException();
                }
                yield new Author.Given(text);
            }
        };
    }
}
