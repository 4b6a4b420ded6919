/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.reason;

import java.util.Locale;
import java.util.Optional;

/**
 * Why mail is not delivered, in as few classes as a graph can show: the {@link Diagnosis} that failure messages explain, made
 * coarser. Their names are part of metrics' names and of log lines, and stay.
 */
public enum ReasonClass {
    /** The domain does not exist, has no mail server, or DNS does not answer. */
    DNS,
    /** No connection to any of its hosts. */
    CONNECT,
    /** The connection was lost, or the host said nothing in time, or something that is no SMTP. */
    CONNECTION_LOST,
    /** TLS failed, or one side requires it and the other does not offer it. */
    TLS,
    /** The host sent us away before it heard of any mail, and did not say why in words that are known. */
    GREETING,
    /** The host wants a password, or another one. */
    AUTH,
    /** There is no such mailbox, or no longer. */
    MAILBOX_UNKNOWN,
    MAILBOX_FULL,
    /** The message. */
    TOO_LARGE,
    /** Sender or message are not permitted: SPF, DKIM, DMARC, relaying, access lists. */
    POLICY,
    /** Taken for spam or dangerous, or our address is blocked. */
    SPAM,
    GREYLISTED,
    /** Too many mails, connections or recipients at a time. */
    RATE_LIMITED,
    LOOP,
    /** The host lacks an extension that this message needs. */
    UNSUPPORTED,
    /** Trouble of the host's own. */
    REMOTE,
    /** Trouble of this server, or its administrator's decision. */
    LOCAL,
    /** Words and codes that tell nothing. */
    OTHER;

    /** @param detail the reply again, or what went wrong without one */
    public static ReasonClass of(String status, Optional<String> reply, String detail) {
        return of(Diagnosis.of(status, reply, detail).cause());
    }

    private static ReasonClass of(Cause cause) {
        return switch (cause) {
            case NO_SUCH_DOMAIN, NO_MAIL_SERVER, NO_MAIL_ACCEPTED, DNS_TROUBLE -> DNS;
            case UNREACHABLE -> CONNECT;
            case CONNECTION_LOST -> CONNECTION_LOST;
            case TLS_REQUIRED, TLS_FAILED -> TLS;
            case AUTHENTICATION_NEEDED -> AUTH;
            case NO_SUCH_MAILBOX, MAILBOX_DISABLED, MOVED, BAD_ADDRESS -> MAILBOX_UNKNOWN;
            case MAILBOX_FULL -> MAILBOX_FULL;
            case TOO_LARGE -> TOO_LARGE;
            case SENDER_NOT_AUTHENTICATED, SENDER_REJECTED, NOT_PERMITTED, RELAY_DENIED -> POLICY;
            case SPAM, BLOCKED, DANGEROUS_CONTENT -> SPAM;
            case GREYLISTED -> GREYLISTED;
            case RATE_LIMITED, TOO_MANY_RECIPIENTS -> RATE_LIMITED;
            case LOOP -> LOOP;
            case NOT_CONVERTIBLE, NEEDS_SMTPUTF8 -> UNSUPPORTED;
            case REMOTE_TROUBLE -> REMOTE;
            case OWN_TROUBLE, QUEUE_FULL -> LOCAL;
            case REFUSED, EXPIRED, OTHER -> OTHER;
        };
    }

    /** Whether only codes spoke: where it happened may say more. */
    public boolean isVague() {
        return this == REMOTE || this == OTHER;
    }

    /** {@code mailbox-unknown}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
