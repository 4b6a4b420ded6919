/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.store.VersionedValue;

/**
 * A static route as it was written, without its secrets.
 *
 * @param origin {@code file} or {@code runtime}
 * @param revision what its ETag says; of a run-time route
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record RouteView(String domain, String origin, Optional<Long> revision, Map<String, String> options) {

    static RouteView of(StaticRoute route, Optional<VersionedValue<OptionValues>> stored) {
        return new RouteView(
                route.name().text(),
                ValueType.spelling(route.origin()),
                stored.map(VersionedValue::revision),
                route.values().shown());
    }
}
