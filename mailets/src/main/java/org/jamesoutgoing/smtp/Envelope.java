/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The envelope of a mail (RFC 5321 §2.3.1). What is not fit for the wire (control characters, over-long addresses) is not
 * refused here but by {@link SmtpClient#deliver}, recipient by recipient, so that one bad address costs the others nothing.
 *
 * @param sender the reverse-path without angle brackets; empty: the null sender
 * @param recipients at least one for anything to happen; each gets its own result
 * @param smtpUtf8 the mail needs SMTPUTF8 (RFC 6531)
 * @param envid the ENVID as it goes on the wire, in xtext (RFC 3461 §4.4)
 * @param ret what to return in a failure DSN (RFC 3461 §4.3)
 * @param requireTls the mail goes over TLS with a verified certificate only, to a host that offers REQUIRETLS and is told it (RFC
 *     8689 §4.2.1). One from the null sender is told it where that can be had, and goes without it elsewhere (§5)
 * @param mtPriority for a host that offers MT-PRIORITY (RFC 6710): −9 to 9, the highest
 */
public record Envelope(
        String sender,
        List<Recipient> recipients,
        boolean smtpUtf8,
        Optional<String> envid,
        Optional<Ret> ret,
        boolean requireTls,
        Optional<Integer> mtPriority) {

    public Envelope {
        requireNonNull(sender, "sender");
        recipients = List.copyOf(recipients);
        requireNonNull(envid, "envid");
        requireNonNull(ret, "ret");
        if (mtPriority.filter(priority -> priority < -9 || priority > 9).isPresent()) {
            throw new IllegalArgumentException("MT-PRIORITY " + mtPriority.get());
        }
    }

    /** One that asks neither for TLS nor for a priority. */
    public Envelope(
            String sender, List<Recipient> recipients, boolean smtpUtf8, Optional<String> envid, Optional<Ret> ret) {
        this(sender, recipients, smtpUtf8, envid, ret, false, Optional.empty());
    }

    /** Whether it must not go without {@link #requireTls}. */
    boolean mustHaveTls() {
        return requireTls && !sender.isEmpty();
    }

    /** Whether an address, not only the message's header, needs SMTPUTF8. A domain in A-labels does not. */
    boolean hasUtf8Address() {
        return needsSmtpUtf8(sender) || recipients.stream().anyMatch(recipient -> needsSmtpUtf8(recipient.address()));
    }

    /** Whether an address has letters beyond ASCII (RFC 6531 §3.3). */
    public static boolean needsSmtpUtf8(String address) {
        return address.chars().anyMatch(c -> c >= 0x80);
    }

    /** An ASCII envelope without DSN parameters. */
    public static Envelope of(String sender, String... recipients) {
        return new Envelope(
                sender,
                List.of(recipients).stream().map(Recipient::of).toList(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * One recipient.
     *
     * @param address the forward-path without angle brackets
     * @param notifyOn NOTIFY (RFC 3461 §4.1); empty: the parameter is left out
     * @param orcpt ORCPT as it goes on the wire, such as {@code rfc822;user+2Btag@example.org} (RFC 3461 §4.2)
     */
    public record Recipient(String address, Set<Notify> notifyOn, Optional<String> orcpt) {

        public Recipient {
            requireNonNull(address, "address");
            notifyOn = Set.copyOf(notifyOn);
            requireNonNull(orcpt, "orcpt");
        }

        public static Recipient of(String address) {
            return new Recipient(address, Set.of(), Optional.empty());
        }
    }

    /** When the recipient's sender wants a DSN; {@link #NEVER} silences the others. */
    public enum Notify {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    /** How much of the message a failure DSN carries. */
    public enum Ret {
        FULL,
        HDRS
    }
}
