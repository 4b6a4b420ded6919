/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.util.Map;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.store.StoreDamageContract;

class RouteStoreDamageTest extends StoreDamageContract<RouteName, OptionValues> {

    RouteStoreDamageTest() {
        super(
                new RouteCodec(),
                RouteName.parse("sales.example.com"),
                RouteName.parse("*.example.com"),
                OptionValues.of(Map.of(
                        "relayHosts", "mail.sales.example.com, [2001:db8::1]:2525",
                        "gatewayUsername", "jämes \"x\"\\",
                        "gatewayPassword", "hunter2 ✓")),
                OptionValues.of(Map.of("resendDelays", "1h,\n2h", "queueLifetime", "10d")));
    }
}
