/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.routing.Layers.SALES;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.routing.LayeredRoutes.Shown;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;

class LayeredRoutesTest {

    private static final Map<String, String> ONE_DAY = Map.of("queueLifetime", "1d");
    private static final Map<String, String> TWO_DAYS = Map.of("queueLifetime", "2d");

    @Test
    void aDomainHasTheRouteThatIsForIt() {
        Layers layers = new Layers()
                .file("sales.example.com", ONE_DAY)
                .file("*.example.com", TWO_DAYS)
                .runtime("*", Map.of("queueLifetime", "3d"));
        assertThat(layers.of("SALES.example.com.").queueLifetime()).isEqualTo(Duration.ofDays(1));
        assertThat(layers.of("a.sales.example.com").queueLifetime()).isEqualTo(Duration.ofDays(2));
        assertThat(layers.of("example.com").queueLifetime()).isEqualTo(Duration.ofDays(3));
        assertThat(layers.of("192.0.2.1").queueLifetime()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void aSpellingThatWasSeenBeforeHasTheSameRouteAndNewRoutesCountForItToo() {
        LayeredRoutes routes = new Layers().file("münchen.example", ONE_DAY).routes();
        for (int i = 0; i < 2; i++) {
            for (String spelling : List.of("MÜNCHEN.example", "xn--mnchen-3ya.example", "XN--MNCHEN-3YA.example.")) {
                assertThat(routes.of(spelling).queueLifetime()).isEqualTo(Duration.ofDays(1));
                assertThat(routes.with(StaticRoutes.NONE).of(spelling).queueLifetime())
                        .isEqualTo(Duration.ofDays(5));
            }
        }
    }

    @Test
    void aRouteIsCalledWhatItIsFor() {
        LayeredRoutes routes = new Layers().file("*.Example.com", ONE_DAY).routes();
        assertThat(routes.of("a.example.com").name()).isEqualTo("*.example.com");
        assertThat(routes.of("example.com").name()).isEqualTo("*");
    }

    @Test
    void aRouteInheritsFromTheDefaultRouteNotFromAWildcard() {
        Layers layers = new Layers().file("*.example.com", ONE_DAY).file(SALES.text(), Map.of("suspended", "true"));
        assertThat(layers.ofSales().queueLifetime()).isEqualTo(Duration.ofDays(5));
    }

    @Test
    void aRouteIsPutTogetherOnce() {
        LayeredRoutes routes = new Layers().file(SALES.text(), ONE_DAY).routes();
        assertThat(routes.of(SALES.text())).isSameAs(routes.of(SALES));
        assertThat(routes.of("other.example")).isSameAs(routes.of(RouteName.DEFAULT));
    }

    @Test
    void everyValueIsShownWithWhereItComesFrom() {
        Map<String, Shown> effective = new Layers()
                .mailet(Map.of("relayHosts", "relay.example", "gatewayUsername", "james", "gatewayPassword", "hunter2"))
                .file("*", Map.of("maxAttempts", "9", "port", "2525"))
                .runtime(SALES.text(), Map.of("queueLifetime", "10d", "port", "26"))
                .routes()
                .effective(SALES);
        assertThat(effective)
                .containsEntry("queueLifetime", new Shown("10d", Origin.RUNTIME, Optional.of(SALES)))
                .containsEntry("port", new Shown("26", Origin.RUNTIME, Optional.of(SALES)))
                .containsEntry("maxAttempts", new Shown("9", Origin.FILE, Optional.of(RouteName.DEFAULT)))
                .containsEntry("relayHosts", new Shown("relay.example", Origin.MAILET, Optional.empty()))
                .containsEntry("gatewayPassword", new Shown("***", Origin.MAILET, Optional.empty()))
                .containsEntry("heloName", new Shown(Layers.HELO, Origin.BUILT_IN, Optional.empty()))
                .containsEntry("tls", new Shown("opportunistic", Origin.BUILT_IN, Optional.empty()))
                .doesNotContainKey("keyStore");
        List<String> order = RouteOptions.all().stream()
                .map(RouteOption::name)
                .filter(effective::containsKey)
                .toList();
        assertThat(effective.keySet()).containsExactlyElementsOf(order);
    }

    @Test
    void theEffectiveRouteOfADomainWithoutOneIsTheDefaultRoute() {
        assertThat(new Layers().file("*", ONE_DAY).shown(SALES, RouteOptions.QUEUE_LIFETIME))
                .isEqualTo(new Shown("1d", Origin.FILE, Optional.of(RouteName.DEFAULT)));
    }

    @Test
    void aBackupRoutesOwnDefaultIsShown() {
        Layers layers = new Layers().mailet(ONE_DAY).file(SALES.text(), Map.of("backup", "true"));
        assertThat(layers.shown(SALES, RouteOptions.QUEUE_LIFETIME))
                .isEqualTo(new Shown("10d", Origin.BUILT_IN, Optional.empty()));
    }

    @Test
    void aRouteOfTheFileThatDoesNotGoTogetherWithTheMailetIsNamedWithTheFile() {
        LayeredRoutes routes = new Layers()
                .file("good.example", ONE_DAY)
                .file(SALES.text(), Map.of("mode", "relay"))
                .routes();
        assertThatThrownBy(routes::check)
                .isInstanceOf(BadRouteException.class)
                .hasMessage(
                        "outgoing-routes.xml, route 'sales.example.com': 'mode' is 'relay'; allowed: relay together with"
                                + " relayHosts, independent without")
                .extracting(e -> ((BadRouteException) e).option())
                .isEqualTo("mode");
    }

    @Test
    void whatAChangeCannotAffectIsNotChecked() {
        LayeredRoutes routes = new Layers()
                .runtime("bad.example", Map.of("mode", "relay"))
                .runtime(SALES.text(), ONE_DAY)
                .routes();
        assertThatCode(() -> routes.check(SALES)).doesNotThrowAnyException();
        assertThatCode(() -> routes.check(RouteName.parse("nobody.example"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> routes.check(RouteName.parse("bad.example")))
                .hasMessageStartingWith("route 'bad.example': 'mode'");
        assertThatThrownBy(() -> routes.check(RouteName.DEFAULT)).isInstanceOf(BadRouteException.class);
    }

    @Test
    void anotherDefaultRouteCanMakeARouteBad() {
        Map<String, String> user = Map.of("gatewayUsername", "james", "gatewayPassword", "hunter2");
        LayeredRoutes good = new Layers()
                .mailet(Map.of("relayHosts", "relay.example"))
                .file(SALES.text(), user)
                .routes();
        good.check();
        LayeredRoutes bad = new Layers()
                .mailet(Map.of("relayHosts", "relay.example"))
                .file(SALES.text(), user)
                .runtime("*", Map.of("mode", "independent"))
                .routes();
        assertThatThrownBy(bad::check).hasMessageContaining("route 'sales.example.com': 'gatewayUsername'");
    }

    @Test
    void heloNamesThatEhloDoesNotSayAreListedWithTheRouteThatGivesThem() { // RFC 5321 §4.1.1.1
        assertThat(new Layers()
                        .mailet(Map.of("heloName", "mail"))
                        .file("a.example", Map.of("heloName", "mail.a.example"))
                        .file("b.example", ONE_DAY)
                        .runtime("c.example", Map.of("heloName", "localhost"))
                        .routes()
                        .unsaidHeloNames())
                .isEqualTo(Map.of(RouteName.DEFAULT, "mail", RouteName.parse("c.example"), "localhost"));
        assertThat(new Layers().routes().unsaidHeloNames()).isEmpty();
    }
}
