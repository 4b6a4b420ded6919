/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Optional;

/**
 * Why nothing is delivered, to somewhere or at all.
 *
 * @param reason one line
 * @param until when it ends by itself, if ever
 */
public record Suspension(String reason, Instant since, Optional<Instant> until) {

    public boolean isOn(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }
}
