/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.store.VersionedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionValuesTest {

    private static final String PASSWORD = "hunter2 is the password";

    static List<RouteOption<?>> secrets() {
        return RouteOptions.all().stream().filter(RouteOption::secret).toList();
    }

    @Test
    void thePasswordsAreSecrets() {
        assertThat(secrets())
                .extracting(RouteOption::name)
                .containsExactlyInAnyOrder("gatewayPassword", "trustStorePassword", "keyStorePassword");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretIsShownNowhere(RouteOption<?> option) {
        OptionValues values = OptionValues.of(Map.of(option.name(), PASSWORD, "queueLifetime", "3d"));
        assertThat(values.text(option)).contains(PASSWORD);
        assertThat(values.texts()).containsEntry(option.name(), PASSWORD);
        assertThat(values.shown()).containsEntry(option.name(), "***").containsEntry("queueLifetime", "3d");
        StaticRoute route = new StaticRoute(RouteName.parse("a.example"), Origin.RUNTIME, values);
        for (Object shown : List.of(
                values, route, new VersionedValue<>(values, 1), new EffectiveOptions.Layer(Origin.FILE, values))) {
            assertThat(shown.toString()).doesNotContain("hunter2").contains("***");
        }
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretIsInNoException(RouteOption<?> option) {
        assertThatThrownBy(() -> OptionValues.of(Map.of(option.name(), "hunter2\n2")))
                .hasMessage("'" + option.name() + "' is '***'; allowed: one line of text")
                .hasNoCause();
        assertThatThrownBy(() -> OptionValues.of(Map.of(option.name(), PASSWORD, "queueLifetime", "for ever")))
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretThatIsNotThereNowIsFound(RouteOption<?> option) {
        OptionValues values = OptionValues.of(Map.of(option.name(), "file:/no/such"));
        assertThatThrownBy(values::checkSecrets)
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith("'" + option.name() + "' cannot be had: the file /no/such cannot be read");
    }

    @Test
    void anAssembledRouteDoesNotShowItsPassword() {
        Route route = new Layers()
                .mailet(Map.of("relayHosts", "r.example", "gatewayUsername", "james", "gatewayPassword", PASSWORD))
                .ofSales();
        assertThat(route.toString()).doesNotContain("hunter2");
    }

    @Test
    void aBlankValueIsNotGiven() {
        Map<String, String> blank = new HashMap<>();
        blank.put("tls", " \n");
        blank.put("mode", null);
        assertThat(OptionValues.of(blank)).isEqualTo(OptionValues.none()).hasSameHashCodeAs(OptionValues.none());
    }

    @Test
    void anUnknownOptionIsRefusedEvenIfItIsBlank() {
        assertThatThrownBy(() -> OptionValues.of(Map.of("relayHost", "")))
                .isInstanceOf(OptionException.class)
                .hasMessage("'relayHost' is no delivery option; did you mean 'relayHosts'?")
                .extracting(e -> ((OptionException) e).option())
                .isEqualTo("relayHost");
    }

    @Test
    void valuesAreEqualWhenTheyAreWrittenEqually() {
        OptionValues values = OptionValues.of(Map.of("queueLifetime", " 3d "));
        assertThat(values).isEqualTo(OptionValues.of(Map.of("queueLifetime", "3d")));
        assertThat(values).isNotEqualTo(OptionValues.of(Map.of("queueLifetime", "72h")));
    }
}
