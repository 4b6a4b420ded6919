/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.settings.Origin;

/** Puts options in the places where they can be given, to see what becomes of them. */
final class Layers {

    static final RouteName SALES = RouteName.parse("sales.example.com");
    static final String HELO = "james.example";

    private final RouteAssembler assembler;
    private final List<StaticRoute> file = new ArrayList<>();
    private final List<StaticRoute> runtime = new ArrayList<>();
    private Map<String, String> mailet = Map.of();

    Layers() {
        this(new RouteAssembler());
    }

    /** Routes of one assembler can be compared: they share TLS contexts. */
    Layers(RouteAssembler assembler) {
        this.assembler = assembler;
    }

    Layers mailet(Map<String, String> options) {
        mailet = options;
        return this;
    }

    Layers file(String name, Map<String, String> options) {
        file.add(new StaticRoute(RouteName.parse(name), Origin.FILE, OptionValues.of(options)));
        return this;
    }

    Layers runtime(String name, Map<String, String> options) {
        runtime.add(new StaticRoute(RouteName.parse(name), Origin.RUNTIME, OptionValues.of(options)));
        return this;
    }

    LayeredRoutes routes() {
        return new LayeredRoutes(assembler, OptionValues.of(mailet), HELO, StaticRoutes.of(file, runtime));
    }

    /** The route of a domain, without its name. */
    Route of(String domain) {
        return routes().of(domain).anonymous();
    }

    Route ofSales() {
        return of(SALES.text());
    }

    LayeredRoutes.Shown shown(RouteName name, RouteOption<?> option) {
        return routes().effective(name).get(option.name());
    }
}
