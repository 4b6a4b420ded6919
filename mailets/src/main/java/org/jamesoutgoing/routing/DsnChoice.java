/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

/** Kinds of delivery status notification (RFC 3464) that a route sends or does not send. */
public enum DsnChoice {
    /** The mail was refused, or was not delivered within its lifetime. */
    FAILURE,
    /** The mail still waits. */
    DELAY,
    /** The mail was passed on to a server that sends no DSNs of its own ({@code relayed}, RFC 3461 §5.2.2). */
    SUCCESS
}
