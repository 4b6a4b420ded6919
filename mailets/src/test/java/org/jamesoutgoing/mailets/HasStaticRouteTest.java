/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMatcherConfig;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.service.RouteRegistry;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.store.MemoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HasStaticRouteTest {

    private final RouteRegistry routes = new RouteRegistry(
            new MemoryStore<>("route"),
            List.of(
                    route("*", Map.of("queueLifetime", "3d")),
                    route("exact.test", Map.of("mode", "independent")),
                    route("*.wild.test", Map.of("mode", "independent")),
                    route("b\u00fccher.test", Map.of("mode", "independent"))));

    @Test
    void withoutConditionEveryStaticRouteMatchesButTheDefault() throws Exception {
        assertThat(match("", "a@exact.test", "b@EXACT.test", "c@sub.wild.test", "d@XN--BCHER-KVA.test"))
                .hasSize(4);
        assertThat(match("", "a@other.test", "b@wild.test", "c@sub.exact.test")).isEmpty();
        assertThat(match(null, "a@exact.test")).hasSize(1);
    }

    @Test
    void recipientsMatchOneByOne() throws Exception {
        assertThat(match("", "a@exact.test", "b@other.test")).containsExactly(new MailAddress("a@exact.test"));
    }

    @Test
    void aListNamesTheDomainsThatCount() throws Exception {
        String list = "EXACT.test, sub.wild.test,b\u00fccher.test, other.test";
        assertThat(match(list, "a@exact.test", "b@sub.wild.test", "c@sub2.wild.test", "d@xn--bcher-kva.test"))
                .containsExactlyInAnyOrder(
                        new MailAddress("a@exact.test"),
                        new MailAddress("b@sub.wild.test"),
                        new MailAddress("d@xn--bcher-kva.test"));
        assertThat(match(list, "a@other.test")).as("no static route").isEmpty();
        assertThat(match("wild.test", "a@sub.wild.test")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact.test,,other.test", "exact test", "*.wild.test", "user@exact.test", ","})
    void aConditionThatIsNoneOfTheThreeStopsTheStart(String condition) {
        assertThatThrownBy(() -> match(condition, "a@exact.test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("HasStaticRoute: the condition '" + condition + "' has the domain '")
                .hasMessageEndingWith("; allowed: nothing, backup, or domains separated by commas");
    }

    private Collection<MailAddress> match(String condition, String... recipients) throws Exception {
        HasStaticRoute matcher = new HasStaticRoute(routes, null);
        matcher.init(FakeMatcherConfig.builder()
                .matcherName("HasStaticRoute")
                .condition(condition)
                .build());
        return matcher.match(
                FakeMail.builder().name("mail").recipients(recipients).build());
    }

    private static StaticRoute route(String name, Map<String, String> options) {
        return new StaticRoute(RouteName.parse(name), Origin.FILE, OptionValues.of(options));
    }
}
