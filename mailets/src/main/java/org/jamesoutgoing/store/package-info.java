/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * A store of named values that administrators change while James runs: routes, templates, and whatever else must survive a
 * restart and be changed by one process or several without one undoing what another did.
 *
 * <p>Start reading at {@link org.jamesoutgoing.store.LiveStore} (what counts now, and how it changes),
 * {@link org.jamesoutgoing.store.VersionedStore} (what keeps it) and {@link org.jamesoutgoing.store.JsonStore} (how, in a
 * file). To keep another kind of value, write a {@link org.jamesoutgoing.store.Codec}, and no more.
 *
 * <p>Uses no other package of this project.
 */
package org.jamesoutgoing.store;
