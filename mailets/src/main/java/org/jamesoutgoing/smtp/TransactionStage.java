/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Locale;

/** How far a mail had come when the host answered, or when the connection was lost; in the order of RFC 5321. */
public enum TransactionStage {
    /** Refused by this client before anything was sent, or trouble with the message's own source. */
    LOCAL,
    /** Opening the TCP connection, or waiting for one of the pool. */
    CONNECT,
    /** {@code STARTTLS} or the TLS handshake (RFC 3207, RFC 8314). */
    TLS,
    /** The greeting (RFC 5321 §3.1). */
    GREETING,
    /** {@code EHLO} or {@code HELO}. */
    EHLO,
    /** {@code AUTH} (RFC 4954). */
    AUTH,
    /** {@code MAIL FROM}. */
    MAIL,
    /** {@code RCPT TO}. */
    RCPT,
    /** {@code DATA}: before the first octet of the message. */
    DATA,
    /** The message is being sent. */
    BODY,
    /** The final dot, or {@code BDAT … LAST}: the moment at which responsibility changes hands (RFC 5321 §6.1). */
    END_OF_DATA;

    /** {@code end-of-data}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
