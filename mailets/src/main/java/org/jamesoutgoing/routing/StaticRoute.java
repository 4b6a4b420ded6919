/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static java.util.Objects.requireNonNull;

import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;

/**
 * What an administrator wrote for one domain, for the domains below one, or for everything: the options it sets. What it
 * leaves out comes from the default route.
 *
 * @param origin {@link Origin#FILE} or {@link Origin#RUNTIME}
 */
public record StaticRoute(RouteName name, Origin origin, OptionValues values) {

    /** @throws OptionException when the route may not set one of the options, or two of them contradict each other */
    public StaticRoute {
        requireNonNull(origin, "origin");
        check(name, values);
    }

    /** What is wrong with options whatever they inherit. */
    private static void check(RouteName name, OptionValues values) {
        for (RouteOption<?> option : RouteOptions.all()) {
            if (values.has(option) && option.scope() == RouteOption.Scope.ONE_DOMAIN && !name.isOneDomain()) {
                throw OptionException.of(
                        option.name(), "is given for " + name + "; allowed: in the route of one domain only");
            }
        }
        boolean independent = values.get(RouteOptions.MODE)
                .filter(mode -> mode == RouteOptions.Mode.INDEPENDENT)
                .isPresent();
        if (independent && values.has(RouteOptions.RELAY_HOSTS)) {
            throw RouteAssembler.modeAndHosts("independent");
        }
    }
}
