/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

/** The tests' store does what the real one does. */
class MemoryStoreTest extends VersionedStoreContract {

    private final MemoryStore<String, String> store = new MemoryStore<>("sample");

    @Override
    VersionedStore<String, String> open() {
        return store;
    }
}
