/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.dns.DomainNames;

/** The static routes of one moment, from the file and from the run-time store. Immutable. */
public final class StaticRoutes {

    public static final StaticRoutes NONE = of(List.of(), List.of());

    private final Map<RouteName, StaticRoute> byName;
    private final boolean wildcards;

    private StaticRoutes(Map<RouteName, StaticRoute> byName) {
        this.byName = byName;
        this.wildcards = byName.keySet().stream().anyMatch(RouteName::isWildcard);
    }

    /** At equal names, the one from the run-time store counts, as a whole. */
    public static StaticRoutes of(Collection<StaticRoute> file, Collection<StaticRoute> runtime) {
        Map<RouteName, StaticRoute> all = new HashMap<>(2 * (file.size() + runtime.size()));
        file.forEach(route -> all.put(route.name(), route));
        runtime.forEach(route -> all.put(route.name(), route));
        return new StaticRoutes(all);
    }

    public Optional<StaticRoute> get(RouteName name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<StaticRoute> all() {
        return List.copyOf(byName.values());
    }

    /** The name of the route that a domain has: its own, else the longest wildcard that fits, else the default. */
    public RouteName match(String domain) {
        Optional<String> canonical = DomainNames.canonical(domain);
        return canonical.isEmpty() ? RouteName.DEFAULT : matchCanonical(canonical.get());
    }

    private RouteName matchCanonical(String domain) {
        RouteName exact = new RouteName(domain);
        if (byName.containsKey(exact)) {
            return exact;
        }
        for (int dot = domain.indexOf('.'); wildcards && dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            RouteName below = RouteName.below(domain.substring(dot + 1));
            if (byName.containsKey(below)) {
                return below;
            }
        }
        return RouteName.DEFAULT;
    }
}
