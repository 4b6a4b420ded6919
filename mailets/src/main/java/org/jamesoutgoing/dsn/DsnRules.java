/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.List;
import java.util.Set;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.Mail;

/** Who gets told: what the sender asked for, recipient by recipient (RFC 3461 §4.1). */
public final class DsnRules {
    private DsnRules() {}

    /**
     * The recipients about whom a DSN of this kind is due, in the given order.
     *
     * <ul>
     *   <li>The sender is {@code <>}: nobody. A DSN about a DSN would never end (RFC 5321 §6.1, RFC 3464 §2).
     *   <li>{@code NOTIFY=NEVER}: not this recipient, whatever happened.
     *   <li>No {@code NOTIFY}: failures, and delays too, which RFC 3461 §4.1 leaves to us.
     *   <li>Else exactly the conditions named. Success is told only to those who asked.
     * </ul>
     */
    public static List<RecipientReport> due(DsnKind kind, Mail original, List<RecipientReport> reports) {
        if (original.getMaybeSender().isNullSender()) {
            return List.of();
        }
        Asked asked = Asked.by(original);
        return reports.stream()
                .filter(report -> isDue(kind, asked.notifyOf(report.recipient())))
                .toList();
    }

    private static boolean isDue(DsnKind kind, Set<Notify> notify) {
        return switch (kind) {
            case FAILURE -> notify.isEmpty() || notify.contains(Notify.FAILURE);
            case DELAY -> notify.isEmpty() || notify.contains(Notify.DELAY);
            case SUCCESS -> notify.contains(Notify.SUCCESS);
        };
    }
}
