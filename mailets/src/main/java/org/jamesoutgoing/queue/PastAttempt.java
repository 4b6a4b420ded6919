/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One finished attempt, as it is remembered on the mail.
 *
 * @param host name and address of the host that answered last, if one was reached
 * @param tls what protected the connection that was used last, such as {@code TLSv1.3 TLS_AES_256_GCM_SHA384}
 * @param stage how far the mail came there: {@code connect}, {@code rcpt}, {@code end-of-data}
 * @param outcome the recipients' outcomes, {@code accepted}, {@code deferred} or {@code failed}, each once, joined by {@code +}; host,
 *     stage and text are those of the worst
 * @param text the reply or the trouble, one printable line of at most 200 characters
 */
public record PastAttempt(
        Instant at, Optional<String> host, Optional<String> tls, Optional<String> stage, String outcome, String text) {

    private static final int MAX_TEXT = 200;

    public PastAttempt {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        text = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }
}
