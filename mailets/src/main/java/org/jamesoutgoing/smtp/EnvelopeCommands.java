/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.stream.Collectors;

/**
 * The text of {@code MAIL} and {@code RCPT}, with the parameters that the host has offered to understand.
 *
 * @param dsn whether DSN parameters are sent (RFC 3461)
 * @param requireTls whether REQUIRETLS is sent (RFC 8689)
 */
record EnvelopeCommands(Envelope envelope, Capabilities capabilities, boolean dsn, boolean requireTls) {

    /**
     * RFC 5321 §4.1.1.2.
     *
     * @param size octets, negative: unknown
     */
    String mail(long size, boolean eightBit) {
        StringBuilder line =
                new StringBuilder("MAIL FROM:<").append(envelope.sender()).append('>');
        if (size >= 0 && capabilities.size()) {
            line.append(" SIZE=").append(size);
        }
        if (eightBit && capabilities.eightBitMime()) {
            line.append(" BODY=8BITMIME");
        }
        if (envelope.smtpUtf8()) {
            line.append(" SMTPUTF8");
        }
        if (dsn) {
            envelope.ret().ifPresent(ret -> line.append(" RET=").append(ret));
            envelope.envid().ifPresent(envid -> line.append(" ENVID=").append(envid));
        }
        if (requireTls) {
            line.append(" REQUIRETLS");
        }
        if (capabilities.mtPriority()) {
            envelope.mtPriority()
                    .ifPresent(priority -> line.append(" MT-PRIORITY=").append(priority));
        }
        return line.toString();
    }

    /** RFC 5321 §4.1.1.3. */
    String rcpt(Envelope.Recipient recipient) {
        StringBuilder line =
                new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
        if (dsn) {
            if (!recipient.notifyOn().isEmpty()) {
                line.append(" NOTIFY=").append(notify(recipient));
            }
            recipient.orcpt().ifPresent(orcpt -> line.append(" ORCPT=").append(orcpt));
        }
        return line.toString();
    }

    /** RFC 3461 §4.1: NEVER stands alone. */
    private static String notify(Envelope.Recipient recipient) {
        return recipient.notifyOn().contains(Envelope.Notify.NEVER)
                ? Envelope.Notify.NEVER.name()
                : recipient.notifyOn().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }
}
