/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.reason.ReasonClass;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.queue.RecipientRecord;
import org.jamesoutgoing.smtp.TransactionStage;

/**
 * What came of one recipient in one attempt.
 *
 * @param status RFC 3463 code; its class agrees with the verdict
 * @param reply the remote reply as one line, if one decided
 * @param code its three digits
 * @param asked the host that was tried last, reached or not: name, and address if one was tried
 * @param host the same, if there was a connection to it: the Remote-MTA (RFC 3464 §2.3.5)
 * @param stage how far the mail came at that host; empty when none was asked
 * @param reason one plain line, the reply or the trouble
 */
public record Outcome(
        MailAddress recipient,
        Verdict verdict,
        String status,
        Optional<String> reply,
        Optional<Integer> code,
        Optional<String> asked,
        Optional<String> host,
        Optional<TransactionStage> stage,
        String reason) {

    public enum Verdict {
        ACCEPTED,
        DEFERRED,
        FAILED
    }

    /** An outcome that no remote host decided. */
    public static Outcome local(MailAddress recipient, Verdict verdict, String status, String reason) {
        return new Outcome(
                recipient,
                verdict,
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                reason);
    }

    /** The recipient is still deferred, as it was when it was tried last. */
    static Outcome stillDeferred(Notification.Told last) {
        return new Outcome(
                last.recipient(),
                Verdict.DEFERRED,
                last.status(),
                last.reply(),
                last.code(),
                last.host(),
                last.host(),
                Optional.empty(),
                last.reason());
    }

    /** As it is remembered on the mail. */
    RecipientRecord record(Instant at) {
        return new RecipientRecord(verdict.name().toLowerCase(Locale.ROOT), told(at, verdict == Verdict.FAILED));
    }

    /** Why it was not accepted. */
    public ReasonClass reasonClass() {
        ReasonClass said = ReasonClass.of(status, reply, reason);
        boolean early = stage.filter(at -> at == TransactionStage.GREETING || at == TransactionStage.EHLO)
                .isPresent();
        return early && said.isVague() ? ReasonClass.GREETING : said;
    }

    /**
     * Told when this was the last one: RFC 3463 §3.5 has a code of its own for mail whose time is up.
     *
     * @param attempted whether the status is that of an attempt
     */
    Notification.Told expired(String why, boolean attempted, Instant at) {
        Optional<String> last = attempted ? Optional.of(status) : Optional.empty();
        return new Notification.Told(recipient, "5.4.7", last, reply, host, code, why + "; last: " + reason, false, at);
    }

    Notification.Told told(Instant at, boolean permanent) {
        return new Notification.Told(recipient, status, Optional.empty(), reply, host, code, reason, permanent, at);
    }
}
