/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.await;
import static org.jamesoutgoing.smtp.Mails.envelope;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many connections there are, counted where they arrive. */
class PoolLimitsTest {

    private static final SSLContext CERTIFICATE = TestCertificates.server("mx.example.test");

    /** Connections that have not said QUIT, and the most there have been at a time. */
    private static final class Gauge {

        private int now;
        private int peak;

        synchronized FakeSmtpServer watch(FakeSmtpServer server) {
            return server.on("GREETING", turn -> add(1)).on("QUIT", turn -> add(-1));
        }

        private synchronized String add(int count) {
            now += count;
            peak = Math.max(peak, now);
            return null;
        }

        synchronized int peak() {
            return peak;
        }
    }

    private final Gauge gauge = new Gauge();
    private final FakeSmtpServer server = gauge.watch(new FakeSmtpServer());
    private final FakeSmtpServer other = gauge.watch(new FakeSmtpServer());
    private SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
        other.close();
    }

    private static ConnectionSettings pool(PoolSettings pool) {
        return Changed.of(settings(), "pool", pool);
    }

    private static InetAddress ip(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private CompletableFuture<HostResult> deliver(FakeSmtpServer to, ConnectionSettings settings) {
        return client.deliver(to.host(), settings, envelope("a@x.test"), message());
    }

    private List<CompletableFuture<HostResult>> deliver(int count, FakeSmtpServer to, ConnectionSettings settings) {
        return IntStream.range(0, count).mapToObj(i -> deliver(to, settings)).toList();
    }

    private static void allAccepted(List<CompletableFuture<HostResult>> results) {
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(await(result).recipients().get(0).outcome()).isEqualTo(HostOutcome.ACCEPTED));
    }

    @ParameterizedTest(name = "{0} at a time with {1}, TLS: {2}")
    @CsvSource({
        "1,PIPELINING,false",
        "5,SIZE,false",
        "20,SIZE,true",
        "20,PIPELINING CHUNKING,false",
        "20,PIPELINING CHUNKING,true",
        "50,PIPELINING,false",
        "1000,PIPELINING,true"
    })
    void aThousandMailsAWindowAtATimeTakeAtMostTwentyConnections(int window, String form, boolean tls)
            throws InterruptedException {
        server.capabilities(form.split(" ", -1));
        if (tls) {
            server.tls(CERTIFICATE);
        }
        ConnectionSettings settings = Changed.of(settings(), "tls", TlsSettings.opportunistic());
        Semaphore free = new Semaphore(window);
        List<CompletableFuture<HostResult>> results = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            assertThat(free.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<HostResult> result = deliver(server, settings);
            results.add(result.whenComplete((done, failure) -> free.release()));
        }
        allAccepted(results);
        assertThat(server.mails).hasSize(1000).allMatch(mail -> mail.tls() == tls);
        assertThat(server.connections).hasValueLessThanOrEqualTo(20);
        assertThat(gauge.peak()).isLessThanOrEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "20"})
    void noMoreMailsThanItsShareTravelOnAConnection(int share) {
        PoolSettings few = Changed.of(PoolSettings.defaults(), "maxMailsPerConnection", share);
        allAccepted(deliver(100, server, pool(few)));
        int[] perConnection = new int[101];
        server.mails.forEach(mail -> perConnection[mail.connection()]++);
        assertThat(perConnection)
                .satisfies(counts -> assertThat(IntStream.of(counts)).allMatch(count -> count <= share));
        assertThat(server.connections.get()).isGreaterThanOrEqualTo(100 / share);
        assertThat(gauge.peak()).isLessThanOrEqualTo(20);
    }

    @Test
    void connectionsInAllAreLimitedWhateverTheHost() {
        client.close();
        client = SmtpClient.create(SmtpClientOptions.defaults().withMaxConnections(3));
        List<CompletableFuture<HostResult>> results = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            results.add(deliver(
                    i % 3 == 0 ? other : server, Changed.of(settings(), "heloName", "c" + i % 7 + ".example.test")));
        }
        allAccepted(results);
        assertThat(gauge.peak()).isLessThanOrEqualTo(3);
        assertThat(client.statistics().open()).isLessThanOrEqualTo(3);
    }

    @Test
    void connectionsFromASourceAddressAreLimitedOverAllHosts() {
        ConnectionSettings first = Changed.of(
                pool(Changed.of(PoolSettings.defaults(), "maxConnectionsPerSource", 3)),
                "sourceAddress",
                ip("127.0.0.21"));
        List<CompletableFuture<HostResult>> results = new ArrayList<>(deliver(100, server, first));
        results.addAll(deliver(100, other, first));
        allAccepted(results);
        assertThat(gauge.peak()).isLessThanOrEqualTo(3);
    }

    @Test
    void eachSourceAddressHasItsOwnLimit() {
        AtomicInteger greeted = new AtomicInteger();
        server.on("GREETING", turn -> {
            greeted.incrementAndGet();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> greeted.get() >= 6);
            return null;
        });
        List<CompletableFuture<HostResult>> results = new ArrayList<>();
        for (String source : List.of("127.0.0.21", "127.0.0.22", "127.0.0.23")) {
            results.addAll(deliver(
                    20,
                    server,
                    Changed.of(
                            pool(Changed.of(PoolSettings.defaults(), "maxConnectionsPerSource", 2)),
                            "sourceAddress",
                            ip(source))));
        }
        allAccepted(results);
        assertThat(greeted).hasValue(6);
    }

    @Test
    void anIdleConnectionGivesUpItsSourceAddressForAnotherHost() {
        ConnectionSettings one = Changed.of(
                pool(Changed.of(
                        PoolSettings.defaults(), "maxConnectionsPerSource", 1, "idleTimeout", Duration.ofMinutes(5))),
                "sourceAddress",
                ip("127.0.0.21"));
        allAccepted(deliver(1, server, one));
        allAccepted(deliver(1, other, one));
        allAccepted(deliver(1, server, one));
        assertThat(gauge.peak()).isEqualTo(1);
    }

    @Test
    void aBusyHostSharesItsSourceAddressWithAnother() {
        ConnectionSettings one = Changed.of(
                pool(Changed.of(
                        PoolSettings.defaults(), "maxConnectionsPerSource", 1, "maxMailsPerConnection", 100_000)),
                "sourceAddress",
                ip("127.0.0.21"));
        List<CompletableFuture<HostResult>> busy = deliver(2000, server, one);
        allAccepted(deliver(1, other, one));
        assertThat(busy.stream().filter(CompletableFuture::isDone).count()).isLessThan(1900);
        allAccepted(busy);
        assertThat(gauge.peak()).isEqualTo(1);
    }

    @Test
    void anIdleConnectionQuitsInTlsToo() {
        server.tls(CERTIFICATE);
        PoolSettings soon = Changed.of(PoolSettings.defaults(), "idleTimeout", Duration.ofMillis(50));
        allAccepted(deliver(1, server, Changed.of(pool(soon), "tls", TlsSettings.of(TlsMode.REQUIRED))));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.statistics().open() == 0);
        assertThat(server.commands("QUIT")).hasSize(1);
    }
}
