/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What became of one recipient at one host.
 *
 * @param recipient the address as in the envelope
 * @param outcome what to do next
 * @param stage how far the mail had come for this recipient
 * @param reply the host's reply that decided, when a reply did
 * @param status our RFC 3463 code, when we decided, or took the reply for another outcome, and there is one that says why
 * @param detail why, in one printable line, never empty
 * @param remote the address that answered, or that was tried last
 */
public record RecipientResult(
        String recipient,
        HostOutcome outcome,
        TransactionStage stage,
        Optional<Reply> reply,
        Optional<String> status,
        String detail,
        Optional<InetSocketAddress> remote) {

    public RecipientResult {
        requireNonNull(recipient, "recipient");
        requireNonNull(outcome, "outcome");
        requireNonNull(stage, "stage");
        requireNonNull(reply, "reply");
        requireNonNull(status, "status");
        requireNonNull(remote, "remote");
        detail = PrintableText.line(detail).strip();
        if (detail.isEmpty()) {
            detail = outcome + " at " + stage;
        }
    }
}
