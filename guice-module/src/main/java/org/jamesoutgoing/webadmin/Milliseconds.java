/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.time.Duration;

/** How long something took, for people: in milliseconds with one decimal. */
final class Milliseconds {

    private Milliseconds() {}

    static double of(Duration took) {
        return Math.round(took.toNanos() / 1e5) / 10.0;
    }
}
