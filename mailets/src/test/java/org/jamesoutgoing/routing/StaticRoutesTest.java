/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticRoutesTest {

    private static StaticRoute route(Origin origin, String name, String... options) {
        Map<String, String> texts = options.length == 0 ? Map.of() : Map.of(options[0], options[1]);
        return new StaticRoute(RouteName.parse(name), origin, OptionValues.of(texts));
    }

    private static StaticRoutes routes(String... names) {
        return StaticRoutes.of(
                Arrays.stream(names).map(name -> route(Origin.FILE, name)).toList(), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "example.com,                  example.com",
        "EXAMPLE.com.,                 example.com",
        "sales.example.com,            sales.example.com",
        "other.example.com,            *.example.com",
        "a.sales.example.com,          *.example.com",
        "a.b.c.example.com,            *.example.com",
        "a.deep.example.com,           *.deep.example.com",
        "a.b.deep.example.com,         *.deep.example.com",
        "deep.example.com,             *.example.com",
        "notexample.com,               *",
        "com,                          *",
        "münchen.example,              xn--mnchen-3ya.example",
        "xn--mnchen-3ya.example,       xn--mnchen-3ya.example",
        "post.MÜNCHEN.example,         *.xn--mnchen-3ya.example",
        "192.0.2.1,                    *",
        "[192.0.2.1],                  *",
        "no..domain,                   *",
        "'',                           *"
    })
    void theMostSpecificRouteCounts(String domain, String name) {
        StaticRoutes routes = routes(
                "example.com",
                "sales.example.com",
                "*.example.com",
                "*.deep.example.com",
                "münchen.example",
                "*.münchen.example",
                "*");
        assertThat(routes.match(domain).text()).isEqualTo(name);
    }

    @Test
    void aWildcardIsNotForTheDomainItself() {
        assertThat(routes("*.example.com").match("example.com")).isEqualTo(RouteName.DEFAULT);
    }

    @Test
    void withoutAnyRouteEveryDomainHasTheDefaultOne() {
        assertThat(StaticRoutes.NONE.match("a.example.com")).isEqualTo(RouteName.DEFAULT);
        assertThat(StaticRoutes.NONE.get(RouteName.DEFAULT)).isEmpty();
    }

    @Test
    void atEqualNamesTheRunTimeRouteCountsAsAWhole() {
        StaticRoutes routes = StaticRoutes.of(
                List.of(route(Origin.FILE, "a.example", "queueLifetime", "1d"), route(Origin.FILE, "b.example")),
                List.of(route(Origin.RUNTIME, "A.example", "suspended", "true"), route(Origin.RUNTIME, "c.example")));
        assertThat(routes.get(RouteName.parse("a.example")))
                .contains(route(Origin.RUNTIME, "a.example", "suspended", "true"));
        assertThat(routes.all()).hasSize(3);
    }
}
