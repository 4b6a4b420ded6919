/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;


/** What is known of a next hop, from what came of the attempts: decides how much of what all lanes share its lane may have. */
enum Standing {
    /** No attempt has come back yet. */
    NEW,
    /** The last attempt reached a host. */
    ANSWERING,
    /** The last attempt reached none, or was given up before a host said anything. */
    SILENT
}
