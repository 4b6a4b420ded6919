/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.util.Optional;

/** What a change of a {@link VersionedStore} wants to find under the name it is about. */
public sealed interface Expectation {
    /** Whatever there is. */
    record Any() implements Expectation {}

    /** Nothing of this name. */
    record Nothing() implements Expectation {}

    /** What was there then, unchanged. */
    record Revision(long number) implements Expectation {}

    /** Whether it is met. */
    default boolean isMetBy(Optional<? extends VersionedValue<?>> found) {
        if (this instanceof Revision revision) {
            return found.isPresent() && found.get().revision() == revision.number();
        }
        return this instanceof Any || found.isEmpty();
    }
}
