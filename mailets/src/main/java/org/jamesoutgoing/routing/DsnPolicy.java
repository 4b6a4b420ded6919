/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jamesoutgoing.settings.ValueType;

/**
 * Who gets a route's DSNs (RFC 3464) of one kind.
 *
 * @param who which senders
 * @param copyToPostmaster whether the postmaster gets a copy, of those that the sender does not get too
 */
public record DsnPolicy(Who who, boolean copyToPostmaster) {

    /** Which senders. Spelled as they are written. */
    public enum Who {
        /** All. */
        ON,
        /** None. */
        OFF,
        /** Those whose address is in one of James's own domains. */
        LOCAL,
        /** Those of whom James knows who they are: the address of any other may be forged. */
        AUTHENTICATED
    }

    /** Every sender, and nobody else. */
    public static final DsnPolicy EVERY_SENDER = new DsnPolicy(Who.ON, false);

    static final String ALLOWED =
            Arrays.stream(Who.values()).map(ValueType::spelling).collect(Collectors.joining(", "))
                    + "; each of them followed by ', postmaster'; or postmaster";

    private static final String POSTMASTER = "postmaster";

    /**
     * Reads {@code local}, or {@code local, postmaster}, or {@code postmaster}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static DsnPolicy parse(String text) {
        List<String> words =
                Arrays.stream(text.split(",", -1)).map(String::trim).toList();
        if (words.size() == 1 && words.get(0).equalsIgnoreCase(POSTMASTER)) {
            return new DsnPolicy(Who.OFF, true);
        }
        boolean copy = words.size() == 2 && words.get(1).equalsIgnoreCase(POSTMASTER);
        if (words.size() > 1 && !copy) {
            throw new IllegalArgumentException();
        }
        return new DsnPolicy(ValueType.choice(Who.class).reader().apply(words.get(0)), copy);
    }

    /** Whether there is anybody who may get one. */
    boolean tellsAnybody() {
        return who != Who.OFF || copyToPostmaster;
    }
}
