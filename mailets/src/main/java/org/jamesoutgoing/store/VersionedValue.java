/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import static java.util.Objects.requireNonNull;

/**
 * What a {@link VersionedStore} holds under one name.
 *
 * @param revision 1 or more; grows with every change of the store, never used twice
 */
public record VersionedValue<V>(V value, long revision) {
    public VersionedValue {
        requireNonNull(value, "value");
    }
}
