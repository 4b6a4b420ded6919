/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.settings.Origin;

/**
 * What is set for a route in the end: of each option the value of the nearest place that gives one. The places, nearest
 * first: the static route itself; the default route at run time or in the file; the mailet's parameters; what is built in.
 */
final class EffectiveOptions {

    /**
     * One place that gives options.
     *
     * @param from the static route that is the place, if one is
     */
    record Layer(Origin origin, Optional<RouteName> from, OptionValues values) {

        /** What is no static route. */
        Layer(Origin origin, OptionValues values) {
            this(origin, Optional.empty(), values);
        }

        Layer(StaticRoute route) {
            this(route.origin(), Optional.of(route.name()), route.values());
        }
    }

    /**
     * A value and where it was found.
     *
     * @param distance how many nearer places there are
     */
    record Setting<T>(T value, String text, Layer layer, int distance) {

        Origin origin() {
            return layer.origin();
        }
    }

    private final List<Layer> nearestFirst;

    EffectiveOptions(List<Layer> nearestFirst) {
        this.nearestFirst = List.copyOf(nearestFirst);
    }

    <T> Optional<Setting<T>> find(RouteOption<T> option) {
        for (int distance = 0; distance < nearestFirst.size(); distance++) {
            Layer layer = nearestFirst.get(distance);
            if (layer.values().has(option)) {
                return Optional.of(new Setting<>(
                        layer.values().get(option).orElseThrow(),
                        layer.values().text(option).orElseThrow(),
                        layer,
                        distance));
            }
        }
        return Optional.empty();
    }

    <T> Optional<T> get(RouteOption<T> option) {
        return find(option).map(Setting::value);
    }

    /** Of an option that has a built-in value. */
    <T> T require(RouteOption<T> option) {
        return get(option).orElseThrow(() -> new IllegalStateException(option + " has no built-in value"));
    }

    /** How far away an option is given; further than anything where it is not. */
    int distance(RouteOption<?> option) {
        return find(option).map(Setting::distance).orElse(Integer.MAX_VALUE);
    }

    /** The same with one more place, further away than the ones before {@code distance}. */
    EffectiveOptions with(int distance, Layer layer) {
        List<Layer> layers = new ArrayList<>(nearestFirst);
        layers.add(distance, layer);
        return new EffectiveOptions(layers);
    }
}
