/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.util.Locale;

/** Where a mail of the service is. Every mail is in exactly one state. */
public enum QueueState {
    /** In the outgoing queue. */
    QUEUED,
    /** Taken, and being delivered. */
    ACTIVE,
    /** In the waiting room, due later. */
    DEFERRED,
    /** In the waiting room, until somebody releases it. */
    HELD,
    /** In the waiting room because the queue was full when it came: not admitted yet, and counted by no limit. */
    OVERFLOW;

    /** As administrators read and write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
