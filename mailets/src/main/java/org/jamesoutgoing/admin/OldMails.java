/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueLedger;

/**
 * The oldest mail, and the one that is nearest to the end of its queue lifetime. Looks at every mail, and not more than once
 * in ten seconds, however often it is asked. Thread-safe.
 */
public final class OldMails {

    private static final Duration KEPT = Duration.ofSeconds(10);

    private final QueueLedger ledger;
    private final QueueView view;
    private final LongSupplier nanoTime;
    /** Null: never looked. Guarded by this. */
    private Seen seen;

    /** Guarded by the outer this; nanoseconds. */
    private long seenAt;

    /**
     * @param oldest when the mail was accepted that was accepted first
     * @param used the largest share of a queue lifetime that a mail has used, 1 at its end
     * @param nearest the mail that has
     */
    record Seen(Optional<Instant> oldest, double used, Optional<ListedMail> nearest) {}

    /** @param nanoTime a clock that only goes forward, in nanoseconds */
    public OldMails(QueueLedger ledger, QueueView view, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.view = view;
        this.nanoTime = nanoTime;
    }

    /** Seconds since the oldest mail was accepted; 0 without mail. */
    public long oldestAge() {
        return seen().oldest()
                .map(accepted -> Duration.between(accepted, view.now()).toSeconds())
                .map(age -> Math.max(0, age))
                .orElse(0L);
    }

    synchronized Seen seen() {
        long now = nanoTime.getAsLong();
        if (seen == null || now - seenAt > KEPT.toNanos()) {
            seen = look();
            seenAt = now;
        }
        return seen;
    }

    private Seen look() {
        Instant now = view.now();
        Instant oldest = null;
        ListedMail nearest = null;
        double most = 0;
        for (ListedMail mail : ledger.mails("")) {
            Instant accepted = mail.acceptedAt();
            if (oldest == null || accepted.isBefore(oldest)) {
                oldest = accepted;
            }
            double used = share(accepted, view.expiry(mail), now);
            if (used > most) {
                most = used;
                nearest = mail;
            }
        }
        return new Seen(Optional.ofNullable(oldest), most, Optional.ofNullable(nearest));
    }

    private static double share(Instant accepted, Instant expiry, Instant now) {
        double lifetime = Duration.between(accepted, expiry).toMillis();
        double age = Duration.between(accepted, now).toMillis();
        return lifetime <= 0 ? 1 : age / lifetime;
    }
}
