/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody may have meant who wrote a name that does not exist. */
public final class NearestName {

    private static final int NEAR = 4;

    private NearestName() {}

    /** The rest of a sentence about the unknown name: the nearest known one, or where all of them are listed. */
    public static String suggestion(String name, Collection<String> known) {
        return nearest(name, known)
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("; the settings reference of James Outgoing (conf/README.md) lists what there is");
    }

    /** The known name that was probably meant, if any is near enough. */
    static Optional<String> nearest(String name, Collection<String> known) {
        int near = Math.min(NEAR, (name.length() + 1) / 2);
        return known.stream()
                .min(Comparator.comparing(candidate -> distance(name, candidate)))
                .filter(candidate -> distance(name, candidate) <= near);
    }

    /** In keystrokes; a beginning is as near as can be. */
    private static int distance(String name, String candidate) {
        String lower = name.toLowerCase(Locale.ROOT);
        String lowerCandidate = candidate.toLowerCase(Locale.ROOT);
        return lowerCandidate.startsWith(lower) ? 0 : new LevenshteinDistance().apply(lower, lowerCandidate);
    }
}
