/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Optional;
import org.jamesoutgoing.queue.MailState;

/** Is told of every attempt, for logs and metrics. Must neither block nor throw; called by several threads. */
public interface AttemptListener {

    Timing started();

    /** @param nextAttempt when the deferred recipients are tried again; empty when none is left */
    void finished(MailState state, AttemptReport report, Optional<Instant> nextAttempt);

    /** The clock of one attempt. */
    interface Timing {
        void stop();
    }
}
