/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.routing.Layers.SALES;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.smtp.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where options are not simply inherited one by one. */
class RouteAssemblerTest {

    private static final Map<String, String> RELAY = Map.of("relayHosts", "relay.example");
    private static final Map<String, String> LOGIN = Map.of("gatewayUsername", "james", "gatewayPassword", "hunter2");
    private static final Map<String, String> RELAY_LOGIN = all(RELAY, LOGIN);

    private static Map<String, String> all(Map<String, String> one, Map<String, String> other) {
        Map<String, String> all = new HashMap<>(one);
        all.putAll(other);
        return all;
    }

    private static Route sales(Map<String, String> mailet, String... options) {
        Map<String, String> own = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            own.put(options[i], options[i + 1]);
        }
        return new Layers().mailet(mailet).file(SALES.text(), own).ofSales();
    }

    // ---- mode and relay hosts

    @Test
    void relayHostsAloneMeanRelayMode() {
        assertThat(sales(Map.of(), "relayHosts", "mail.sales.example.com").mode())
                .isEqualTo(new RouteMode.Relay(List.of(RelayHost.parse("mail.sales.example.com")), true, 25));
        assertThat(sales(Map.of("mode", "independent"), "relayHosts", "mail.sales.example.com")
                        .mode())
                .isInstanceOf(RouteMode.Relay.class);
    }

    @Test
    void independentModeLeavesInheritedRelayHostsAside() {
        Route route = sales(RELAY_LOGIN, "mode", "independent");
        assertThat(route.mode()).isEqualTo(new RouteMode.Independent(25, false));
        assertThat(route.connection().credentials()).isEmpty();
    }

    @Test
    void relayModeFindsTheRelayHostsFurtherAway() {
        Route route = new Layers()
                .mailet(RELAY)
                .runtime("*", Map.of("mode", "independent"))
                .file(SALES.text(), Map.of("mode", "relay"))
                .ofSales();
        assertThat(route.mode()).isInstanceOf(RouteMode.Relay.class);
    }

    @Test
    void relayModeWithoutAnyRelayHostIsRefused() {
        assertThatThrownBy(() -> sales(Map.of(), "mode", "relay"))
                .isInstanceOf(OptionException.class)
                .hasMessage("'mode' is 'relay'; allowed: relay together with relayHosts, independent without");
    }

    @ParameterizedTest
    @CsvSource({"implicit, 465", "implicit-verify, 465", "opportunistic, 25", "none, 25"})
    void thePortFollowsTheKindOfTls(String tls, int port) {
        assertThat(((RouteMode.Relay) sales(RELAY, "tls", tls).mode()).defaultPort())
                .isEqualTo(port);
        assertThat(((RouteMode.Independent) sales(Map.of(), "tls", tls).mode()).port())
                .isEqualTo(port);
        assertThat(((RouteMode.Relay) sales(RELAY, "tls", tls, "port", "26").mode()).defaultPort())
                .isEqualTo(26);
        assertThat(((RouteMode.Relay) sales(RELAY, "tls", tls, "port", "26", "gatewayPort", "27")
                                .mode())
                        .defaultPort())
                .isEqualTo(27);
    }

    // ---- credentials

    @Test
    void credentialsAreInheritedWithTheRelayHostsTheyAreFor() {
        assertThat(sales(RELAY_LOGIN, "queueLifetime", "1d").connection().credentials())
                .contains(Credentials.password("james", Secret.of("hunter2")));
    }

    @Test
    void credentialsAreNeverGivenToOtherRelayHosts() {
        assertThat(sales(RELAY_LOGIN, "relayHosts", "mail.sales.example.com")
                        .connection()
                        .credentials())
                .isEmpty();
        Route atRunTime = new Layers()
                .mailet(RELAY_LOGIN)
                .runtime("*", RELAY)
                .file(SALES.text(), Map.of())
                .ofSales();
        assertThat(atRunTime.connection().credentials()).isEmpty();
    }

    @Test
    void ownCredentialsAreForInheritedRelayHosts() {
        assertThat(sales(RELAY_LOGIN, "gatewayUsername", "sales").connection().credentials())
                .contains(Credentials.password("sales", Secret.of("hunter2")));
        assertThat(sales(RELAY, "gatewayUsername", "sales", "gatewayPassword", "x")
                        .connection()
                        .credentials())
                .contains(Credentials.password("sales", Secret.of("x")));
    }

    @Test
    void halfOfTheCredentialsIsRefused() {
        assertThatThrownBy(() -> sales(RELAY, "gatewayUsername", "sales"))
                .hasMessage("'gatewayPassword' is missing; allowed: together with 'gatewayUsername'");
        assertThatThrownBy(() -> sales(RELAY, "gatewayPassword", "hunter2"))
                .hasMessage("'gatewayUsername' is missing; allowed: together with 'gatewayPassword'");
    }

    @Test
    void aPasswordIsNotInheritedForOtherRelayHostsEvenWithAnOwnUserName() {
        assertThatThrownBy(() -> sales(RELAY_LOGIN, "relayHosts", "other.example", "gatewayUsername", "sales"))
                .hasMessage("'gatewayPassword' is missing; allowed: together with 'gatewayUsername'");
    }

    @Test
    void credentialsForMailExchangersAreRefused() {
        assertThatThrownBy(() -> sales(Map.of(), "gatewayUsername", "sales", "gatewayPassword", "hunter2"))
                .hasMessageStartingWith("'gatewayUsername' is given without 'relayHosts'")
                .hasMessageNotContaining("hunter2");
    }

    // ---- backup

    @Test
    void aBackupRouteKeepsMailForTenDaysUnlessItSaysSoItself() {
        Map<String, String> short1 = Map.of("queueLifetime", "1d");
        assertThat(sales(Map.of(), "backup", "true").queueLifetime()).isEqualTo(Duration.ofDays(10));
        assertThat(sales(short1, "backup", "true").queueLifetime()).isEqualTo(Duration.ofDays(10));
        assertThat(new Layers()
                        .runtime("*", short1)
                        .file(SALES.text(), Map.of("backup", "true"))
                        .ofSales()
                        .queueLifetime())
                .isEqualTo(Duration.ofDays(10));
        assertThat(sales(short1, "backup", "true", "queueLifetime", "3d").queueLifetime())
                .isEqualTo(Duration.ofDays(3));
        assertThat(sales(short1, "backup", "false").queueLifetime()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void aBackupRouteHasNoLimitOfAttemptsUnlessItSaysSoItself() {
        Map<String, String> three = Map.of("maxAttempts", "3");
        assertThat(sales(three).resend().maxAttempts()).isEqualTo(OptionalInt.of(3));
        assertThat(sales(three, "backup", "true").resend().maxAttempts()).isEmpty();
        assertThat(sales(three, "backup", "true", "maxAttempts", "4").resend().maxAttempts())
                .isEqualTo(OptionalInt.of(4));
    }

    @Test
    void aRouteWithoutBackupHasNone() {
        assertThat(sales(Map.of(), "backupRecipients", "any").backup()).isEmpty();
        assertThat(sales(Map.of(), "backup", "true").backup())
                .contains(new Route.Backup(new BackupRecipients.Ask(), true));
    }

    // ---- what is never above something else

    /** Columns: the mailet's for {@code <>} and for all, the route's for {@code <>} and for all. */
    @ParameterizedTest
    @CsvSource({
        "'',  '',   '',   '',   24h",
        "'',  3h,   '',   '',   3h", // What is built in is never longer than what is given for all.
        "'',  '',   '',   3h,   3h",
        "2h,  '',   '',   3h,   2h",
        "5h,  '',   '',   3h,   3h", // The one for all is given nearer.
        "'',  3h,   5h,   '',   5h", // The one for <> is given nearer.
        "5h,  3h,   '',   '',   5h", // Both in one place.
        "'',  '',   5h,   3h,   5h"
    })
    void theLifetimeOfMailFromTheNullSenderIsNotAboveANearerOneForAll(
            String mailetNull, String mailetAll, String routeNull, String routeAll, String expected) {
        Map<String, String> mailet = new HashMap<>();
        put(mailet, "nullSenderLifetime", mailetNull);
        put(mailet, "queueLifetime", mailetAll);
        Map<String, String> route = new HashMap<>();
        put(route, "nullSenderLifetime", routeNull);
        put(route, "queueLifetime", routeAll);
        Route sales = new Layers().mailet(mailet).file(SALES.text(), route).ofSales();
        assertThat(sales.nullSenderLifetime()).hasHours(Long.parseLong(expected.replace("h", "")));
    }

    private static void put(Map<String, String> options, String name, String value) {
        if (!value.isEmpty()) {
            options.put(name, value);
        }
    }

    @Test
    void aLaneNeverStartsWithMoreConnectionsThanItMayHave() {
        assertThat(sales(Map.of(), "connectionsPerNextHop", "2").concurrency()).isEqualTo(new Concurrency(2, 2));
        assertThat(sales(Map.of("initialConnectionsPerNextHop", "10"), "connectionsPerNextHop", "2")
                        .concurrency())
                .isEqualTo(new Concurrency(2, 2));
        assertThat(sales(Map.of("connectionsPerNextHop", "2"), "initialConnectionsPerNextHop", "10")
                        .concurrency())
                .isEqualTo(new Concurrency(2, 2));
    }

    @Test
    void moreConnectionsAtFirstThanAllowedInOnePlaceAreRefused() {
        assertThatThrownBy(() -> sales(Map.of(), "initialConnectionsPerNextHop", "10", "connectionsPerNextHop", "2"))
                .hasMessage("'initialConnectionsPerNextHop' is '10'; allowed: a whole number from 1 to 2");
        assertThatThrownBy(() -> sales(Map.of(), "initialConnectionsPerNextHop", "21"))
                .hasMessage("'initialConnectionsPerNextHop' is '21'; allowed: a whole number from 1 to 20");
    }

    // ---- files

    @Test
    void aStoreThatCannotBeUsedIsRefusedWithWhatIsAllowed() {
        assertThatThrownBy(() -> sales(Map.of(), "tls", "verify", "trustStore", "/no/such"))
                .hasMessage("'trustStore' is '/no/such', which cannot be used (/no/such); allowed: a PEM file with"
                        + " certificates, or a PKCS#12 or JKS store");
        assertThatThrownBy(() -> sales(Map.of(), "keyStore", "/no/such", "keyStorePassword", "hunter2"))
                .hasMessageStartingWith("'keyStore' is '/no/such', which cannot be used")
                .hasMessageNotContaining("hunter2");
    }
}
