/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

/** The routes of one moment. Immutable as far as anybody can see; thread-safe. */
public interface Routes {

    /** The route of a domain, in any spelling of it. */
    Route of(String domain);
}
