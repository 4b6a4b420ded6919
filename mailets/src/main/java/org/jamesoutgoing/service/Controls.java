/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.delivery.Suspensions;
import org.jamesoutgoing.queue.QueueLimits;

/** What an administrator changes while a service runs, its routes aside: how much it takes, and what it does not deliver. */
public record Controls(QueueLimits limits, Suspensions suspensions) {

    public static Controls of(QueueLimits limits) {
        return new Controls(limits, Suspensions.NONE);
    }

    /** The same, with the whole service suspended until it is resumed. */
    public Controls suspended(String reason) {
        Suspension suspension = new Suspension(reason, Instant.EPOCH, Optional.empty());
        return new Controls(limits, new Suspensions(Optional.of(suspension), Map.of(), Map.of()));
    }
}
