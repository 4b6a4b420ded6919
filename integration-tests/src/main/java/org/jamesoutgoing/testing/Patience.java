/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.time.Duration;

/** How long is waited for what must happen: it ends a hang, and says nothing of how fast a machine is. */
public final class Patience {

    public static final Duration LIMIT = Duration.ofMinutes(3);

    private Patience() {}
}
