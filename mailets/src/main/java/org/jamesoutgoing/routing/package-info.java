/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * Routes: everything that says how mail for a domain is delivered, and which next hop that comes to.
 *
 * <p>Start reading at {@link org.jamesoutgoing.routing.Route} (the settings as a value),
 * {@link org.jamesoutgoing.routing.RoutingTable} (which route a domain has) and
 * {@link org.jamesoutgoing.routing.RouteResolver} (route and domain to next hop and hosts, over DNS where it must).
 *
 * <p>Uses {@code dsn.template}, {@code dns}, {@code smtp} and {@code settings}; knows nothing of queues and mails.
 */
package org.jamesoutgoing.routing;
