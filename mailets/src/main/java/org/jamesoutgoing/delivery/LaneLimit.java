/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;


/** Why a lane may have as many mails under way as it may. */
public enum LaneLimit {
    /** It begins with so many. */
    INITIAL,
    /** Its hosts have taken mail, so they are trusted with more. */
    GROWN,
    /** A host of it could not be reached, so it has less. */
    CUT,
    /** Its route allows no more connections; some mails more than those, so that none waits between two mails. */
    ROUTE,
    /** No host of it could be reached lately: one mail at a time finds out whether that has changed. */
    PROBE
}
