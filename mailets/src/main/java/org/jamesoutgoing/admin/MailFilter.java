/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.jamesoutgoing.dns.DomainNames;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.ValueType;

/**
 * Which mails of a service are meant: those for which everything is true that is given. A mail with several recipients is
 * meant, as a whole, when one of them is.
 *
 * @param domain of a recipient, canonical: itself, or with {@code *.} in front all below it
 * @param sender in lower case; {@code <>} is the null sender
 * @param recipient in lower case
 * @param olderThan since the mail was accepted
 * @param states one of these; empty: any
 * @param reason part of the reason why it waits, in whatever case
 */
public record MailFilter(
        Optional<String> domain,
        Optional<String> sender,
        Optional<String> recipient,
        Optional<Duration> olderThan,
        Set<QueueState> states,
        Optional<String> reason) {

    /** Every mail. */
    public static final MailFilter ALL = new MailFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), Optional.empty());

    public static final String DOMAIN = "domain";
    public static final String SENDER = "sender";
    public static final String RECIPIENT = "recipient";
    public static final String OLDER_THAN = "olderThan";
    public static final String STATE = "state";
    public static final String REASON = "reason";

    /** What a filter may consist of. */
    public static final List<String> NAMES = List.of(DOMAIN, SENDER, RECIPIENT, OLDER_THAN, STATE, REASON);

    private static final String NULL_SENDER = "<>";
    private static final String BELOW = "*.";
    private static final String ADDRESS_ALLOWED = "an address such as bob@example.com";

    private static final ValueType<String> DOMAINS =
            new ValueType<>("a domain, an IPv4 address, or *.domain for all its subdomains", MailFilter::domainOf);
    private static final ValueType<String> SENDERS =
            new ValueType<>(ADDRESS_ALLOWED + ", or <> for the null sender", MailFilter::senderOf);
    private static final ValueType<String> RECIPIENTS = new ValueType<>(ADDRESS_ALLOWED, MailFilter::addressOf);
    private static final ValueType<Duration> AGES = ValueType.duration(Duration.ZERO, Duration.ofDays(3650));
    private static final ValueType<List<QueueState>> STATES = ValueType.choices(QueueState.class);
    private static final ValueType<String> REASONS =
            new ValueType<>("a part of the reason, of 200 characters at most", MailFilter::reasonOf);

    public MailFilter {
        states = states.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(states));
    }

    /**
     * Reads a filter.
     *
     * @param texts by name, as in a query or in a JSON object; a value that is empty is not given
     * @throws OptionException naming what is unknown, or what has a value that it cannot have
     */
    public static MailFilter of(Map<String, String> texts) {
        for (String name : texts.keySet()) {
            if (!NAMES.contains(name)) {
                throw OptionException.unknown(name, "filter", NAMES);
            }
        }
        return new MailFilter(
                read(texts, DOMAIN, DOMAINS),
                read(texts, SENDER, SENDERS),
                read(texts, RECIPIENT, RECIPIENTS),
                read(texts, OLDER_THAN, AGES),
                Set.copyOf(read(texts, STATE, STATES).orElse(List.of())),
                read(texts, REASON, REASONS));
    }

    private static <T> Optional<T> read(Map<String, String> texts, String name, ValueType<T> type) {
        return Optional.ofNullable(texts.get(name))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .map(text -> type.read(name, text));
    }

    /** As it may be written again: what {@link #of} reads. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        domain.ifPresent(text -> texts.put(DOMAIN, text));
        sender.ifPresent(text -> texts.put(SENDER, text));
        recipient.ifPresent(text -> texts.put(RECIPIENT, text));
        olderThan.ifPresent(age -> texts.put(OLDER_THAN, age.toSeconds() + "s"));
        if (!states.isEmpty()) {
            texts.put(
                    STATE,
                    String.join(",", states.stream().map(QueueState::word).toList()));
        }
        reason.ifPresent(text -> texts.put(REASON, text));
        return texts;
    }

    /** Whether every mail is meant. */
    public boolean isAll() {
        return equals(ALL);
    }

    /** Whether this mail is meant at this time. */
    public boolean matches(ListedMail mail, Instant now) {
        return (states.isEmpty() || states.contains(mail.state()))
                && isTrue(olderThan, age -> !mail.acceptedAt().isAfter(now.minus(age)))
                && isTrue(sender, text -> text.equals(text(mail.sender())))
                && isTrue(recipient, text -> mail.recipients().stream()
                        .anyMatch(address -> text(address).equals(text)))
                && isTrue(domain, text -> mail.recipients().stream().anyMatch(address -> isIn(text, address)))
                && isTrue(reason, text -> lower(mail.reason()).contains(lower(text)));
    }

    private static <T> boolean isTrue(Optional<T> wanted, Function<T, Boolean> test) {
        return wanted.isEmpty() || test.apply(wanted.get());
    }

    private static boolean isIn(String domain, MailAddress address) {
        String own = domainText(address);
        return domain.startsWith(BELOW) ? own.endsWith(domain.substring(1)) : own.equals(domain);
    }

    private static String text(MaybeSender sender) {
        return sender.asOptional().map(MailFilter::text).orElse(NULL_SENDER);
    }

    private static String text(MailAddress address) {
        return lower(address.getLocalPart()) + "@" + domainText(address);
    }

    /** Nearly all are ASCII; the others are looked at label by label. */
    private static String domainText(MailAddress address) {
        String domain = lower(address.getDomain().asString());
        return domain.chars().allMatch(c -> c < 0x80)
                ? domain
                : DomainNames.canonical(domain).orElse(domain);
    }

    private static String domainOf(String text) {
        if (text.matches("\\[?\\d{1,3}(\\.\\d{1,3}){3}]?")) {
            // James knows address literals without their brackets.
            return text.replaceAll("[\\[\\]]", "");
        }
        String prefix = text.startsWith(BELOW) ? BELOW : "";
        return prefix
                + DomainNames.canonical(text.substring(prefix.length())).orElseThrow(IllegalArgumentException::new);
    }

    private static String senderOf(String text) {
        return text.equals(NULL_SENDER) ? text : addressOf(text);
    }

    /** James itself takes no U-labels, so they become A-labels first. */
    private static String addressOf(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException();
        }
        String domain = text.substring(at + 1);
        try {
            return text(new MailAddress(
                    text.substring(0, at + 1) + DomainNames.canonical(domain).orElse(domain)));
        } catch (AddressException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String reasonOf(String text) {
        if (text.length() > 200) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
