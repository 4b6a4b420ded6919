/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.mailets.Read.refused;
import static org.jamesoutgoing.mailets.Read.route;
import static org.jamesoutgoing.mailets.Read.settings;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jamesoutgoing.delivery.Shares;
import org.jamesoutgoing.notify.DsnLimit;
import org.jamesoutgoing.routing.Concurrency;
import org.jamesoutgoing.routing.DnsOptions;
import org.jamesoutgoing.routing.RelayHost;
import org.jamesoutgoing.routing.ResendSchedule;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.service.ServiceSettings;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.PoolSettings;
import org.jamesoutgoing.smtp.Timeouts;
import org.jamesoutgoing.smtp.TlsMode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

    @Nested
    class Defaults {
        private final ServiceSettings settings = settings();
        private final Route route = route();

        @Test
        void nothingNeedsToBeGiven() {
            assertThat(settings.queueName()).isEqualTo("outgoing");
            assertThat(settings.waitingRepository()).isEmpty();
            assertThat(settings.bounceProcessor()).isEmpty();
            assertThat(settings.onSuccess()).isEmpty();
            assertThat(settings.dsnLimit()).contains(new DsnLimit(100, Duration.ofHours(1)));
            assertThat(settings.deadLetterRepository()).isEmpty();
            assertThat(settings.usePriority()).isFalse();
            assertThat(settings.limits()).isEqualTo(new Shares(1000, 256 << 20, 500));
            assertThat(route().dns()).isEqualTo(DnsOptions.DEFAULT);
            assertThat(settings.given()).isEmpty();
        }

        @Test
        void mailIsDeliveredToExchangersForFiveDays() {
            assertThat(route.name()).isEqualTo("*");
            assertThat(route.mode()).isEqualTo(new RouteMode.Independent(25, false));
            assertThat(route.resend()).isEqualTo(ResendSchedule.DEFAULT);
            assertThat(route.queueLifetime()).isEqualTo(Duration.ofDays(5));
            assertThat(route.nullSenderLifetime()).isEqualTo(Duration.ofDays(1));
            assertThat(route.dsns().delayAfter()).isEqualTo(Duration.ofHours(4));
            assertThat(route.concurrency()).isEqualTo(new Concurrency(5, 20));
        }

        @Test
        void connectionsAreThoseOfTheClient() {
            assertThat(route.connection()).isEqualTo(ConnectionSettings.defaults("default.example"));
            assertThat(route.connection().tls().mode()).isEqualTo(TlsMode.OPPORTUNISTIC);
            assertThat(route.connection().cleartextAuth()).isFalse();
        }

        @Test
        void anEmptyParameterIsNotGiven() {
            assertThat(route("outgoing", " ", "heloName", "", "tls", "\n")).isEqualTo(route);
            assertThat(settings("outgoing", " ").given()).isEmpty();
        }

        @Test
        void whatJamesPutsAmongTheParametersIsNotOurs() {
            ServiceSettings read = settings(
                    "onMailetException", "propagate", "onMatchException", "nomatch", "match", "All", "class", "x");
            assertThat(read).isEqualTo(settings);
        }

        @Test
        void valuesAreTakenWithoutSpaceAround() {
            assertThat(settings("outgoing", "\n  other\n ").queueName()).isEqualTo("other");
        }

        @Test
        void whatWasGivenIsRemembered() {
            assertThat(settings("outgoing", "other", "onMailetException", "ignore")
                            .given())
                    .isEqualTo(Map.of("outgoing", "other"));
        }
    }

    @Nested
    class Service {
        @Test
        void theQueueHasTwoNames() {
            assertThat(settings("outgoing", "other").queueName()).isEqualTo("other");
            assertThat(settings("outgoingQueue", "other").queueName()).isEqualTo("other");
            assertThat(settings("outgoing", "other", "outgoingQueue", "other").queueName())
                    .isEqualTo("other");
            refused("outgoing", "one", "outgoingQueue", "two")
                    .hasMessage("parameters 'outgoing' and 'outgoingQueue' mean the same and have different values;"
                            + " allowed: one of them");
        }

        @Test
        void anotherQueueCanBeTakenOver() {
            assertThat(settings().adoptQueue()).isEmpty();
            assertThat(settings("outgoingQueue", "partners", "adoptQueue", "outgoing")
                            .adoptQueue())
                    .contains("outgoing");
            refused("adoptQueue", "outgoing")
                    .hasMessage("parameter 'adoptQueue' is 'outgoing';"
                            + " allowed: a queue of James other than outgoing and spool");
            refused("adoptQueue", "spool").hasMessageContaining("other than outgoing and spool");
        }

        @Test
        void processorsAndRepositoryAreTakenAsTheyAre() {
            ServiceSettings settings = settings(
                    "bounceProcessor", "bounces", "onSuccess", "sent", "waitingRepository", "file://var/mail/waiting");
            assertThat(settings.bounceProcessor()).contains("bounces");
            assertThat(settings.onSuccess()).contains("sent");
            assertThat(settings.waitingRepository()).contains("file://var/mail/waiting");
        }

        @Test
        void whatBecomesOfFailureMessagesIsASetting() {
            ServiceSettings settings = settings("dsnLimit", "5/30s", "deadLetterRepository", "none");
            assertThat(settings.dsnLimit()).contains(new DsnLimit(5, Duration.ofSeconds(30)));
            assertThat(settings.deadLetterRepository()).contains("none");
            assertThat(settings("dsnLimit", "none").dsnLimit()).isEmpty();
            refused("dsnLimit", "many").hasMessageContaining("'many'").hasMessageContaining("100/1h");
        }

        @Test
        void priorityIsAskedFor() {
            assertThat(settings("usePriority", "TRUE").usePriority()).isTrue();
            assertThat(settings("usePriority", "false").usePriority()).isFalse();
        }

        @Test
        void whatRoutesMadeInWebadminMayReadIsNamed(@TempDir Path folder) {
            ServiceSettings settings = settings("webadminFiles", folder.toString(), "webadminVariables", "A, B_2");
            assertThat(settings.webadminFiles()).contains(folder);
            assertThat(settings.webadminVariables()).containsExactlyInAnyOrder("A", "B_2");
            assertThat(settings().webadminFiles()).isEmpty();
            assertThat(settings().webadminVariables()).isEmpty();
            String nowhere = folder + "/nowhere";
            refused("webadminFiles", nowhere)
                    .hasMessage("parameter 'webadminFiles' is '" + nowhere + "'; allowed: a folder that is there");
            for (String bad : List.of("A,,B", "A B", "${env:A}", "*", "A=1")) {
                refused("webadminVariables", bad)
                        .hasMessage("parameter 'webadminVariables' is '" + bad
                                + "'; allowed: names of environment variables, separated by commas");
            }
        }

        @Test
        void theActiveSetIsBounded() {
            assertThat(settings("maxActiveMails", "10", "maxActiveSize", "1M", "connections", "1")
                            .limits())
                    .isEqualTo(new Shares(10, 1 << 20, 1));
            assertThat(settings("maxActiveMails", "100000", "maxActiveSize", "2G", "connections", "10000")
                            .limits())
                    .isEqualTo(new Shares(100_000, 2L << 30, 10_000));
        }

        @ParameterizedTest
        @CsvSource({"1048576, 1048576", "1024K, 1048576", "2m, 2097152", "10 M, 10485760", "1g, 1073741824"})
        void aSizeHasAUnitOrNone(String text, long octets) {
            assertThat(settings("maxActiveSize", text).limits().maxOctets()).isEqualTo(octets);
        }
    }

    @Nested
    class Mode {
        @Test
        void aPortForExchangersCanBeGiven() {
            assertThat(route("port", "2525").mode()).isEqualTo(new RouteMode.Independent(2525, false));
            assertThat(route("mode", "independent", "firstExchangerOnly", "true")
                            .mode())
                    .isEqualTo(new RouteMode.Independent(25, true));
        }

        @Test
        void relayHostsMakeRelayMode() {
            RouteMode.Relay expected = new RouteMode.Relay(
                    List.of(RelayHost.parse("one.example:587"), RelayHost.parse("[2001:db8::1]")), true, 25);
            assertThat(route("relayHosts", "one.example:587, [2001:db8::1]").mode())
                    .isEqualTo(expected);
            assertThat(route("gateway", "one.example:587,\n   [2001:db8::1]").mode())
                    .isEqualTo(expected);
            assertThat(route("mode", "Relay", "gateway", "one.example:587,[2001:db8::1]")
                            .mode())
                    .isEqualTo(expected);
        }

        @Test
        void relayHostsAreUsedInTurnUnlessThatIsSwitchedOff() { // as RemoteDelivery does
            assertThat(((RouteMode.Relay) route("gateway", "a,b").mode()).loadBalancing())
                    .isTrue();
            assertThat(((RouteMode.Relay) route("gateway", "a,b", "loadBalancing", "false")
                                    .mode())
                            .loadBalancing())
                    .isFalse();
        }

        @Test
        void aRelayHostWithoutPortGetsGatewayPortOrPort() {
            assertThat(defaultPort("gateway", "a")).isEqualTo(25);
            assertThat(defaultPort("gateway", "a", "gatewayPort", "587")).isEqualTo(587);
            assertThat(defaultPort("gateway", "a", "port", "26")).isEqualTo(26);
            assertThat(defaultPort("gateway", "a", "tls", "implicit")).isEqualTo(465);
            assertThat(defaultPort("gateway", "a", "tls", "implicit-verify", "gatewayPort", "4650"))
                    .isEqualTo(4650);
        }

        private int defaultPort(String... namesAndValues) {
            return ((RouteMode.Relay) route(namesAndValues).mode()).defaultPort();
        }

        @Test
        void theModeMustFitTheHosts() {
            refused("mode", "relay")
                    .hasMessage("parameter 'mode' is 'relay'; allowed: relay together with relayHosts,"
                            + " independent without");
            refused("mode", "independent", "gateway", "a").hasMessageContaining("parameter 'mode' is 'independent'");
        }

        @Test
        void relayHostsInTwoWaysAreRefused() {
            refused("relayHosts", "a", "gateway", "b")
                    .hasMessageContaining("parameters 'relayHosts' and 'gateway' mean the same");
            assertThat(route("relayHosts", "a", "gateway", "a").mode()).isInstanceOf(RouteMode.Relay.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a,,b", "a,", ",", ",a", "a b", "2001:db8::1", "a:0", "a:65536", "http://a"})
        void aBadRelayHostIsRefusedByTheNameThatWasUsed(String hosts) {
            String allowed = "; allowed: one or more of host, host:port, [host], [host]:port, separated by commas";
            refused("gateway", hosts).hasMessage("parameter 'gateway' is '" + hosts + "'" + allowed);
            refused("relayHosts", hosts).hasMessage("parameter 'relayHosts' is '" + hosts + "'" + allowed);
        }
    }

    @Nested
    class Resending {
        @Test
        void delaysAreOurOwnWithTheirJitter() {
            assertThat(route("resendDelays", "30s, 5m,2h , 1 day").resend())
                    .isEqualTo(new ResendSchedule(
                            List.of(
                                    Duration.ofSeconds(30),
                                    Duration.ofMinutes(5),
                                    Duration.ofHours(2),
                                    Duration.ofDays(1)),
                            0.1,
                            OptionalInt.empty()));
        }

        @Test
        void lifetimesAreGivenWithTheirUnits() {
            Route route = route("queueLifetime", "2h", "nullSenderLifetime", "30m", "delayDsnAfter", "10m");
            assertThat(route.queueLifetime()).isEqualTo(Duration.ofHours(2));
            assertThat(route.nullSenderLifetime()).isEqualTo(Duration.ofMinutes(30));
            assertThat(route.dsns().delayAfter()).isEqualTo(Duration.ofMinutes(10));
        }

        @Test
        void mailFromTheNullSenderStaysNoLongerThanOther() {
            assertThat(route("queueLifetime", "2h").nullSenderLifetime()).isEqualTo(Duration.ofHours(2));
            assertThat(route("queueLifetime", "30d").nullSenderLifetime()).isEqualTo(Duration.ofDays(1));
        }

        @Test
        void zeroSwitchesDelayNotificationsOff() {
            assertThat(route("delayDsnAfter", "0s").dsns().delayAfter()).isZero();
        }
    }

    @Nested
    class Connection {
        @Test
        void theHeloNameCanBeGiven() {
            assertThat(route("heloName", "mail.example").connection().heloName())
                    .isEqualTo("mail.example");
            assertThat(route("heloName", "[192.0.2.1]").connection().heloName()).isEqualTo("[192.0.2.1]");
        }

        @Test
        void aHeloNameThatCouldCarryACommandIsRefused() {
            refused("heloName", "a\r\nMAIL FROM:<x>")
                    .hasMessage("parameter 'heloName' is 'a MAIL FROM:<x>'; allowed: a host name");
            refused("heloName", "größe.example").hasMessageContaining("parameter 'heloName'");
        }

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "::1", "2001:db8::1", "::ffff:192.0.2.1"})
        void aSourceAddressHasTwoNames(String address) throws Exception {
            InetAddress expected = InetAddress.getByName(address);
            assertThat(route("sourceAddress", address).connection().sourceAddress())
                    .contains(expected);
            assertThat(route("bind", address).connection().sourceAddress()).contains(expected);
            refused("sourceAddress", address, "bind", "127.0.0.2")
                    .hasMessageContaining("parameters 'sourceAddress' and 'bind' mean the same");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "localhost",
                    "cafe",
                    "dead.beef",
                    "10.1",
                    "1",
                    "300.0.0.1",
                    "[::1]",
                    "127.0.0.1:25",
                    "eth0",
                    ":::"
                })
        void aSourceAddressIsAnAddressAndNoName(String text) {
            String allowed = "; allowed: an IPv4 or IPv6 address of this host";
            refused("sourceAddress", text).hasMessage("parameter 'sourceAddress' is '" + text + "'" + allowed);
            refused("bind", text).hasMessage("parameter 'bind' is '" + text + "'" + allowed);
        }

        @Test
        void limitsOfConnectionsAndLanesAreOne() {
            Route route = route("connectionsPerNextHop", "3", "mailsPerConnection", "7", "idleTimeout", "0s");
            assertThat(route.concurrency()).isEqualTo(new Concurrency(3, 3));
            assertThat(route.connection().pool())
                    .isEqualTo(Changed.of(
                            PoolSettings.defaults(),
                            "idleTimeout",
                            Duration.ZERO,
                            "maxMailsPerConnection",
                            7,
                            "maxConnectionsPerHost",
                            3));
            assertThat(route("connectionsPerNextHop", "50", "initialConnectionsPerNextHop", "10")
                            .concurrency())
                    .isEqualTo(new Concurrency(10, 50));
        }

        @Test
        void aLaneDoesNotStartAboveItsMaximum() {
            refused("connectionsPerNextHop", "3", "initialConnectionsPerNextHop", "4")
                    .hasMessage("parameter 'initialConnectionsPerNextHop' is '4'; allowed: a whole number from 1 to 3");
            refused("initialConnectionsPerNextHop", "21")
                    .hasMessage(
                            "parameter 'initialConnectionsPerNextHop' is '21'; allowed: a whole number from 1 to 20");
        }

        @Test
        void recipientsOfATransactionAreLimited() {
            assertThat(route().connection().maxRecipientsPerTransaction()).isEqualTo(100); // RFC 5321 §4.5.3.1.8
            assertThat(route("recipientsPerTransaction", "1").connection().maxRecipientsPerTransaction())
                    .isOne();
        }

        @Test
        void everyTimeoutCanBeGiven() { // RFC 5321 §4.5.3.2
            Timeouts expected = Changed.of(
                    Timeouts.defaults(),
                    "connect",
                    Duration.ofSeconds(1),
                    "greeting",
                    Duration.ofSeconds(2),
                    "helo",
                    Duration.ofSeconds(3),
                    "mail",
                    Duration.ofSeconds(4),
                    "rcpt",
                    Duration.ofSeconds(5),
                    "dataInitiation",
                    Duration.ofSeconds(6),
                    "dataBlock",
                    Duration.ofSeconds(7),
                    "dataTermination",
                    Duration.ofSeconds(8),
                    "transaction",
                    Duration.ofSeconds(9));
            assertThat(route(
                                    "connectTimeout", "1s",
                                    "greetingTimeout", "2s",
                                    "heloTimeout", "3s",
                                    "mailTimeout", "4s",
                                    "rcptTimeout", "5s",
                                    "dataTimeout", "6s",
                                    "dataBlockTimeout", "7s",
                                    "dataEndTimeout", "8s",
                                    "transactionTimeout", "9s")
                            .connection()
                            .timeouts())
                    .isEqualTo(expected);
        }

        @Test
        void aTimeoutOfItsOwnCountsMoreThanTheOneForAll() {
            Timeouts timeouts =
                    route("timeout", "60000", "rcptTimeout", "5s").connection().timeouts();
            assertThat(timeouts.rcpt()).isEqualTo(Duration.ofSeconds(5));
            assertThat(timeouts.mail()).isEqualTo(Duration.ofMinutes(1));
            assertThat(timeouts.transaction()).isEqualTo(Timeouts.defaults().transaction());
        }

        @Test
        void theConnectTimeoutHasThreeSpellingsAndOneValue() {
            for (String name : List.of("connectiontimeout", "connectionTimeout")) {
                assertThat(route(name, "1500").connection().timeouts().connect())
                        .isEqualTo(Duration.ofMillis(1500));
                assertThat(route(name, "2000", "connectTimeout", "2s")
                                .connection()
                                .timeouts()
                                .connect())
                        .isEqualTo(Duration.ofSeconds(2));
                refused(name, "1500", "connectTimeout", "2s")
                        .hasMessageContaining("'connectTimeout' and 'connectiontimeout' mean the same");
            }
            refused("connectiontimeout", "1500", "connectionTimeout", "1600")
                    .hasMessageContaining("'connectiontimeout' and 'connectionTimeout' mean the same");
            refused("connectiontimeout", "1500", "connectTimeout", "soon")
                    .hasMessageContaining("parameter 'connectTimeout' is 'soon'");
        }
    }

    @Nested
    class Tls {
        @ParameterizedTest
        @EnumSource(TlsMode.class)
        void everyModeIsOneWord(TlsMode mode) {
            String word = mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
            assertThat(route("tls", word).connection().tls().mode()).isEqualTo(mode);
            assertThat(route("tls", word.toUpperCase(Locale.ROOT))
                            .connection()
                            .tls()
                            .mode())
                    .isEqualTo(mode);
        }

        @Test
        void implicitTlsHasAPortOfItsOwn() { // RFC 8314 §3.3
            assertThat(route("tls", "implicit").mode()).isEqualTo(new RouteMode.Independent(465, false));
            assertThat(route("sslEnable", "true").mode()).isEqualTo(new RouteMode.Independent(465, false));
            assertThat(route("sslEnable", "true", "port", "25").mode()).isEqualTo(new RouteMode.Independent(25, false));
        }

        @ParameterizedTest
        @CsvSource({
            "startTLS, true, OPPORTUNISTIC",
            "startTLS, false, NONE",
            "sslEnable, true, IMPLICIT_VERIFY",
            "sslEnable, false, OPPORTUNISTIC",
            "verifyServerIdentity, false, OPPORTUNISTIC",
            "sslTrustAllCerts, true, OPPORTUNISTIC",
        })
        void remoteDeliverysSwitchesAreUnderstood(String name, String value, TlsMode mode) {
            assertThat(route(name, value).connection().tls().mode()).isEqualTo(mode);
        }

        @Test
        void aCertificateIsCheckedUnlessThatIsSwitchedOff() {
            assertThat(mode("sslEnable", "true", "verifyServerIdentity", "true"))
                    .isEqualTo(TlsMode.IMPLICIT_VERIFY);
            assertThat(mode("sslEnable", "true", "verifyServerIdentity", "false"))
                    .isEqualTo(TlsMode.IMPLICIT);
            assertThat(mode("sslEnable", "true", "sslTrustAllCerts", "true")).isEqualTo(TlsMode.IMPLICIT);
            assertThat(mode("sslEnable", "true", "startTLS", "true")).isEqualTo(TlsMode.IMPLICIT_VERIFY);
        }

        private TlsMode mode(String... namesAndValues) {
            return route(namesAndValues).connection().tls().mode();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "startTLS",
                    "sslEnable",
                    "sslTrustAllCerts",
                    "verifyServerIdentity",
                    "mail.smtp.starttls.enable",
                    "mail.smtp.starttls.required",
                    "mail.smtp.ssl.enable",
                    "mail.smtp.ssl.checkserveridentity",
                })
        void ourModeAndRemoteDeliverysSwitchesExcludeEachOther(String other) {
            refused("tls", "verify", other, "true")
                    .hasMessage(
                            "parameter 'tls' stands beside '" + other + "'; allowed: either ours or RemoteDelivery's");
        }
    }

    @Nested
    class CredentialsOfARelay {
        @Test
        void theyAreUserAndPassword() {
            var credentials = route("gateway", "a", "gatewayUsername", "user", "gatewayPassword", "hunter2")
                    .connection()
                    .credentials()
                    .orElseThrow();
            assertThat(credentials.user()).isEqualTo("user");
            assertThat(credentials.secret().get()).isEqualTo("hunter2");
        }

        @Test
        void remoteDeliverysOldSpellingIsUnderstood() {
            assertThat(route("gateway", "a", "gatewayusername", "user", "gatewayPassword", "hunter2")
                            .connection()
                            .credentials())
                    .isPresent();
            refused("gateway", "a", "gatewayusername", "one", "gatewayUsername", "two", "gatewayPassword", "hunter2")
                    .hasMessageContaining("'gatewayUsername' and 'gatewayusername' mean the same");
        }

        @Test
        void theyAreNeverForExchangers() {
            refused("gatewayUsername", "user", "gatewayPassword", "hunter2")
                    .hasMessage("parameter 'gatewayUsername' is given without 'relayHosts';"
                            + " allowed: together, credentials are never sent to mail exchangers");
        }

        @Test
        void oneWithoutTheOtherIsRefused() {
            refused("gateway", "a", "gatewayUsername", "user")
                    .hasMessage("parameter 'gatewayPassword' is missing; allowed: together with 'gatewayUsername'");
            refused("gateway", "a", "gatewayPassword", "hunter2")
                    .hasMessage("parameter 'gatewayUsername' is missing; allowed: together with 'gatewayPassword'");
        }

        @Test
        void aPasswordFileThatIsMissingStopsTheStart() {
            refused("gateway", "a", "gatewayUsername", "user", "gatewayPassword", "file:/nowhere/password")
                    .hasMessage("parameter 'gatewayPassword' cannot be had: the file /nowhere/password cannot be read;"
                            + " allowed: the password itself, ${env:NAME} or file:path");
        }

        @Test
        void cleartextNeedsAPermission() { // RFC 4954 §4
            assertThat(route("cleartextAuth", "true").connection().cleartextAuth())
                    .isTrue();
        }

        @ParameterizedTest
        @CsvSource({"unknown, x", "port, x", "tls, x", "gatewayPort, x", "mail.smtp.socks.host, x", "heloName, a b"})
        void noMessageHoldsThePassword(String name, String value) {
            refused("gateway", "a", "gatewayUsername", "user", "gatewayPassword", "hunter2", name, value)
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
        }

        @Test
        void noRouteShowsThePassword() {
            Route route = route("gateway", "a", "gatewayUsername", "user", "gatewayPassword", "hunter2");
            assertThat(route.toString()).contains("user").doesNotContain("hunter2");
        }
    }

    @Nested
    class Dns {
        @Test
        void serversCanBeGiven() throws Exception {
            assertThat(route("dnsServers", "192.0.2.53; [2001:db8::53]:5353")
                            .dns()
                            .servers()
                            .orElseThrow()
                            .servers())
                    .containsExactly(
                            new InetSocketAddress(InetAddress.getByName("192.0.2.53"), 53),
                            new InetSocketAddress(InetAddress.getByName("2001:db8::53"), 5353));
            assertThat(route("dnsServers", "System").dns().servers()).isPresent();
        }

        @Test
        void theSystemsServersCanBeTheSecondChoice() {
            assertThat(route("dnsServers", "192.0.2.53", "dnsFallbackToSystem", "true")
                            .dns()
                            .servers()
                            .orElseThrow()
                            .fallback())
                    .isNotEmpty();
            refused("dnsFallbackToSystem", "true")
                    .hasMessage("parameter 'dnsFallbackToSystem' is 'true'; allowed: together with 'dnsServers'");
            assertThat(route("dnsFallbackToSystem", "false").dns().servers()).isEmpty();
        }

        @Test
        void parentDomainAndTimeoutCanBeGiven() {
            DnsOptions dns = route("parentDomainExchangers", "true", "dnsTimeout", "500ms")
                    .dns();
            assertThat(dns.parentDomain()).isTrue();
            assertThat(dns.timeout()).isEqualTo(Duration.ofMillis(500));
        }

        @Test
        void localExchangersAreForLaboratories() {
            assertThat(route().dns().localExchangers()).isFalse();
            assertThat(route("localExchangers", "true").dns().localExchangers()).isTrue();
        }

        @Test
        void aBadServerIsRefused() {
            refused("dnsServers", "192.0.2.53:dns")
                    .hasMessage("parameter 'dnsServers' is '192.0.2.53:dns';"
                            + " allowed: system, or host[:port] separated by ; or ,");
        }
    }

    /** Each message names the parameter, its value, and what is allowed. */
    @Nested
    class WhatIsWrong {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "usePriority",
                    "loadBalancing",
                    "firstExchangerOnly",
                    "cleartextAuth",
                    "startTLS",
                    "sslEnable",
                    "sslTrustAllCerts",
                    "verifyServerIdentity",
                    "dnsFallbackToSystem",
                    "parentDomainExchangers",
                    "localExchangers",
                })
        void aFlagIsTrueOrFalse(String name) {
            for (String value : List.of("yes", "1", "on", "truee", "t")) {
                refused(name, value).hasMessage("parameter '" + name + "' is '" + value + "'; allowed: true or false");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "port, 1, 65535",
            "gatewayPort, 1, 65535",
            "recipientsPerTransaction, 1, 1000",
            "mailsPerConnection, 1, 100000",
            "connectionsPerNextHop, 1, 1000",
            "maxActiveMails, 10, 100000",
            "connections, 1, 10000",
            "maxDnsProblemRetries, 0, 2147483647",
            "maxRetries, 0, 10000",
        })
        void aNumberIsWholeAndInItsRange(String name, long least, long most) {
            List<String> bad =
                    List.of("" + (least - 1), "" + (most + 1), "-5", "1.5", "many", "10s", "0x10", "99999999999");
            for (String value : bad) {
                refused(name, value)
                        .hasMessage("parameter '" + name + "' is '" + value + "'; allowed: a whole number from " + least
                                + " to " + most);
            }
            settings(name, "" + least);
            settings(name, "" + most);
        }

        @ParameterizedTest
        @CsvSource({
            "queueLifetime, 1s, 365d",
            "nullSenderLifetime, 1s, 365d",
            "delayDsnAfter, 0ms, 365d",
            "connectTimeout, 1s, 3600s",
            "greetingTimeout, 1s, 3600s",
            "heloTimeout, 1s, 3600s",
            "mailTimeout, 1s, 3600s",
            "rcptTimeout, 1s, 3600s",
            "dataTimeout, 1s, 3600s",
            "dataBlockTimeout, 1s, 3600s",
            "dataEndTimeout, 1s, 3600s",
            "transactionTimeout, 1s, 3600s",
            "idleTimeout, 0ms, 3600s",
            "dnsTimeout, 100ms, 30s",
        })
        void aTimeHasAUnitAndIsInItsRange(String name, String least, String most) {
            for (String value :
                    List.of("10", "-1s", "1.5h", "soon", "5 parsecs", "366d", "1h30m", "s", "9999999999s")) {
                refused(name, value)
                        .hasMessage("parameter '" + name + "' is '" + value + "'; allowed: a time with its unit from "
                                + least + " to " + most + ", such as 30s, 5m, 2h or 5d");
            }
            settings(name, least);
            settings(name, most);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ",", "1m,", "1m,,2m", "5", "0s", "1m 2m", "366d", "1m;2m", "2*1m"})
        void resendDelaysAreTimesWithUnits(String value) {
            if (value.isEmpty()) {
                assertThat(route("resendDelays", value).resend()).isEqualTo(ResendSchedule.DEFAULT);
                return;
            }
            refused("resendDelays", value)
                    .hasMessage("parameter 'resendDelays' is '" + value + "'; allowed: times with their units"
                            + " from 1s to 365d, separated by commas, such as 1m, 5m, 2h");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"0", "-1", "1048575", "1023K", "10X", "10MB", "M", "1.5G", "999999999999G", "99999999999999"
                })
        void aSizeIsAboveItsLeast(String value) {
            refused("maxActiveSize", value)
                    .hasMessage("parameter 'maxActiveSize' is '" + value
                            + "'; allowed: a size of at least 1048576 bytes, such as 64K, 10M or 2G");
        }

        @ParameterizedTest
        @ValueSource(strings = {"timeout", "connectiontimeout", "connectionTimeout"})
        void remoteDeliverysTimeoutsAreMilliseconds(String name) {
            for (String value : List.of("0", "-1", "5s", "86400001", "2147483648")) {
                refused(name, value)
                        .hasMessage("parameter '" + name + "' is '" + value
                                + "'; allowed: a number of milliseconds from 1 to 86400000");
            }
            settings(name, "1");
            settings(name, "86400000");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "tls | on | none, opportunistic, required, verify, implicit, implicit-verify",
                    "tls | implicit_verify | none, opportunistic, required, verify, implicit, implicit-verify",
                    "mode | smarthost | independent, relay",
                })
        void aChoiceIsOneOfItsWords(String name, String value, String allowed) {
            refused(name, value).hasMessage("parameter '" + name + "' is '" + value + "'; allowed: " + allowed);
        }

        @ParameterizedTest
        @CsvSource({
            "queueLifeTime, queueLifetime",
            "QUEUELIFETIME, queueLifetime",
            "outgoingqueue, outgoingQueue",
            "resendDelay, resendDelays",
            "delaytime, delayTime",
            "maxRetry, maxRetries",
            "gatewayPasword, gatewayPassword",
            "gateways, gateway",
            "helo, heloName",
            "tsl, tls",
            "startTls, startTLS",
            "recipientPerTransaction, recipientsPerTransaction",
        })
        void anUnknownParameterIsRefusedWithTheNearestKnown(String unknown, String nearest) {
            refused(unknown, "x").hasMessage("unknown parameter '" + unknown + "'; did you mean '" + nearest + "'?");
        }

        @Test
        void anUnknownParameterThatIsLikeNoneIsRefusedToo() {
            for (String unknown : List.of("fluxCapacitorPower", "xy", "a.b")) {
                refused(unknown, "1.21 GW")
                        .hasMessage("unknown parameter '" + unknown + "';"
                                + " the settings reference of James Outgoing (conf/README.md) lists what there is");
            }
        }

        @Test
        void theValueOfAnUnknownParameterIsNotShown() {
            refused("gatewayPasword", "hunter2")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
        }

        @Test
        void aMessageIsOneLineWhateverTheValueIs() {
            refused("mode", "relay\n      or not").hasMessageStartingWith("parameter 'mode' is 'relay or not'");
        }
    }
}
