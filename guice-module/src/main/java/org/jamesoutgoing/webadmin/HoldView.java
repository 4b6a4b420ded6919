/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.queue.Hold;

/**
 * Why a mail, a next hop or a whole service stands still.
 *
 * @param since absent: since James was started
 * @param until absent: until somebody says so
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record HoldView(String reason, Optional<Instant> since, Optional<Instant> until) {

    static HoldView of(Hold hold) {
        return new HoldView(hold.reason(), Optional.of(hold.since()), hold.until());
    }

    static HoldView of(Suspension suspension) {
        return new HoldView(
                suspension.reason(),
                Optional.of(suspension.since()).filter(since -> since.isAfter(Instant.EPOCH)),
                suspension.until());
    }
}
