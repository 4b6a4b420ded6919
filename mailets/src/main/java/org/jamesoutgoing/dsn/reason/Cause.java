/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.reason;

import java.util.Locale;

/** Why a message was not delivered, as far as it makes a difference to its sender. The words are in the phrase book. */
public enum Cause {
    NO_SUCH_MAILBOX,
    MAILBOX_DISABLED,
    MAILBOX_FULL,
    MOVED,
    BAD_ADDRESS,
    NO_SUCH_DOMAIN,
    NO_MAIL_SERVER,
    NO_MAIL_ACCEPTED,
    DNS_TROUBLE,
    UNREACHABLE,
    CONNECTION_LOST,
    TOO_LARGE,
    TOO_MANY_RECIPIENTS,
    SPAM,
    BLOCKED,
    DANGEROUS_CONTENT,
    SENDER_NOT_AUTHENTICATED,
    SENDER_REJECTED,
    NOT_PERMITTED,
    RELAY_DENIED,
    AUTHENTICATION_NEEDED,
    TLS_REQUIRED,
    TLS_FAILED,
    GREYLISTED,
    RATE_LIMITED,
    LOOP,
    NOT_CONVERTIBLE,
    NEEDS_SMTPUTF8,
    REMOTE_TROUBLE,
    OWN_TROUBLE,
    QUEUE_FULL,
    REFUSED,
    EXPIRED,
    OTHER;

    /** In a phrase book, before {@code .reason} and {@code .advice}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
