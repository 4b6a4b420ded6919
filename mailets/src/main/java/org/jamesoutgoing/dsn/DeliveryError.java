/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/**
 * Why a mail was not delivered, as far as it is written on the mail itself: by RemoteDelivery's attributes, by ours beside
 * them, or by James's error message, which other processors leave. It is the same for all recipients of the mail.
 *
 * @param reply what the remote server answered, if it was a server that decided
 * @param reason the cause in one line, empty when nothing is known
 * @param status enhanced status code (RFC 3463), if there is one
 * @param statusClass 2, 4 or 5, if at least that is known
 * @param host the server that answered: its name, or its name and address as {@code name[address]}
 * @param at when delivery was last tried
 */
public record DeliveryError(
        Optional<String> reply,
        String reason,
        Optional<String> status,
        Optional<Character> statusClass,
        Optional<String> host,
        Optional<Instant> at) {
    /** RemoteDelivery's: the remote reply, or what went wrong. */
    public static final AttributeName ERROR = AttributeName.of("delivery-error");

    /** RemoteDelivery's: the reply's three digits, a number. */
    public static final AttributeName CODE = AttributeName.of("delivery-error-code");

    /** Ours: the enhanced status code, a text. */
    public static final AttributeName STATUS = AttributeName.of("delivery-error-status");

    /** Ours: the remote server, a text. */
    public static final AttributeName HOST = AttributeName.of("delivery-error-host");

    /** Ours: the time of the last attempt, a date. */
    public static final AttributeName DATE = AttributeName.of("delivery-error-date");

    /** Of a mail with which all went well, or of which nothing is known. */
    public static final DeliveryError NONE = new DeliveryError(
            Optional.empty(), "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** RFC 5321 §4.2, and RFC 2034 §4: the enhanced code, if there is one, has the class of the reply. */
    private static final Pattern REPLY =
            Pattern.compile("([245])[0-5]\\d(?:[ -]\\s*(\\1\\.\\d{1,3}\\.\\d{1,3})?(?![\\d.]).*)?", Pattern.DOTALL);

    /** What stands on the mail; that it is damaged costs as much of it, never an exception. */
    public static DeliveryError on(Mail mail) {
        Optional<String> left = value(mail, ERROR, String.class)
                .map(String::strip)
                // RemoteDelivery's for an exception without a message.
                .filter(text -> !text.isEmpty() && !text.equals("null"));
        // Below the first line stands a stack trace, if it was an exception.
        Optional<String> text = left.or(() -> Optional.ofNullable(mail.getErrorMessage())
                .flatMap(message -> message.strip().lines().findFirst()));
        Matcher reply = REPLY.matcher(text.orElse(""));
        boolean isReply = reply.matches();
        Optional<Character> statusClass = isReply
                ? Optional.of(reply.group(1).charAt(0))
                : value(mail, CODE, Integer.class).flatMap(DeliveryError::classOf);
        return new DeliveryError(
                left.filter(any -> isReply),
                text.orElse(""),
                value(mail, STATUS, String.class).or(() -> Optional.ofNullable(isReply ? reply.group(2) : null)),
                statusClass,
                value(mail, HOST, String.class),
                value(mail, DATE, ZonedDateTime.class).map(ZonedDateTime::toInstant));
    }

    /**
     * The status code to report.
     *
     * @param otherwise for when nothing better is known
     */
    public String status(Optional<String> otherwise) {
        return status.or(() -> otherwise.filter(this::agrees))
                .or(() -> statusClass.map(first -> first + ".0.0"))
                .orElse("");
    }

    private boolean agrees(String code) {
        return statusClass.isEmpty() || code.startsWith(statusClass.get().toString());
    }

    private static Optional<Character> classOf(int code) {
        return code >= 200 && code < 600 ? Optional.of((char) ('0' + code / 100)) : Optional.empty();
    }

    private static <T> Optional<T> value(Mail mail, AttributeName name, Class<T> type) {
        return mail.getAttribute(name)
                .map(Attribute::getValue)
                .map(AttributeValue::value)
                .filter(type::isInstance)
                .map(type::cast);
    }
}
