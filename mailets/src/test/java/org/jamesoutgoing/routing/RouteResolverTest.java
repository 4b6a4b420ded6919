/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jamesoutgoing.dns.AddressAnswer;
import org.jamesoutgoing.dns.ExcludedHost;
import org.jamesoutgoing.dns.MxAnswer;
import org.jamesoutgoing.dns.Ourselves;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Credentials;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RouteResolverTest {
    private static final ConnectionSettings CONNECTION = ConnectionSettings.defaults("sender.example");

    private final ScriptedDns dns = new ScriptedDns();
    private Ourselves ourselves = Ourselves.NOBODY;

    /** What becomes of an answer of DNS; the statuses are RFC 3463's. */
    @Nested
    class InIndependentMode {
        @Test
        void exchangersAreTriedInOrderOfPreferenceOnThePortOfTheRoute() { // RFC 5321 §5.1
            dns.mx("a.example", "20 mx2.example", "10 mx1.example")
                    .host("mx1.example", "192.0.2.1")
                    .host("mx2.example", "192.0.2.2", "2001:db8::2");
            Resolution.Towards towards = towards(SampleRoutes.of(new RouteMode.Independent(2525, false)), "a.example");

            assertThat(towards.hosts()).hasSize(2);
            assertThat(towards.hosts().get(0)).isEqualTo(host("mx1.example", 2525, "192.0.2.1"));
            assertThat(towards.hosts().get(1).addresses())
                    .containsExactlyInAnyOrder(ScriptedDns.address("192.0.2.2"), ScriptedDns.address("2001:db8::2"));
        }

        @Test
        void aDomainWithoutExchangerIsItsOwn() { // RFC 5321 §5.1
            dns.noMx("a.example").host("a.example", "192.0.2.1");
            assertThat(towards(SampleRoutes.independent(), "a.example").hosts())
                    .containsExactly(host("a.example", 25, "192.0.2.1"));
        }

        @Test
        void anAddressLiteralNeedsNoDns() { // RFC 5321 §4.1.3
            assertThat(towards(SampleRoutes.independent(), "[192.0.2.9]").hosts())
                    .containsExactly(host("[192.0.2.9]", 25, "192.0.2.9"));
            assertThat(towards(SampleRoutes.independent(), "[IPv6:2001:db8::9]")
                            .hosts()
                            .get(0)
                            .addresses())
                    .containsExactly(ScriptedDns.address("2001:db8::9"));
        }

        @Test
        void anExchangerWithoutAddressIsKept() {
            dns.mx("a.example", "10 mx1.example", "20 mx2.example").host("mx2.example", "192.0.2.2");
            assertThat(towards(SampleRoutes.independent(), "a.example").hosts())
                    .containsExactly(host("mx1.example", 25), host("mx2.example", 25, "192.0.2.2"));
        }

        @Test
        void aNullMxFailsAtOnce() { // RFC 7505 §4.2
            dns.mx("a.example", "0 ");
            assertThat(resolve(SampleRoutes.independent(), "a.example"))
                    .isEqualTo(
                            new Resolution.Undeliverable("5.1.10", "the domain a.example accepts no mail (null MX)"));
        }

        @Test
        void aDomainThatDoesNotExistFails() {
            assertThat(resolve(SampleRoutes.independent(), "a.example"))
                    .isEqualTo(new Resolution.Undeliverable("5.1.2", "the domain a.example does not exist"));
        }

        @Test
        void aDomainWithNeitherExchangerNorAddressFails() {
            dns.noMx("a.example").host("a.example", new AddressAnswer.NoData(Duration.ofMinutes(1)));
            assertThat(resolve(SampleRoutes.independent(), "a.example"))
                    .isEqualTo(new Resolution.Undeliverable("5.4.4", "the domain a.example has no mail server"));
        }

        @Test
        void aDomainWhoseBestExchangerIsThisHostFailsRatherThanLoops() { // RFC 5321 §5.1
            dns.mx("a.example", "10 sender.example", "20 mx2.example").host("mx2.example", "192.0.2.2");
            ourselves = (name, addresses) -> name.equals("sender.example");
            assertThat(resolve(SampleRoutes.independent(), "a.example"))
                    .isEqualTo(new Resolution.Undeliverable(
                            "5.4.6", "mail for a.example loops back to this server, which does not accept it"));
        }

        @Test
        void aDomainThatHasOnlyLocalAddressesFailsRatherThanLoops() {
            dns.mx("a.example", "10 mx.a.example").host("mx.a.example", "127.0.0.1", "::1");
            assertThat(resolve(SampleRoutes.independent(), "a.example"))
                    .isEqualTo(new Resolution.Undeliverable(
                            "5.4.6",
                            "mail for a.example may not go to any of its mail servers: mx.a.example (127.0.0.1 is a"
                                    + " loopback address), mx.a.example (0:0:0:0:0:0:0:1 is a loopback address)"));
            assertThat(resolve(SampleRoutes.independent(), "[127.0.0.1]"))
                    .isInstanceOfSatisfying(
                            Resolution.Undeliverable.class,
                            undeliverable -> assertThat(undeliverable.status()).isEqualTo("5.4.6"));
        }

        @Test
        void anExchangerOnThePortThatThisServerListensAtIsNotUsed() {
            dns.mx("a.example", "10 mx.a.example").host("mx.a.example", "192.0.2.1", "192.0.2.2");
            ourselves = listeningAt("192.0.2.1", 2525);
            assertThat(towards(SampleRoutes.of(new RouteMode.Independent(2525, false)), "a.example")
                            .hosts())
                    .containsExactly(host("mx.a.example", 2525, "192.0.2.2"));
            assertThat(towards(SampleRoutes.independent(), "a.example")
                            .hosts()
                            .get(0)
                            .addresses())
                    .hasSize(2);
        }

        @Test
        void whatCannotBeADomainFails() {
            assertThat(resolve(SampleRoutes.independent(), "a..example"))
                    .isEqualTo(new Resolution.Undeliverable(
                            "5.1.2", "bad domain a..example: the domain has an empty label"));
        }

        @Test
        void troubleWithDnsIsTemporary() {
            dns.mx("a.example", new MxAnswer.Unavailable("SERVFAIL"));
            Resolution resolution = resolve(SampleRoutes.independent(), "a.example");
            assertThat(resolution).isInstanceOfSatisfying(Resolution.NotNow.class, notNow -> {
                assertThat(notNow.status()).isEqualTo("4.4.3");
                assertThat(notNow.reason())
                        .startsWith("the mail servers of a.example cannot be looked up: ")
                        .contains("SERVFAIL");
            });
        }

        @Test
        void aBugInTheResolverIsTemporaryToo() {
            dns.mx("a.example", "10 mx1.example")
                    .host("mx1.example", CompletableFuture.failedFuture(new IllegalStateException("bug")));
            assertThat(resolve(SampleRoutes.independent(), "a.example"))
                    .isNotInstanceOf(Resolution.Undeliverable.class);
        }
    }

    @Nested
    class InRelayMode {
        @Test
        void theRecipientsDomainIsNotAskedFor() {
            dns.mx("a.example", "0 ").host("relay.example", "192.0.2.1");
            assertThat(towards(SampleRoutes.relay("relay.example"), "a.example").hosts())
                    .containsExactly(host("relay.example", 25, "192.0.2.1"));
        }

        @Test
        void exchangersOfTheRelayHostAreNotAskedFor() {
            dns.mx("relay.example", "10 mx.example").host("relay.example", "192.0.2.1");
            assertThat(towards(SampleRoutes.relay("relay.example"), "a.example").hosts())
                    .containsExactly(host("relay.example", 25, "192.0.2.1"));
        }

        @Test
        void aHostWithoutPortGetsThatOfTheRoute() {
            Route route = SampleRoutes.of(new RouteMode.Relay(
                    List.of(RelayHost.parse("192.0.2.1"), RelayHost.parse("[2001:db8::1]:2525")), false, 587));
            assertThat(towards(route, "a.example").hosts())
                    .containsExactly(host("192.0.2.1", 587, "192.0.2.1"), host("2001:db8::1", 2525, "2001:db8::1"));
        }

        @Test
        void failOverAlwaysStartsAtTheFirst() {
            Route route = relay(false, "192.0.2.1", "192.0.2.2", "192.0.2.3");
            for (int seed = 0; seed < 20; seed++) {
                assertThat(order(route, new Random(seed))).containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3");
            }
        }

        @Test
        void loadBalancingStartsAtEachAsOftenAndGoesOnInOrder() {
            Route route = relay(true, "192.0.2.1", "192.0.2.2", "192.0.2.3");
            Random random = new Random(1);
            Map<List<String>, Long> orders = IntStream.range(0, 300)
                    .mapToObj(i -> order(route, random))
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            assertThat(orders.keySet())
                    .containsExactlyInAnyOrder(
                            List.of("192.0.2.1", "192.0.2.2", "192.0.2.3"),
                            List.of("192.0.2.2", "192.0.2.3", "192.0.2.1"),
                            List.of("192.0.2.3", "192.0.2.1", "192.0.2.2"));
            assertThat(orders.values()).allMatch(times -> times > 70);
        }

        @Test
        void aHostThatDoesNotResolveIsKeptWithoutAddress() {
            dns.host("servfail.example", new AddressAnswer.Unavailable("SERVFAIL"))
                    .host("empty.example", new AddressAnswer.NoData(Duration.ofMinutes(1)))
                    .host("bug.example", CompletableFuture.failedFuture(new IllegalStateException("bug")))
                    .host("good.example", "192.0.2.1");
            Route route =
                    relay(false, "servfail.example", "nowhere.example", "empty.example", "bug.example", "good.example");
            assertThat(towards(route, "a.example").hosts())
                    .containsExactly(
                            host("servfail.example", 25),
                            host("nowhere.example", 25),
                            host("empty.example", 25),
                            host("bug.example", 25),
                            host("good.example", 25, "192.0.2.1"));
        }

        @Test
        void aRelayOnLoopbackIsOneLikeAnother() {
            ourselves = listeningAt("127.0.0.1", 25);
            assertThat(towards(relay(false, "127.0.0.1:10025"), "a.example").hosts())
                    .containsExactly(host("127.0.0.1", 10025, "127.0.0.1"));
        }

        @Test
        void aRelayHostNeverIsThisServerItself() {
            dns.host("us.example", "192.0.2.1", "192.0.2.2").host("good.example", "192.0.2.1");
            ourselves = listeningAt("192.0.2.1", 25);
            Resolution.Towards towards =
                    towards(relay(false, "us.example", "good.example:26", "192.0.2.1"), "a.example");
            assertThat(towards.hosts())
                    .containsExactly(host("us.example", 25, "192.0.2.2"), host("good.example", 26, "192.0.2.1"));
            assertThat(towards.excluded()).extracting(ExcludedHost::host).containsExactly("us.example", "192.0.2.1");
            // It is asked for anew each time: what a name stands for changes.
            dns.host("us.example", "192.0.2.1");
            assertThat(resolve(relay(false, "us.example"), "a.example"))
                    .isEqualTo(
                            new Resolution.NotNow(
                                    "4.4.6",
                                    "the relay hosts of * (us.example:25) are this server itself: give others in 'relayHosts'"));
        }

        @Test
        void whereTheOtherRelayHostDoesNotResolveNowTheMailWaitsForIt() {
            ourselves = listeningAt("192.0.2.1", 25);
            assertThat(towards(relay(false, "192.0.2.1", "nowhere.example"), "a.example")
                            .hosts())
                    .containsExactly(host("nowhere.example", 25));
        }

        @Test
        void whereNoneResolvesTheMailIsNotLostEither() {
            assertThat(towards(SampleRoutes.relay("nowhere.example"), "a.example")
                            .hosts())
                    .containsExactly(host("nowhere.example", 25));
        }

        private List<String> order(Route route, Random random) {
            Resolution.Towards towards = (Resolution.Towards) resolve(route, "a.example", random);
            return towards.hosts().stream().map(SmtpHost::name).toList();
        }
    }

    /** What shares a lane. */
    @Nested
    class NextHops {
        @Test
        void domainsWithTheSameExchangersShareOne() {
            for (String domain : List.of("a.example", "b.example")) {
                dns.mx(domain, "10 mx1.example", "10 mx2.example", "10 mx3.example");
            }
            assertThat(nextHop(SampleRoutes.independent(), "a.example"))
                    .isEqualTo(nextHop(SampleRoutes.independent(), "b.example"))
                    .hasSameHashCodeAs(nextHop(SampleRoutes.independent(), "b.example"));
        }

        @Test
        void theShuffleWithinAPreferenceMakesNoDifference() { // RFC 5321 §5.1
            dns.mx("a.example", "10 mx1.example", "10 mx2.example", "10 mx3.example");
            List<NextHop> hops = IntStream.range(0, 20)
                    .mapToObj(seed -> resolve(SampleRoutes.independent(), "a.example", new Random(seed)))
                    .map(resolution -> ((Resolution.Towards) resolution).nextHop())
                    .toList();
            assertThat(hops.stream().map(NextHop::name).distinct()).hasSizeGreaterThan(1);
            assertThat(hops.stream().distinct()).hasSize(1);
        }

        @Test
        void otherExchangersOrPreferencesAreAnother() {
            dns.mx("a.example", "10 mx1.example", "20 mx2.example")
                    .mx("fewer.example", "10 mx1.example")
                    .mx("others.example", "10 mx1.example", "20 mx3.example")
                    .mx("reversed.example", "20 mx1.example", "10 mx2.example");
            NextHop hop = nextHop(SampleRoutes.independent(), "a.example");
            for (String domain : List.of("fewer.example", "others.example", "reversed.example")) {
                assertThat(nextHop(SampleRoutes.independent(), domain)).isNotEqualTo(hop);
            }
        }

        @Test
        void anotherPortIsAnother() {
            dns.mx("a.example", "10 mx1.example");
            assertThat(nextHop(SampleRoutes.of(new RouteMode.Independent(26, false)), "a.example"))
                    .isNotEqualTo(nextHop(SampleRoutes.independent(), "a.example"));
            List<RelayHost> hosts = List.of(RelayHost.parse("relay.example"));
            assertThat(nextHop(SampleRoutes.of(new RouteMode.Relay(hosts, false, 587)), "a.example"))
                    .isNotEqualTo(nextHop(SampleRoutes.of(new RouteMode.Relay(hosts, false, 25)), "a.example"));
        }

        @Test
        void otherCredentialsTlsSourceOrHeloNameAreAnother() {
            RouteMode mode = SampleRoutes.relay("relay.example").mode();
            List<ConnectionSettings> connections = List.of(
                    CONNECTION,
                    Changed.of(CONNECTION, "credentials", Credentials.password("one", () -> "secret")),
                    Changed.of(CONNECTION, "credentials", Credentials.password("two", () -> "secret")),
                    Changed.of(CONNECTION, "tls", TlsSettings.of(TlsMode.VERIFY)),
                    Changed.of(CONNECTION, "sourceAddress", ScriptedDns.address("192.0.2.7")),
                    Changed.of(CONNECTION, "sourceAddress", ScriptedDns.address("192.0.2.8")),
                    Changed.of(CONNECTION, "heloName", "other.example"));
            assertThat(connections.stream().map(connection -> nextHop(SampleRoutes.of(mode, connection), "a.example")))
                    .doesNotHaveDuplicates();
        }

        @Test
        void exchangersAndRelayHostsOfTheSameNameAreDifferent() {
            dns.mx("a.example", "10 relay.example");
            assertThat(nextHop(SampleRoutes.independent(), "a.example"))
                    .isNotEqualTo(nextHop(SampleRoutes.relay("relay.example"), "a.example"));
        }

        @Test
        void loadBalancingStaysOnOneNextHop() {
            Route route = relay(true, "192.0.2.1", "192.0.2.2", "192.0.2.3");
            assertThat(IntStream.range(0, 20)
                            .mapToObj(seed -> (Resolution.Towards) resolve(route, "a.example", new Random(seed)))
                            .map(Resolution.Towards::nextHop)
                            .distinct())
                    .hasSize(1);
        }

        @Test
        void theNameIsTheFirstThreeHosts() {
            NextHop few = nextHop(relay(false, "r1.example", "r2.example:587", "[::1]"), "a.example");
            NextHop many = nextHop(relay(false, "r1.example", "r2.example", "r3.example", "r4.example"), "a.example");
            assertThat(few).hasToString("r1.example,r2.example:587,[::1]");
            assertThat(many).hasToString("r1.example,r2.example,r3.example,…");
        }

        @Test
        void theKeyHoldsNoSecret() {
            ConnectionSettings connection =
                    Changed.of(CONNECTION, "credentials", Credentials.password("user", () -> "hunter2"));
            NextHop hop =
                    nextHop(SampleRoutes.of(SampleRoutes.relay("relay.example").mode(), connection), "a.example");
            assertThat(hop.key() + hop.name()).doesNotContain("hunter2");
        }

        private NextHop nextHop(Route route, String domain) {
            return towards(route, domain).nextHop();
        }
    }

    private static Ourselves listeningAt(String address, int port) {
        return new Ourselves() {
            @Override
            public boolean is(String hostName, List<InetAddress> addresses) {
                return false;
            }

            @Override
            public boolean listensAt(InetAddress place, int at) {
                return place.equals(ScriptedDns.address(address)) && at == port;
            }
        };
    }

    private static Route relay(boolean loadBalancing, String... hosts) {
        return SampleRoutes.of(
                new RouteMode.Relay(Arrays.stream(hosts).map(RelayHost::parse).toList(), loadBalancing, 25));
    }

    private static SmtpHost host(String name, int port, String... addresses) {
        List<InetAddress> parsed =
                Arrays.stream(addresses).map(ScriptedDns::address).toList();
        return new SmtpHost(name, port, parsed);
    }

    private Resolution.Towards towards(Route route, String domain) {
        return (Resolution.Towards) resolve(route, domain);
    }

    private Resolution resolve(Route route, String domain) {
        return resolve(route, domain, new Random(1));
    }

    private Resolution resolve(Route route, String domain, Random random) {
        Destination destination = SampleRoutes.table(route).destinationOf(domain);
        return dns.resolver(ourselves, random)
                .resolve(destination)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
