/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jamesoutgoing.dns.Exchangers.MailHosts;
import org.jamesoutgoing.dns.Exchangers.Malformed;
import org.jamesoutgoing.dns.Exchangers.NoMailHost;
import org.jamesoutgoing.dns.Exchangers.NoSuchDomain;
import org.jamesoutgoing.dns.Exchangers.NowhereAllowed;
import org.jamesoutgoing.dns.Exchangers.NullMx;
import org.jamesoutgoing.dns.Exchangers.OnlyOurselves;
import org.jamesoutgoing.dns.Exchangers.Unresolved;
import org.jamesoutgoing.dns.FakeDnsServer.Behaviour;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of RFC 5321 §5.1 and its neighbours, against a DNS server. */
class ExchangerLookupTest {
    private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");
    private static final Ourselves WE_ARE_MX_US =
            (host, addresses) -> host.equals("mx.us.example") || addresses.contains(ip("192.0.2.99"));

    private final FakeDnsServer dns = new FakeDnsServer();
    private final AtomicLong nanos = new AtomicLong();

    /** Long, so that a busy machine makes no difference; short where the server is silent. */
    private Duration timeout = Duration.ofSeconds(15);

    @BeforeEach
    void start() {
        dns.start();
        dns.with("mx1.example.com. 300 IN A 192.0.2.1\nmx2.example.com. 300 IN A 192.0.2.2\n"
                + "mx3.example.com. 300 IN A 192.0.2.3\nmx.us.example. 300 IN A 192.0.2.98\n"
                + "alias.us.example. 300 IN A 192.0.2.99");
    }

    @AfterEach
    void stop() {
        dns.close();
    }

    // ---- RFC 5321 §5.1: mail exchangers ----

    @Test
    void exchangersComeInTheOrderOfTheirPreference() {
        dns.with("example.com. 300 IN MX 20 mx2.example.com.\nexample.com. 300 IN MX 10 mx1.example.com.");
        MailHosts mailHosts = mailHosts("example.com");
        assertThat(mailHosts.domain()).isEqualTo("example.com");
        assertThat(mailHosts.exchangers())
                .containsExactly(
                        new MailExchanger("mx1.example.com", 10, List.of(ip("192.0.2.1"))),
                        new MailExchanger("mx2.example.com", 20, List.of(ip("192.0.2.2"))));
    }

