/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.queue.Notice;

/**
 * What came of one recipient in one attempt.
 *
 * @param status RFC 3463 code; its class agrees with the verdict
 * @param reply the remote reply as one line, if one decided
 * @param code its three digits
 * @param asked the host that was tried last, reached or not: name, and address if one was tried
 * @param host the same, if there was a connection to it: the Remote-MTA (RFC 3464 §2.3.5)
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
        String reason) {

    public enum Verdict {
        ACCEPTED,
        DEFERRED,
        FAILED
    }

    /** An outcome that no remote host decided. */
    static Outcome local(MailAddress recipient, Verdict verdict, String status, String reason) {
        return new Outcome(
                recipient,
                verdict,
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                reason);
    }

    Outcome expired(String why) {
        return new Outcome(recipient, Verdict.FAILED, "5.4.7", reply, code, asked, host, why + "; last: " + reason);
    }

    Notice.Told told(Instant at, boolean permanent) {
        return new Notice.Told(recipient, status, reply, host, code, reason, permanent, at);
    }
}
