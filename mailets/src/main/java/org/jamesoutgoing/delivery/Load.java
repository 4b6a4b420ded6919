/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import org.jamesoutgoing.queue.ListedMail;

/** Mails, and the octets of their messages. */
record Load(int mails, long octets) {

    static final Load NONE = new Load(0, 0);

    static Load of(ListedMail waiting) {
        return new Load(1, Math.max(0, waiting.size()));
    }

    Load plus(Load other) {
        return new Load(mails + other.mails, octets + other.octets);
    }

    Load minus(Load other) {
        return new Load(mails - other.mails, octets - other.octets);
    }
}
