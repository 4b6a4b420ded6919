/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jamesoutgoing.dns.FakeDnsServer.Behaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DnsjavaResolverTest {
    private final FakeDnsServer first = new FakeDnsServer();
    private final FakeDnsServer second = new FakeDnsServer();
    private final AtomicLong nanos = new AtomicLong();

    /** Long, so that a busy machine makes no difference; short where a server is silent. */
    private Duration timeout = Duration.ofSeconds(15);

    @BeforeEach
    void start() {
        String zone = "example.com. 300 IN MX 10 MX.Example.Com.\nmx.example.com. 200 IN A 192.0.2.1\n";
        first.start().with(zone);
        second.start().with(zone);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void recordsComeInLowerCaseWithoutDotAndWithTheirTimeToLive() {
        assertThat(mx(resolver(first.servers()), "example.com"))
                .isEqualTo(new MxAnswer.Records(
                        "example.com", List.of(new MxRecord(10, "mx.example.com")), Duration.ofMinutes(5)));
    }

    @Test
    void aTruncatedReplyIsAskedForAgainByTcp() { // RFC 7766 §5
        first.behave("example.com", Behaviour.TRUNCATED);
        DnsjavaResolver resolver = resolver(first.servers(), Duration.ofSeconds(3), 2);
        assertThat(mx(resolver, "example.com")).isInstanceOf(MxAnswer.Records.class);
        assertThat(first.asked("example.com", "MX")).isEqualTo(2);
    }

    @Test
    void anAnswerLargerThanAPacketArrivesWhole() {
        for (int i = 0; i < 80; i++) {
            first.with("big.example. 300 IN MX 10 a-rather-long-host-name-" + i + ".big.example.");
        }
        MxAnswer answer = mx(resolver(first.servers(), Duration.ofSeconds(3), 2), "big.example");
        assertThat(((MxAnswer.Records) answer).records()).hasSize(80);
    }

    @Test
    void aServerWithoutEdnsIsAskedWithoutIt() { // RFC 6891 §7
        first.behave("example.com", Behaviour.NO_EDNS);
        assertThat(mx(resolver(first.servers()), "example.com")).isInstanceOf(MxAnswer.Records.class);
    }

    @Test
    void recordsNobodyAskedForAreIgnored() { // RFC 2181 §5.4.1, CVE-2024-25638
        first.with("unrelated.example. 5 IN MX 1 evil.example.").behave("example.com", Behaviour.UNRELATED_TOO);
        MxAnswer.Records answer = (MxAnswer.Records) mx(resolver(first.servers()), "example.com");
        assertThat(answer.records()).containsExactly(new MxRecord(10, "mx.example.com"));
        assertThat(answer.ttl()).isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @EnumSource(
            value = Behaviour.class,
            names = {"SERVFAIL", "REFUSED", "SILENCE", "GARBAGE", "WRONG_ID", "WRONG_QUESTION", "REFERRAL"})
    void whereOneServerHasNoAnswerTheNextIsAsked(Behaviour behaviour) {
        timeout = Duration.ofMillis(700);
        first.behaveEverywhere(behaviour);
        assertThat(mx(resolver(both()), "example.com")).isInstanceOf(MxAnswer.Records.class);
        assertThat(second.asked()).containsExactly("example.com MX");
    }

    @Test
    void aNoIsAnAnswerAndNoOtherServerIsAsked() {
        assertThat(mx(resolver(both()), "nowhere.example")).isInstanceOf(MxAnswer.NoSuchName.class);
        assertThat(mx(resolver(both()), "mx.example.com")).isInstanceOf(MxAnswer.NoData.class);
        assertThat(second.asked()).isEmpty();
    }

    @Test
    void theReasonNamesEveryServerAndItsTrouble() {
        timeout = Duration.ofMillis(700);
        first.behaveEverywhere(Behaviour.SERVFAIL);
        second.behaveEverywhere(Behaviour.SILENCE);
        assertThat(mx(resolver(both()), "example.com"))
                .isEqualTo(new MxAnswer.Unavailable("DNS server 127.0.0.1#" + first.port()
                        + ": SERVFAIL; DNS server 127.0.0.1#" + second.port() + ": no answer"));
    }

    @Test
    void aServerThatIsNotThereIsFoundOutWithoutWaiting() throws Exception {
        int port;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        DnsServers servers = DnsServers.of("127.0.0.1:" + port);
        assertThat(mx(resolver(servers, Duration.ofMinutes(1), 2), "example.com"))
                .isEqualTo(new MxAnswer.Unavailable("DNS server 127.0.0.1#" + port + ": nothing listens there"));
    }

    @Test
    void everyServerIsAskedAsOftenAsToldBeforeTheFallbackIs() {
        timeout = Duration.ofMillis(700);
        first.behaveEverywhere(Behaviour.SILENCE);
        second.without("example.com");
        DnsServers servers = first.servers().or(second.servers());
        assertThat(mx(resolver(servers, 2), "example.com")).isInstanceOf(MxAnswer.NoData.class);
        assertThat(first.asked("example.com", "MX")).isEqualTo(2);
    }

    @Test
    void theFallbackIsNotAskedWhileTheGivenServerAnswers() {
        mx(resolver(first.servers().or(second.servers())), "nowhere.example");
        assertThat(second.asked()).isEmpty();
    }

    @Test
    void aServerThatKeepsSilentComesLastUntilHalfAMinuteHasPassed() {
        timeout = Duration.ofMillis(700);
        first.behaveEverywhere(Behaviour.SILENCE);
        DnsjavaResolver resolver = resolver(both());
        for (int i = 0; i < 5; i++) {
            mx(resolver, "example.com");
        }
        assertThat(first.asked("example.com", "MX")).isEqualTo(Nameserver.SUSPECT_AFTER);
        nanos.addAndGet(Nameserver.SUSPECT_FOR.toNanos());
        first.behaveEverywhere(Behaviour.ANSWER);
        mx(resolver, "example.com");
        assertThat(first.asked("example.com", "MX")).isEqualTo(Nameserver.SUSPECT_AFTER + 1);
        assertThat(second.asked("example.com", "MX")).isEqualTo(5);
    }

    @Test
    void bothFamiliesOfAddressesAreAskedFor() {
        first.with("mx.example.com. 100 IN AAAA 2001:db8::1");
        AddressAnswer.Addresses answer =
                (AddressAnswer.Addresses) addresses(resolver(first.servers()), "mx.example.com");
        assertThat(answer.addresses())
                .extracting(InetAddress::getHostAddress)
                .containsExactlyInAnyOrder("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(answer.ttl()).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void aFamilyWithoutAddressesDoesNotShortenTheTimeToLive() {
        AddressAnswer.Addresses answer =
                (AddressAnswer.Addresses) addresses(resolver(first.servers()), "mx.example.com");
        assertThat(answer.ttl()).isEqualTo(Duration.ofSeconds(200));
    }

    @Test
    void halfAnAnswerIsNotToBeKept() {
        first.behave("mx.example.com", "AAAA", Behaviour.SERVFAIL);
        AddressAnswer.Addresses answer =
                (AddressAnswer.Addresses) addresses(resolver(first.servers()), "mx.example.com");
        assertThat(answer.addresses()).hasSize(1);
        assertThat(answer.ttl()).isZero();
    }

    @Test
    void doubtAboutOneFamilyIsDoubtWhereTheOtherHasNothing() {
        first.behave("mx.example.com", "A", Behaviour.SERVFAIL);
        assertThat(addresses(resolver(first.servers()), "mx.example.com"))
                .isInstanceOf(AddressAnswer.Unavailable.class);
    }

    @Test
    void aServerThatDeniesANameForOneFamilyOnlyIsNotBelieved() {
        // Load balancers answer NXDOMAIN for AAAA (RFC 4074 §4.2).
        first.behave("mx.example.com", "AAAA", Behaviour.NXDOMAIN);
        assertThat(addresses(resolver(first.servers()), "mx.example.com")).isInstanceOf(AddressAnswer.Addresses.class);
    }

    @Test
    void aNoMayBeKeptAsLongAsTheSoaSays() { // RFC 2308 §5
        first.with("zone.example. 900 IN SOA ns.zone.example. admin.zone.example. 1 2 3 4 120\n"
                + "short.example. 30 IN SOA ns.zone.example. admin.zone.example. 1 2 3 4 120");
        DnsjavaResolver resolver = resolver(first.servers());
        assertThat(mx(resolver, "a.zone.example")).isEqualTo(new MxAnswer.NoSuchName(Duration.ofMinutes(2)));
        assertThat(mx(resolver, "a.short.example")).isEqualTo(new MxAnswer.NoSuchName(Duration.ofSeconds(30)));
        first.behaveEverywhere(Behaviour.NO_SOA);
        assertThat(mx(resolver, "a.zone.example")).isEqualTo(new MxAnswer.NoSuchName(Duration.ZERO));
    }

    @Test
    void aSearchDomainIsNeverAppended() {
        mx(resolver(first.servers()), "intranet");
        assertThat(first.asked()).containsExactly("intranet MX");
    }

    @Test
    void whatIsNoNameDoesNotExist() {
        DnsjavaResolver resolver = resolver(first.servers());
        assertThat(mx(resolver, "a..b")).isInstanceOf(MxAnswer.NoSuchName.class);
        assertThat(addresses(resolver, "x".repeat(64))).isInstanceOf(AddressAnswer.NoSuchName.class);
        assertThat(first.asked()).isEmpty();
    }

    @Test
    void manyQuestionsAtOnceAreAllAnswered() {
        DnsjavaResolver resolver = resolver(first.servers());
        IntStream.range(0, 1000).forEach(i -> first.with("d" + i + ".example. 300 IN A 192.0.2.1"));
        List<CompletableFuture<AddressAnswer>> all = IntStream.range(0, 1000)
                .mapToObj(i -> resolver.addresses("d" + i + ".example"))
                .toList();
        all.forEach(one -> assertThat(now(one)).isInstanceOf(AddressAnswer.Addresses.class));
    }

    @Test
    void aStrayPacketDoesNotEndAQuestion() throws Exception { // RFC 5452 §9.1
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            DnsServers servers = DnsServers.of("127.0.0.1:" + server.getLocalPort());
            CompletableFuture<MxAnswer> answer =
                    resolver(servers, Duration.ofSeconds(10), 1).mailExchangers("example.com");
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            server.setSoTimeout(10_000);
            server.receive(packet);
            InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
            byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
            byte[] wrongId = question.clone();
            wrongId[0] ^= 1;
            byte[] reply = question.clone();
            reply[2] |= (byte) 0x80; // QR
            reply[3] |= 3; // NXDOMAIN
            for (byte[] bytes : List.of(new byte[0], new byte[] {1}, wrongId, question, reply)) {
                server.send(new DatagramPacket(bytes, bytes.length, client));
            }
            assertThat(now(answer)).isInstanceOf(MxAnswer.NoSuchName.class);
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        DnsServers servers = first.servers();
        assertThatThrownBy(() -> resolver(servers, Duration.ZERO, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DNS time-out is PT0S, allowed is 1ms to 1m");
        assertThatThrownBy(() -> resolver(servers, timeout, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DNS rounds are 0, allowed is 1 to 10");
    }

    @Test
    void anExecutorThatTakesNoMoreWorkMakesNoException() {
        ForkJoinPool closed = new ForkJoinPool(1);
        closed.shutdown();
        DnsjavaResolver resolver = new DnsjavaResolver(first.servers(), timeout, 1, closed, nanos::get);
        assertThat(mx(resolver, "example.com")).isInstanceOf(MxAnswer.Unavailable.class);
    }

    private DnsServers both() {
        return DnsServers.of("127.0.0.1:" + first.port() + ";127.0.0.1:" + second.port());
    }

    private DnsjavaResolver resolver(DnsServers servers) {
        return resolver(servers, 1);
    }

    private DnsjavaResolver resolver(DnsServers servers, int rounds) {
        return resolver(servers, timeout, rounds);
    }

    private DnsjavaResolver resolver(DnsServers servers, Duration timeout, int rounds) {
        return new DnsjavaResolver(servers, timeout, rounds, ForkJoinPool.commonPool(), nanos::get);
    }

    private static MxAnswer mx(Resolver resolver, String name) {
        return now(resolver.mailExchangers(name));
    }

    private static AddressAnswer addresses(Resolver resolver, String name) {
        return now(resolver.addresses(name));
    }

    private static <T> T now(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
