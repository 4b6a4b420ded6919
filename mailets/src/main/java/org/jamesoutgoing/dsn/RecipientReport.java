/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.reason.ReasonClass;

/**
 * What came of one recipient: of an attempt, as it is remembered on the mail, and as it is told: one per-recipient group of
 * the DSN (RFC 3464 §2.3). The texts may be as hostile as a peer makes them; {@link DsnComposer} makes them safe.
 *
 * @param recipient where the mail was to go; never absent
 * @param address the same as it stands in {@code RCPT}, an address literal in brackets (RFC 5321 §4.1.3): for a DSN
 * @param status enhanced status code (RFC 3463) such as {@code 5.1.1}, of the outcome's class but for {@code 5.4.7}, the
 *     time is up; in a DSN, one that is empty or does not fit the kind becomes {@code x.0.0}
 * @param lastStatus the code of the last attempt, where {@code status} only says that the time is up
 * @param reply what the remote server answered about <em>this</em> recipient, such as {@code 550 5.1.1 No such user}, if a
 *     reply decided
 * @param asked the server that was tried last, reached or not: its name, or its name and address as {@code name[address]}
 * @param host the same, if there was a connection to it: the Remote-MTA (RFC 3464 §2.3.5)
 * @param stage how far the mail came there, as the log has it; empty when no host was asked
 * @param reason the cause in one plain line, as our log has it; the words for the sender are found by status and reply
 * @param at when delivery was last tried; whole milliseconds, as it is stored
 * @param willRetryUntil when we shall give up, or gave up; a field in a delay DSN only, to words always
 * @param attempts how often delivery was tried, at least 1; 0 when that is not known
 */
public record RecipientReport(
        MailAddress recipient,
        String address,
        Outcome outcome,
        String status,
        Optional<String> lastStatus,
        Optional<String> reply,
        Optional<String> asked,
        Optional<String> host,
        Optional<String> stage,
        String reason,
        Instant at,
        Optional<Instant> willRetryUntil,
        int attempts) {

    public enum Outcome {
        ACCEPTED,
        DEFERRED,
        FAILED;

        static Outcome ofStatus(String status) {
            return status.startsWith("2") ? ACCEPTED : status.startsWith("4") ? DEFERRED : FAILED;
        }

        /** {@code accepted}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String RCPT = "rcpt";
    private static final int SERVICE_CLOSING = 421;

    /** Stages at which a host has heard of no mail yet. */
    private static final Set<String> EARLY = Set.of("greeting", "ehlo");

    private static final Pattern REPLY = Pattern.compile("\\d{3}(?:[ -].*)?", Pattern.DOTALL);

    public RecipientReport {
        requireNonNull(recipient, "recipient");
        requireNonNull(address, "address");
        requireNonNull(outcome, "outcome");
        requireNonNull(status, "status");
        requireNonNull(lastStatus, "lastStatus");
        requireNonNull(reply, "reply");
        requireNonNull(asked, "asked");
        requireNonNull(host, "host");
        requireNonNull(stage, "stage");
        requireNonNull(reason, "reason");
        requireNonNull(willRetryUntil, "willRetryUntil");
        at = at.truncatedTo(ChronoUnit.MILLIS);
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts: " + attempts);
        }
    }

    /** For a DSN only: what came of it follows from the status. */
    public RecipientReport(
            MailAddress recipient,
            String address,
            String status,
            Optional<String> reply,
            Optional<String> host,
            String reason,
            Instant at,
            Optional<Instant> willRetryUntil,
            int attempts) {
        this(
                recipient,
                address,
                Outcome.ofStatus(status),
                status,
                Optional.empty(),
                reply,
                host,
                host,
                Optional.empty(),
                reason,
                at,
                willRetryUntil,
                attempts);
    }

    /** The same at a domain name, of a recipient that nobody counted the attempts of. */
    public RecipientReport(
            MailAddress recipient,
            String status,
            Optional<String> reply,
            Optional<String> host,
            String reason,
            Instant at,
            Optional<Instant> willRetryUntil) {
        this(recipient, recipient.asString(), status, reply, host, reason, at, willRetryUntil, 0);
    }

    /** What an attempt, or no attempt, came to. */
    public static RecipientReport of(
            MailAddress recipient,
            Outcome outcome,
            String status,
            Optional<String> reply,
            Optional<String> asked,
            Optional<String> host,
            Optional<String> stage,
            String reason,
            Instant at) {
        return new RecipientReport(
                recipient,
                recipient.asString(),
                outcome,
                status,
                Optional.empty(),
                reply,
                asked,
                host,
                stage,
                reason,
                at,
                Optional.empty(),
                0);
    }

    /** No remote host decided it. */
    public static RecipientReport local(
            MailAddress recipient, Outcome outcome, String status, String reason, Instant at) {
        return of(
                recipient,
                outcome,
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                reason,
                at);
    }

    /** The reply's three digits, if a reply decided. */
    public Optional<Integer> code() {
        return reply.filter(text -> REPLY.matcher(text).matches()).map(text -> Integer.valueOf(text.substring(0, 3)));
    }

    /** Whether it was refused; a mail whose time is up was deferred to the end. */
    public boolean isPermanent() {
        return outcome == Outcome.FAILED;
    }

    /** Whether the host gave up the connection instead of deciding about this recipient: by 421, a loss, or its silence. */
    public boolean endedConnection() {
        return outcome == Outcome.DEFERRED
                && stage.filter(RCPT::equals).isPresent()
                && (reply.isEmpty()
                        || code().filter(code -> code == SERVICE_CLOSING).isPresent());
    }

    /** Why it was not accepted. */
    public ReasonClass reasonClass() {
        ReasonClass said = ReasonClass.of(status, reply, reason);
        return stage.filter(EARLY::contains).isPresent() && said.isVague() ? ReasonClass.GREETING : said;
    }

    /** Tried at this time. */
    public RecipientReport triedAt(Instant time) {
        return new RecipientReport(
                recipient,
                address,
                outcome,
                status,
                lastStatus,
                reply,
                asked,
                host,
                stage,
                reason,
                time,
                willRetryUntil,
                attempts);
    }

    /**
     * This was the last attempt: RFC 3463 §3.5 has a code of its own for mail whose time is up.
     *
     * @param attempted whether the status is that of an attempt
     */
    public RecipientReport expired(String why, boolean attempted) {
        return new RecipientReport(
                recipient,
                address,
                outcome,
                "5.4.7",
                attempted ? Optional.of(status) : Optional.empty(),
                reply,
                asked,
                host,
                stage,
                why + "; last: " + reason,
                at,
                willRetryUntil,
                attempts);
    }

    /** It is as it was when it was tried last. */
    public RecipientReport stillDeferred() {
        return of(recipient, Outcome.DEFERRED, status, reply, host, host, Optional.empty(), reason, at);
    }

    /**
     * As it is stored with the mail: where it was asked in vain, and how far it came, stands in the mail's history. But
     * {@link #endedConnection()} is remembered.
     */
    public RecipientReport remembered() {
        return new RecipientReport(
                recipient,
                address,
                outcome,
                status,
                lastStatus,
                reply,
                host,
                host,
                stage.filter(any -> endedConnection()),
                reason,
                at,
                willRetryUntil,
                attempts);
    }

    /** With what a DSN says besides. */
    public RecipientReport inDsn(String addressInDsn, Instant expiry, int attemptsMade) {
        return new RecipientReport(
                recipient,
                addressInDsn,
                outcome,
                status,
                lastStatus,
                reply,
                asked,
                host,
                stage,
                reason,
                at,
                Optional.of(expiry),
                attemptsMade);
    }
}
