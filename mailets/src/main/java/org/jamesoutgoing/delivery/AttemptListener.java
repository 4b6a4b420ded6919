/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.MailState;

/** Is told of every attempt, for logs and metrics. Must neither block nor throw; called by several threads. */
public interface AttemptListener {

    default Timing started() {
        return () -> {};
    }

    /**
     * @param state with this attempt written down
     * @param report without {@link AttemptReport#attempted()}: nothing was tried now, but time passed, and was perhaps up
     * @param nextAttempt when the deferred recipients are tried again; empty when none is left
     */
    void finished(Mail mail, MailState state, AttemptReport report, Optional<Instant> nextAttempt);

    /** The clock of one attempt. */
    interface Timing {
        void stop();
    }

    /** Tells them all, in this order. */
    static AttemptListener all(List<AttemptListener> listeners) {
        return new AttemptListener() {
            @Override
            public Timing started() {
                List<Timing> timings =
                        listeners.stream().map(AttemptListener::started).toList();
                return () -> timings.forEach(Timing::stop);
            }

            @Override
            public void finished(Mail mail, MailState state, AttemptReport report, Optional<Instant> nextAttempt) {
                listeners.forEach(listener -> listener.finished(mail, state, report, nextAttempt));
            }
        };
    }
}
