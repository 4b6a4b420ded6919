/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/** What came of one recipient at one host, reduced to what the caller does next. */
public enum HostOutcome {
    /** The host took responsibility: a 2xx to the recipient and a 2xx to the message. */
    ACCEPTED,
    /** Not now, not here: offer the recipient to the next host, and if none takes it, try again later. */
    DEFERRED,
    /** Final for this recipient: no other host is asked. */
    FAILED,
    /**
     * This host cannot take this mail: it is over the host's SIZE, needs SMTPUTF8, or is 8-bit, cannot be converted, and
     * the host offers no 8BITMIME. Another host may take it; if none does, that is final.
     */
    UNSUITABLE
}
