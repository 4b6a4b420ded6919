/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.routing.NextHop;

/**
 * A lane as it was at one moment, for people.
 *
 * @param hosts in order of preference
 * @param inLine mails that wait in it
 * @param underWay mails that are being delivered
 * @param mayBeUnderWay how many may be at once
 * @param limit why so many
 * @param unreachable whether no host of it could be reached lately, so that one mail at a time probes it
 * @param restsUntil when the next probe may go; present while it rests
 * @param trouble why the last attempt reached no host; empty when it did
 * @param lastWord what the last attempt ended with, a host's reply or what went wrong; empty before the first one ends
 * @param lastUsed when a mail last came or an attempt last ended
 */
public record LaneState(
        NextHop nextHop,
        List<String> hosts,
        int inLine,
        int underWay,
        int mayBeUnderWay,
        Limit limit,
        boolean unreachable,
        Optional<Instant> restsUntil,
        String trouble,
        String lastWord,
        Instant lastUsed) {

    /** Why a lane may have as many mails under way as it may. */
    public enum Limit {
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
}
