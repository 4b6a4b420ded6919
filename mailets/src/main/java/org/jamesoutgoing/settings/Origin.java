/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.settings;

/** Where the value of an option comes from. */
public enum Origin {
    /** Nobody gave one. */
    BUILT_IN,
    /** A parameter of the {@code OutgoingDelivery} mailet. */
    MAILET,
    /** {@code outgoing-routes.xml}. */
    FILE,
    /** Webadmin, kept in the route store. */
    RUNTIME
}
