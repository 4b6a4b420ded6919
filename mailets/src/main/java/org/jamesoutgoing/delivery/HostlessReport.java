/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.apache.james.core.MailAddress;

/** Reports of mail that no host was asked about. */
final class HostlessReport {

    private HostlessReport() {}

    /** The look-up of its next hop, or somebody, has decided. */
    static AttemptReport decided(ActiveMail mail, Instant at, Outcome.Verdict verdict, String status, String reason) {
        return of(mail, at, true, recipient -> Outcome.local(recipient, verdict, status, reason));
    }

    /** Nothing was tried. */
    static AttemptReport untried(ActiveMail mail, Instant at, String reason) {
        return of(mail, at, false, recipient -> untried(recipient, reason));
    }

    /** Nothing was tried; what was said when it was, stands. */
    static AttemptReport asLastTried(ActiveMail mail, Instant at) {
        return of(mail, at, false, recipient -> mail.state
                .lastSaidOf(recipient)
                .map(record -> Outcome.stillDeferred(record.said()))
                .orElseGet(() -> untried(recipient, mail.lastReason())));
    }

    private static Outcome untried(MailAddress recipient, String reason) {
        return Outcome.local(recipient, Outcome.Verdict.DEFERRED, "4.4.1", reason);
    }

    private static AttemptReport of(
            ActiveMail mail, Instant at, boolean attempted, Function<MailAddress, Outcome> outcome) {
        List<Outcome> outcomes = mail.state.recipients().stream().map(outcome).toList();
        return AttemptReport.withoutHost(at, mail.destination.name(), attempted, mail.dns, outcomes);
    }
}
