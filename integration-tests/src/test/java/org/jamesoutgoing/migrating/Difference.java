/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.util.Set;

/** What is different, and meant: each has its line in README. */
enum Difference {
    FAILURE_MESSAGE("a failure message by RFC 3464", Facet.INBOX);

    private final String inReadme;
    private final Set<Facet> facets;

    Difference(String inReadme, Facet... facets) {
        this.inReadme = inReadme;
        this.facets = Set.of(facets);
    }

    /** Words that stand in the section about migration. */
    String inReadme() {
        return inReadme;
    }

    /** Where it may show; somewhere it must. */
    Set<Facet> facets() {
        return facets;
    }
}
