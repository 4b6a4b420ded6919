/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whether something is healthy, and what speaks against it.
 *
 * @param findings the worst first; empty: nothing is wrong
 */
public record ServiceHealth(List<Finding> findings) {

    /** From good to bad. */
    public enum Level {
        HEALTHY,
        /** It works, and somebody should look at it. */
        DEGRADED,
        /** It does not do what it is there for. */
        UNHEALTHY
    }

    /** @param cause a few words, in one line */
    public record Finding(Level level, String cause) {

        private static final int MAX = 300;

        public Finding {
            String clean = cause.replaceAll("\\p{Cntrl}+", " ");
            cause = clean.length() > MAX ? clean.substring(0, MAX) + "…" : clean;
        }

        public static Finding degraded(String cause) {
            return new Finding(Level.DEGRADED, cause);
        }

        public static Finding unhealthy(String cause) {
            return new Finding(Level.UNHEALTHY, cause);
        }
    }

    public ServiceHealth {
        List<Finding> worstFirst = new ArrayList<>(findings);
        worstFirst.sort(Comparator.comparing(Finding::level).reversed());
        findings = List.copyOf(worstFirst);
    }

    public Level level() {
        return findings.isEmpty() ? Level.HEALTHY : findings.get(0).level();
    }
}