    @Test
    void exchangersOfOnePreferenceAreShuffledAnewAtEveryLookupThoughDnsIsAskedOnce() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.\nexample.com. 300 IN MX 10 mx2.example.com.\n"
                + "example.com. 300 IN MX 20 mx3.example.com.");
        ExchangerLookup lookup = lookup(ExchangerOptions.DEFAULT, Ourselves.NOBODY);
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            orders.add(hosts((MailHosts) now(lookup.lookup("example.com", 25))));
        }
        assertThat(orders)
                .containsExactlyInAnyOrder(
                        List.of("mx1.example.com", "mx2.example.com", "mx3.example.com"),
                        List.of("mx2.example.com", "mx1.example.com", "mx3.example.com"));
        assertThat(dns.asked("example.com", "MX")).isOne();
        assertThat(dns.asked("mx1.example.com", "A")).isOne();
    }

    @Test
    void lowerPreferencesAreShuffledToo() {
        dns.with("example.com. 300 IN MX 1 mx3.example.com.\nexample.com. 300 IN MX 10 mx1.example.com.\n"
                + "example.com. 300 IN MX 10 mx2.example.com.");
        ExchangerLookup lookup = lookup(ExchangerOptions.DEFAULT, Ourselves.NOBODY);
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            orders.add(hosts((MailHosts) now(lookup.lookup("example.com", 25))));
        }
        assertThat(orders).hasSize(2).allMatch(order -> order.get(0).equals("mx3.example.com"));
    }

    @Test
    void allAddressesOfAnExchangerAreKeptIpv6AndIpv4InTurn() {
        dns.with("example.com. 300 IN MX 10 many.example.com.\nmany.example.com. 300 IN A 192.0.2.11\n"
                + "many.example.com. 300 IN A 192.0.2.12\nmany.example.com. 300 IN AAAA 2001:db8::11\n"
                + "many.example.com. 300 IN AAAA 2001:db8::12");
        List<InetAddress> addresses =
                mailHosts("example.com").exchangers().get(0).addresses();
        assertThat(addresses)
                .containsExactlyInAnyOrder(ip("192.0.2.11"), ip("192.0.2.12"), ip("2001:db8::11"), ip("2001:db8::12"));
        assertThat(addresses).extracting(a -> a.getAddress().length).containsExactly(16, 4, 16, 4);
    }

    @Test
    void anExchangerWithoutAddressStaysWithoutAddress() {
        dns.with("example.com. 300 IN MX 10 gone.example.com.\nexample.com. 300 IN MX 20 mx2.example.com.");
        assertThat(mailHosts("example.com").exchangers())
                .containsExactly(
                        new MailExchanger("gone.example.com", 10, List.of()),
                        new MailExchanger("mx2.example.com", 20, List.of(ip("192.0.2.2"))));
    }

    @Test
    void anExchangerWhoseAddressesCannotBeFoundOutStaysWithoutAddressButNotForLong() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.").behave("mx1.example.com", Behaviour.SERVFAIL);
        MailHosts mailHosts = mailHosts("example.com");
        assertThat(mailHosts.exchangers()).containsExactly(new MailExchanger("mx1.example.com", 10, List.of()));
        assertThat(mailHosts.expires()).isEqualTo(NOW.plus(ExchangerOptions.DEFAULT.failureTtl()));
    }

    @Test
    void whereOnlyIpv6IsUnknownTheIpv4AddressesServe() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.").behave("mx1.example.com", "AAAA", Behaviour.SERVFAIL);
        assertThat(mailHosts("example.com").exchangers())
                .containsExactly(new MailExchanger("mx1.example.com", 10, List.of(ip("192.0.2.1"))));
    }

    // ---- addresses that mail never goes to ----

    private static final List<String> LOCAL = List.of(
            "127.0.0.1",
            "127.255.0.9",
            "::1",
            "::ffff:127.0.0.1",
            "169.254.7.7",
            "fe80::7",
            "::ffff:169.254.0.1",
            // IPv4-compatible, NAT64 and 6to4 spellings of 127.0.0.1
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::");
    private static final List<String> NO_HOSTS =
            List.of("0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "ff02::1", "255.255.255.255");

    private static Stream<String> badAddresses() {
        return Stream.concat(LOCAL.stream(), NO_HOSTS.stream());
    }

    private void mxAt(String domain, List<String> addresses) {
        dns.with(domain + ". 300 IN MX 10 mx." + domain + ".");
        addresses("mx." + domain, addresses);
    }

    private void addresses(String host, List<String> addresses) {
        for (String address : addresses) {
            dns.with(host + ". 300 IN " + (address.contains(":") ? "AAAA " : "A ") + address);
        }
    }

    @ParameterizedTest
    @MethodSource("badAddresses")
    void mailNeverGoesToLoopbackLinkLocalOrUnspecifiedAddresses(String address) {
        mxAt("example.com", List.of(address));
        addresses("plain.example", List.of(address));
        for (String domain : List.of(
                "example.com",
                "plain.example",
                address.contains(":") ? "[IPv6:" + address + "]" : "[" + address + "]")) {
            assertThat(result(domain)).isInstanceOfSatisfying(NowhereAllowed.class, nowhere -> assertThat(
                            nowhere.excluded())
                    .hasSize(1)
                    .allMatch(excluded -> excluded.why().startsWith(ip(address).getHostAddress() + " is ")));
        }
    }

    @Test
    void anExchangerWithSomeGoodAddressesKeepsOnlyThose() {
        List<String> all = Stream.of(LOCAL, NO_HOSTS, List.of("192.0.2.5"))
                .flatMap(List::stream)
                .toList();
        mxAt("example.com", all);
        MailHosts mailHosts = mailHosts("example.com");
        assertThat(mailHosts.exchangers())
                .containsExactly(new MailExchanger("mx.example.com", 10, List.of(ip("192.0.2.5"))));
        assertThat(mailHosts.excluded())
                .hasSize(all.size() - 2) // ::ffff:127.0.0.1 is 127.0.0.1
                .contains(new ExcludedHost("mx.example.com", "127.0.0.1 is a loopback address"));
    }

    @Test
    void anExchangerWithoutAGoodAddressIsLeftOutAndTheOthersStay() {
        mxAt("example.com", List.of("127.0.0.1"));
        dns.with("example.com. 300 IN MX 5 localhost.\nexample.com. 300 IN MX 20 mx2.example.com.\n"
                + "example.com. 300 IN MX 30 gone.example.com.");
        MailHosts mailHosts = mailHosts("example.com");
        assertThat(hosts(mailHosts)).containsExactly("mx2.example.com", "gone.example.com");
        assertThat(mailHosts.withoutUs()).isFalse();
        assertThat(mailHosts.excluded())
                .extracting(ExcludedHost::host)
                .containsExactly("localhost", "localhost", "mx.example.com");
    }

    @Test
    void goodAddressesAreNotCutOffByBadOnes() {
        List<String> all = new ArrayList<>(List.of("192.0.2.5"));
        for (int i = 1; i <= 40; i++) {
            all.add("127.0.0." + i);
        }
        mxAt("example.com", all);
        assertThat(mailHosts("example.com").exchangers().get(0).addresses()).containsExactly(ip("192.0.2.5"));
    }

    @Test
    void aLaboratoryMayHaveLocalExchangersButNeverThoseThatThisJamesListensAt() {
        ExchangerOptions laboratory = Changed.of(ExchangerOptions.DEFAULT, "localExchangers", true);
        Ourselves at25 = new Ourselves() {
            @Override
            public boolean is(String hostName, List<InetAddress> addresses) {
                return false;
            }

            @Override
            public boolean listensAt(InetAddress address, int port) {
                return address.equals(ip("127.0.0.1")) && port == 25;
            }
        };
        mxAt("example.com", List.of("127.0.0.1", "127.0.0.2", "0.0.0.0"));
        ExchangerLookup lookup = lookup(laboratory, at25);
        MailHosts mailHosts = (MailHosts) now(lookup.lookup("example.com", 25));
        assertThat(mailHosts.exchangers().get(0).addresses()).containsExactly(ip("127.0.0.2"));
        assertThat(mailHosts.excluded())
                .containsExactlyInAnyOrder(
                        new ExcludedHost("mx.example.com", "this James listens at 127.0.0.1 port 25"),
                        new ExcludedHost("mx.example.com", "0.0.0.0 is no address of a host"));
        assertThat(now(lookup.lookup("[127.0.0.1]", 25))).isInstanceOf(NowhereAllowed.class);
        assertThat(now(lookup.lookup("[127.0.0.1]", 26))).isInstanceOf(MailHosts.class);
    }

    @Test
    void anAddressAsExchangerIsToleratedThoughAgainstTheRule() {
        dns.with("example.com. 300 IN MX 10 192.0.2.7.");
        assertThat(mailHosts("example.com").exchangers())
                .containsExactly(new MailExchanger("192.0.2.7", 10, List.of(ip("192.0.2.7"))));
    }

    @Test
    void anExchangerThatIsNoHostNameStaysWithoutAddressAndIsNotAskedFor() {
        dns.with("example.com. 300 IN MX 10 we\\032ird.example.com.");
        assertThat(mailHosts("example.com").exchangers().get(0).addresses()).isEmpty();
        assertThat(dns.asked()).containsExactly("example.com MX");
    }

    @Test
    void anExchangerThatIsAnAliasIsFollowed() {
        // RFC 2181 §10.3 forbids it; RFC 5321 §5.1 leaves it open.
        dns.with("example.com. 300 IN MX 10 www.example.com.\nwww.example.com. 300 IN CNAME mx1.example.com.");
        assertThat(mailHosts("example.com").exchangers())
                .containsExactly(new MailExchanger("www.example.com", 10, List.of(ip("192.0.2.1"))));
    }

    @Test
    void aHostListedTwiceKeepsItsBetterPreference() {
        dns.with("example.com. 300 IN MX 30 mx1.example.com.\nexample.com. 300 IN MX 10 mx1.example.com.");
        assertThat(mailHosts("example.com").exchangers())
                .extracting(MailExchanger::preference)
                .containsExactly(10);
    }

    @Test
    void noMoreThanTheBestTwentyExchangersAndSixteenAddressesAreUsed() {
        for (int i = 1; i <= 30; i++) {
            dns.with("example.com. 300 IN MX " + (100 + i) + " h" + i + ".example.com.\n");
            dns.with("h1.example.com. 300 IN A 192.0.2." + i + "\nh1.example.com. 300 IN AAAA 2001:db8::" + i);
        }
        List<MailExchanger> exchangers = mailHosts("example.com").exchangers();
        assertThat(exchangers).hasSize(20).extracting(MailExchanger::preference).allMatch(p -> p <= 120);
        assertThat(exchangers.get(0).addresses()).hasSize(16);
        assertThat(dns.asked("h21.example.com", "A")).isZero();
    }

    // ---- RFC 5321 §5.1: no MX ----

    @Test
    void aDomainWithoutMxIsItsOwnExchanger() {
        dns.with("plain.example. 300 IN A 192.0.2.9\nplain.example. 300 IN AAAA 2001:db8::9");
        assertThat(mailHosts("plain.example").exchangers())
                .containsExactly(new MailExchanger("plain.example", 0, List.of(ip("2001:db8::9"), ip("192.0.2.9"))));
    }

    @Test
    void addressesOfADomainWithMxAreNeverUsed() {
        dns.with("example.com. 300 IN MX 10 gone.example.com.\nexample.com. 300 IN A 192.0.2.80");
        assertThat(mailHosts("example.com").exchangers())
                .containsExactly(new MailExchanger("gone.example.com", 10, List.of()));
        assertThat(dns.asked("example.com", "A")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVFAIL", "REFUSED", "SILENCE", "GARBAGE", "WRONG_ID", "WRONG_QUESTION", "REFERRAL"})
    void whenTheMxQuestionHasNoAnswerTheMailWaitsAndAddressesAreNotUsed(Behaviour behaviour) {
        dns.with("example.com. 300 IN A 192.0.2.80").behave("example.com", "MX", behaviour);
        timeout = Duration.ofMillis(200);
        Exchangers result = result("example.com");
        assertThat(result).isInstanceOf(Unresolved.class);
        assertThat(((Unresolved) result).why()).contains("127.0.0.1#" + dns.port());
        assertThat(dns.asked("example.com", "A")).isZero();
    }

    @Test
    void whenTheAddressQuestionOfADomainWithoutMxHasNoAnswerTheMailWaits() {
        dns.with("plain.example. 300 IN TXT x").behave("plain.example", "A", Behaviour.SERVFAIL);
        assertThat(result("plain.example")).isInstanceOf(Unresolved.class);
    }

    @Test
    void aDomainThatDoesNotExistFails() {
        assertThat(result("nowhere.example")).isEqualTo(new NoSuchDomain("nowhere.example"));
        assertThat(dns.asked()).containsExactly("nowhere.example MX");
    }

    @Test
    void aDomainWithNeitherMxNorAddressFails() {
        dns.with("text.example. 300 IN TXT hello");
        assertThat(result("text.example")).isEqualTo(new NoMailHost("text.example"));
    }

    @Test
    void noDataWithoutSoaIsNoDataToo() {
        // RFC 2308 §2.2, "NODATA TYPE 3"
        dns.with("plain.example. 300 IN A 192.0.2.9").behave("plain.example", Behaviour.NO_SOA);
        assertThat(hosts(mailHosts("plain.example"))).containsExactly("plain.example");
    }

    // ---- RFC 7505: null MX ----

    @Test
    void aNullMxFailsWithoutAddressQuestion() {
        dns.with("null.example. 300 IN MX 0 .\nnull.example. 300 IN A 192.0.2.80");
        assertThat(result("null.example")).isEqualTo(new NullMx("null.example"));
        assertThat(dns.asked()).containsExactly("null.example MX");
    }

    @Test
    void aNullMxBesideOthersIsIgnored() {
        dns.with("example.com. 300 IN MX 0 .\nexample.com. 300 IN MX 10 mx1.example.com.");
        assertThat(hosts(mailHosts("example.com"))).containsExactly("mx1.example.com");
    }

    // ---- RFC 5321 §5.1: ourselves ----

    @Test
    void whereWeAreListedEqualAndWorseExchangersAreDropped() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.\nexample.com. 300 IN MX 20 mx2.example.com.\n"
                + "example.com. 300 IN MX 20 mx.us.example.\nexample.com. 300 IN MX 30 mx3.example.com.");
        MailHosts mailHosts = (MailHosts) result("example.com", ExchangerOptions.DEFAULT, WE_ARE_MX_US);
        assertThat(hosts(mailHosts)).containsExactly("mx1.example.com");
        assertThat(mailHosts.excluded())
                .containsExactlyInAnyOrder(
                        new ExcludedHost("mx.us.example", "this server itself"),
                        new ExcludedHost("mx2.example.com", "not preferred to this server"),
                        new ExcludedHost("mx3.example.com", "not preferred to this server"));
    }

    @Test
    void weRecogniseOurselvesByAddressToo() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.\nexample.com. 300 IN MX 20 alias.us.example.\n"
                + "example.com. 300 IN MX 30 mx3.example.com.");
        assertThat(hosts((MailHosts) result("example.com", ExchangerOptions.DEFAULT, WE_ARE_MX_US)))
                .containsExactly("mx1.example.com");
    }

    @Test
    void whereOnlyWeAreLeftTheMailFailsWithoutAddressQuestion() {
        dns.with("example.com. 300 IN MX 10 mx.us.example.\nexample.com. 300 IN MX 20 mx2.example.com.\n"
                + "example.com. 300 IN A 192.0.2.80");
        assertThat(result("example.com", ExchangerOptions.DEFAULT, WE_ARE_MX_US))
                .isEqualTo(new OnlyOurselves("example.com"));
        assertThat(dns.asked("example.com", "A")).isZero();
    }

    @Test
    void aDomainWithoutMxThatIsOurselvesFails() {
        dns.with("web.us.example. 300 IN A 192.0.2.99");
        assertThat(result("web.us.example", ExchangerOptions.DEFAULT, WE_ARE_MX_US))
                .isEqualTo(new OnlyOurselves("web.us.example"));
    }

    @Test
    void theLimitOnExchangersDoesNotCutOffOurselves() {
        for (int i = 1; i <= 30; i++) {
            dns.with("example.com. 300 IN MX 10 h" + i + ".example.com.");
        }
        dns.with("example.com. 300 IN MX 10 mx.us.example.");
        assertThat(result("example.com", ExchangerOptions.DEFAULT, WE_ARE_MX_US))
                .isEqualTo(new OnlyOurselves("example.com"));
    }

    // ---- RFC 5321 §5.1: CNAME at the domain ----

    @ParameterizedTest
    @ValueSource(strings = {"ANSWER", "ONE_ALIAS"})
    void aDomainThatIsAnAliasUsesTheExchangersOfItsTarget(Behaviour behaviour) {
        dns.with("alias.example. 300 IN CNAME next.example.\nnext.example. 300 IN CNAME example.com.\n"
                        + "example.com. 300 IN MX 10 mx1.example.com.")
                .behaveEverywhere(behaviour);
        MailHosts mailHosts = mailHosts("alias.example");
        assertThat(mailHosts.domain()).isEqualTo("alias.example");
        assertThat(hosts(mailHosts)).containsExactly("mx1.example.com");
    }

    @Test
    void anAliasOfADomainWithoutMxUsesTheAddressesOfItsTarget() {
        dns.with("alias.example. 300 IN CNAME plain.example.\nplain.example. 300 IN A 192.0.2.9");
        assertThat(mailHosts("alias.example").exchangers())
                .containsExactly(new MailExchanger("plain.example", 0, List.of(ip("192.0.2.9"))));
    }

    @Test
    void anAliasOfNothingFails() {
        dns.with("alias.example. 300 IN CNAME nowhere.example.");
        assertThat(result("alias.example")).isEqualTo(new NoSuchDomain("alias.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANSWER", "ONE_ALIAS"})
    void aLoopOfAliasesMakesTheMailWait(Behaviour behaviour) {
        dns.with("a.example. 300 IN CNAME b.example.\nb.example. 300 IN CNAME a.example.")
                .behaveEverywhere(behaviour);
        Exchangers result = result("a.example");
        assertThat(result).isInstanceOf(Unresolved.class);
        assertThat(((Unresolved) result).why()).contains("CNAME loop");
        assertThat(dns.asked().size()).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANSWER", "ONE_ALIAS"})
    void aChainOfTenAliasesIsFollowedAndNoLongerOne(Behaviour behaviour) {
        dns.behaveEverywhere(behaviour);
        for (int i = 0; i < 11; i++) {
            dns.with("c" + i + ".example. 300 IN CNAME c" + (i + 1) + ".example.");
        }
        dns.with("c11.example. 300 IN MX 10 mx1.example.com.");
        assertThat(hosts(mailHosts("c1.example"))).containsExactly("mx1.example.com");
        assertThat(result("c0.example")).isInstanceOf(Unresolved.class);
    }

    // ---- the domain as it is written: RFC 5321 §4.1.3, RFC 5891 ----

    @ParameterizedTest
    @ValueSource(strings = {"bücher.example", "BÜCHER.Example.", "xn--bcher-kva.example", "XN--BCHER-KVA.EXAMPLE."})
    void anInternationalDomainIsAskedForInAsciiInAnySpelling(String spelling) {
        dns.with("xn--bcher-kva.example. 300 IN MX 10 mx1.example.com.");
        MailHosts mailHosts = mailHosts(spelling);
        assertThat(mailHosts.domain()).isEqualTo("xn--bcher-kva.example");
        assertThat(hosts(mailHosts)).containsExactly("mx1.example.com");
    }

    @Test
    void anAddressLiteralNeedsNoDns() {
        dns.behaveEverywhere(Behaviour.SERVFAIL);
        assertThat(mailHosts("[192.0.2.1]").exchangers())
                .containsExactly(new MailExchanger("[192.0.2.1]", 0, List.of(ip("192.0.2.1"))));
        assertThat(mailHosts("[IPv6:2001:db8::1]").exchangers().get(0).addresses())
                .containsExactly(ip("2001:db8::1"));
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void anAddressLiteralThatIsOurselvesFails() {
        assertThat(result("[192.0.2.99]", ExchangerOptions.DEFAULT, WE_ARE_MX_US))
                .isEqualTo(new OnlyOurselves("[192.0.2.99]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "[1.2.3]", "192.0.2.1", "a b.example", "a\r\nb", "[foo:bar]"})
    void aMalformedDomainFailsWithoutDnsAndWithoutException(String domain) {
        Exchangers result = result(domain);
        assertThat(result).isInstanceOf(Malformed.class);
        assertThat(result.domain() + ((Malformed) result).why()).doesNotContain("\r", "\n");
        assertThat(dns.asked()).isEmpty();
    }

    // ---- parent domain ----

    @Test
    void theParentDomainIsNotAskedUnlessToldTo() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.");
        assertThat(result("web1.example.com")).isEqualTo(new NoSuchDomain("web1.example.com"));
    }

    @Test
    void onRequestADomainWithoutMxUsesThoseOfItsParentRatherThanItsOwnAddress() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.\nweb1.example.com. 300 IN A 192.0.2.80");
        MailHosts mailHosts = (MailHosts) result("web1.example.com", withParent(), Ourselves.NOBODY);
        assertThat(mailHosts.domain()).isEqualTo("web1.example.com");
        assertThat(hosts(mailHosts)).containsExactly("mx1.example.com");
        assertThat(hosts((MailHosts) result("nowhere.example.com", withParent(), Ourselves.NOBODY)))
                .containsExactly("mx1.example.com");
    }

    @Test
    void aParentWithoutMxOrWithNullMxChangesNothing() {
        dns.with("web1.plain.example. 300 IN A 192.0.2.80\nnull.example. 300 IN MX 0 .\n"
                + "web1.null.example. 300 IN A 192.0.2.81");
        assertThat(hosts((MailHosts) result("web1.plain.example", withParent(), Ourselves.NOBODY)))
                .containsExactly("web1.plain.example");
        assertThat(hosts((MailHosts) result("web1.null.example", withParent(), Ourselves.NOBODY)))
                .containsExactly("web1.null.example");
        assertThat(result("nowhere.plain.example", withParent(), Ourselves.NOBODY))
                .isEqualTo(new NoSuchDomain("nowhere.plain.example"));
    }

    @Test
    void theNearestOfAllParentsThatHasExchangersIsUsed() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.\nb.example.com. 300 IN MX 0 .\n"
                + "x.deep.example.com. 300 IN MX 10 mx2.example.com.\na.b.example.com. 300 IN A 192.0.2.80");
        assertThat(hosts((MailHosts) result("a.b.example.com", withParent(), Ourselves.NOBODY)))
                .containsExactly("mx1.example.com");
        assertThat(hosts((MailHosts) result("d.c.b.example.com", withParent(), Ourselves.NOBODY)))
                .containsExactly("mx1.example.com");
        assertThat(hosts((MailHosts) result("w.x.deep.example.com", withParent(), Ourselves.NOBODY)))
                .containsExactly("mx2.example.com");
    }

    @Test
    void withoutExchangersUpToTheTopLevelDomainTheDomainsOwnAddressIsUsed() {
        dns.with("com. 300 IN MX 10 mx.nic.com.\na.b.plain.com. 300 IN A 192.0.2.80");
        assertThat(hosts((MailHosts) result("a.b.plain.com", withParent(), Ourselves.NOBODY)))
                .containsExactly("a.b.plain.com");
        assertThat(dns.asked()).contains("b.plain.com MX", "plain.com MX").doesNotContain("com MX");
    }

    @Test
    void aTopLevelDomainIsNobodysParent() {
        result("nowhere.example", withParent(), Ourselves.NOBODY);
        assertThat(dns.asked()).containsExactly("nowhere.example MX");
    }

    @Test
    void aParentThatCannotBeAskedMakesTheMailWait() {
        dns.with("web1.example.com. 300 IN A 192.0.2.80").behave("example.com", Behaviour.SERVFAIL);
        assertThat(result("web1.example.com", withParent(), Ourselves.NOBODY)).isInstanceOf(Unresolved.class);
    }

    // ---- time ----

    @Test
    void theAnswerExpiresWithTheFirstOfItsRecords() {
        dns.with("example.com. 600 IN MX 10 short.example.com.\nshort.example.com. 120 IN A 192.0.2.1");
        assertThat(mailHosts("example.com").expires()).isEqualTo(NOW.plusSeconds(120));
    }

    @Test
    void cachedAnswersHaveLessTimeLeftAndAreAskedForAgainAfterwards() {
        dns.with("example.com. 600 IN MX 10 mx1.example.com.");
        ExchangerLookup lookup = lookup(ExchangerOptions.DEFAULT, Ourselves.NOBODY);
        assertThat(((MailHosts) now(lookup.lookup("example.com", 25))).expires())
                .isEqualTo(NOW.plusSeconds(300));
        nanos.addAndGet(Duration.ofSeconds(100).toNanos());
        assertThat(((MailHosts) now(lookup.lookup("EXAMPLE.com.", 25))).expires())
                .isEqualTo(NOW.plusSeconds(200));
        nanos.addAndGet(Duration.ofSeconds(201).toNanos());
        now(lookup.lookup("example.com", 25));
        assertThat(dns.asked("mx1.example.com", "A")).isEqualTo(2);
        assertThat(dns.asked("example.com", "MX")).isOne();
    }

    @Test
    void dnsDownThenUpIsNoticedWithinSeconds() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.").behaveEverywhere(Behaviour.SERVFAIL);
        ExchangerLookup lookup = lookup(ExchangerOptions.DEFAULT, Ourselves.NOBODY);
        assertThat(now(lookup.lookup("example.com", 25))).isInstanceOf(Unresolved.class);
        dns.behaveEverywhere(Behaviour.ANSWER);
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(now(lookup.lookup("example.com", 25))).isInstanceOf(MailHosts.class);
    }

    @Test
    void concurrentLookupsOfOneDomainAreOneQuestion() throws Exception {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.").behave("example.com", Behaviour.HOLD);
        ExchangerLookup lookup = lookup(ExchangerOptions.DEFAULT, Ourselves.NOBODY);
        List<CompletableFuture<Exchangers>> all = Stream.generate(() -> lookup.lookup("example.com", 25))
                .limit(100)
                .toList();
        dns.awaitAsked("example.com", "MX", 1);
        all.get(0).cancel(true);
        dns.release();
        all.subList(1, 100).forEach(one -> assertThat(now(one)).isInstanceOf(MailHosts.class));
        assertThat(dns.asked("example.com", "MX")).isOne();
        assertThat(dns.asked("mx1.example.com", "A")).isOne();
    }

    @Test
    void aResolverThatNeverAnswersMakesTheMailWait() {
        Resolver never = new ScriptedResolver();
        Exchangers result = now(new ExchangerLookup(
                        never,
                        Changed.of(ExchangerOptions.DEFAULT, "deadline", Duration.ofMillis(50)),
                        Ourselves.NOBODY,
                        new Random(1),
                        Clock.systemUTC(),
                        nanos::get)
                .lookup("example.com", 25));
        assertThat(result).isEqualTo(new Unresolved("example.com", "no answer within 50 ms"));
    }

    @Test
    void addressesThatAreNotThereInTimeDoNotHoldUpTheOthers() {
        Resolver half = new ScriptedResolver()
                .mx(
                        "example.com",
                        new MxAnswer.Records(
                                "example.com",
                                List.of(new MxRecord(10, "mx1.example.com"), new MxRecord(20, "mx2.example.com")),
                                Duration.ofMinutes(5)))
                .address(
                        "mx2.example.com",
                        new AddressAnswer.Addresses(List.of(ip("192.0.2.2")), Duration.ofMinutes(5)));
        MailHosts mailHosts = (MailHosts) now(new ExchangerLookup(
                        half,
                        Changed.of(ExchangerOptions.DEFAULT, "deadline", Duration.ofMillis(50)),
                        Ourselves.NOBODY,
                        new Random(1),
                        Clock.systemUTC(),
                        nanos::get)
                .lookup("example.com", 25));
        assertThat(mailHosts.exchangers())
                .containsExactly(
                        new MailExchanger("mx1.example.com", 10, List.of()),
                        new MailExchanger("mx2.example.com", 20, List.of(ip("192.0.2.2"))));
    }

    @Test
    void aBugOfOursMakesTheMailWait() {
        dns.with("example.com. 300 IN MX 10 mx1.example.com.");
        Ourselves broken = (host, addresses) -> {
            throw new IllegalStateException("bug");
        };
        assertThat(result("example.com", ExchangerOptions.DEFAULT, broken)).isInstanceOf(Unresolved.class);
        assertThat(result("[192.0.2.1]", ExchangerOptions.DEFAULT, broken)).isInstanceOf(Unresolved.class);
    }

    private MailHosts mailHosts(String domain) {
        Exchangers result = result(domain);
        assertThat(result).isInstanceOf(MailHosts.class);
        return (MailHosts) result;
    }

    private Exchangers result(String domain) {
        return result(domain, ExchangerOptions.DEFAULT, Ourselves.NOBODY);
    }

    private Exchangers result(String domain, ExchangerOptions options, Ourselves ourselves) {
        return now(lookup(options, ourselves).lookup(domain, 25));
    }

    private ExchangerLookup lookup(ExchangerOptions options, Ourselves ourselves) {
        return new ExchangerLookup(
                new DnsjavaResolver(dns.servers(), timeout, 1, ForkJoinPool.commonPool(), nanos::get),
                options,
                ourselves,
                new Random(1),
                Clock.fixed(NOW, ZoneOffset.UTC),
                nanos::get);
    }

    private static ExchangerOptions withParent() {
        return Changed.of(ExchangerOptions.DEFAULT, "parentDomain", true);
    }

    private static List<String> hosts(MailHosts mailHosts) {
        return mailHosts.exchangers().stream().map(MailExchanger::host).toList();
    }

    private static <T> T now(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
