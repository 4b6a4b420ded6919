/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;

/**
 * What is only known by looking at every mail.
 *
 * @param oldest the mail that was accepted first
 * @param reasons why mails are deferred, the most frequent ones first
 */
public record QueueSummary(Optional<ListedMail> oldest, List<Reason> reasons) {

    private static final int MAX_REASONS = 10;

    /** @param reason with {@code #} for numbers and identifiers and {@code address} for addresses, so that equal ones are one */
    public record Reason(String reason, long mails) {}

    static QueueSummary of(Stream<ListedMail> mails) {
        ListedMail oldest = null;
        ReasonTally reasons = new ReasonTally();
        for (ListedMail mail : (Iterable<ListedMail>) mails::iterator) {
            if (oldest == null || mail.acceptedAt().isBefore(oldest.acceptedAt())) {
                oldest = mail;
            }
            if (mail.state() == QueueState.DEFERRED) {
                reasons.add(mail.reason());
            }
        }
        return new QueueSummary(Optional.ofNullable(oldest), reasons.top(MAX_REASONS));
    }
}
