/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import org.apache.mailet.base.test.FakeMailetConfig;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.service.ServiceSettings;

/** What becomes of parameters. */
public final class Read {

    private Read() {}

    /** @param namesAndValues name, value, name, value, … */
    static FakeMailetConfig config(String... namesAndValues) {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            config.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return config.build();
    }

    static ServiceSettings settings(String... namesAndValues) {
        return SettingsReader.read(config(namesAndValues), "default.example");
    }

    public static Route route(String... namesAndValues) {
        ServiceSettings settings = settings(namesAndValues);
        return new LayeredRoutes(
                        new RouteAssembler(), settings.defaultRoute(), settings.defaultHeloName(), StaticRoutes.NONE)
                .of(RouteName.DEFAULT);
    }

    static AbstractThrowableAssert<?, ?> refused(String... namesAndValues) {
        return Assertions.assertThatThrownBy(() -> settings(namesAndValues))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> Assertions.assertThat(e.getMessage()).doesNotContain("\n", "\r"));
    }
}
