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
 * Why a mail in the waiting room is not to be tried at all. Its queue lifetime goes on.
 *
 * @param reason one line
 * @param until when it is released by itself, if ever
 */
public record Hold(Kind kind, String reason, Instant since, Optional<Instant> until) {

    public Hold {
        since = since.truncatedTo(ChronoUnit.MILLIS);
        until = until.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
    }

    public enum Kind {
        /** Somebody wants it so. */
        HELD(QueueState.HELD),
        /** The queue was full when it came. */
        OVERFLOW(QueueState.OVERFLOW);

        private final QueueState state;

        Kind(QueueState state) {
            this.state = state;
        }
    }

    /** The state of a mail with this hold. */
    public QueueState state() {
        return kind.state;
    }

    /** Whether it is in force at this time. */
    public boolean isOn(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }

    /** When it ends by itself; {@link Instant#MAX} for never. */
    public Instant end() {
        return until.orElse(Instant.MAX);
    }
}
