/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The REST interface of the service, below {@code /outgoing} in James's webadmin. Start reading at
 * {@link org.jamesoutgoing.webadmin.OutgoingRoutes}, which lists every path. One class a resource; what a resource answers
 * is a record, turned into JSON by James's own transformer.
 *
 * <p>May use {@code service} and what it hands out; nobody uses it.
 */
package org.jamesoutgoing.webadmin;
