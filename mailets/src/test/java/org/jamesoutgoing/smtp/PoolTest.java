/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.envelope;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mail gets which connection. */
class PoolTest {

    private final FakeSmtpServer server = new FakeSmtpServer();
    private SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HostOutcome deliver(ConnectionSettings settings) {
        HostResult result = await(client.deliver(server.host(), settings, envelope("a@x.test"), message()));
        return result.recipients().get(0).outcome();
    }

    private List<CompletableFuture<HostResult>> deliver(int count, FakeSmtpServer to, ConnectionSettings settings) {
        return IntStream.range(0, count)
                .mapToObj(i -> client.deliver(to.host(), settings, envelope("a" + i + "@x.test"), message()))
                .toList();
    }

    private static void allAccepted(List<CompletableFuture<HostResult>> results) {
        assertThat(results).allSatisfy(result -> assertThat(await(result).recipients())
                .allMatch(recipient -> recipient.outcome() == HostOutcome.ACCEPTED));
    }

    private static ConnectionSettings pool(PoolSettings pool) {
        return Changed.of(settings(), "pool", pool);
    }

    @Test
    void aConnectionIsUsedAgain() {
        for (int i = 0; i < 10; i++) {
            assertThat(deliver(settings())).isEqualTo(HostOutcome.ACCEPTED);
        }
        assertThat(server.connections).hasValue(1);
        assertThat(client.statistics()).isEqualTo(new PoolStatistics(1, 1, 0, 1));
        assertThat(client.connectionsByHost().values()).containsExactly(new HostConnections(1, 1, 0));
    }

    @Test
    void aConnectionIsClosedAfterItsShareOfMails() {
        ConnectionSettings three = pool(Changed.of(PoolSettings.defaults(), "maxMailsPerConnection", 3));
        allAccepted(
                deliver(9, server, Changed.of(three, "pool", Changed.of(three.pool(), "maxConnectionsPerHost", 1))));
        assertThat(server.connections).hasValue(3);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> server.commands("QUIT").size() == 3);
    }

    @Test
    void anIdleConnectionQuits() {
        deliver(pool(Changed.of(PoolSettings.defaults(), "idleTimeout", Duration.ofMillis(50))));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.statistics().open() == 0);
        assertThat(server.commands("QUIT")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "PIPELINING", "CHUNKING", "PIPELINING,CHUNKING"})
    void aThousandMailsTakeAtMostTwentyConnections(String form) {
        server.capabilities(form.split(","));
        allAccepted(deliver(1000, server, settings()));
        assertThat(server.mails)
                .hasSize(1000)
                .extracting(mail -> mail.to().get(0))
                .doesNotHaveDuplicates();
        assertThat(server.connections).hasValueLessThanOrEqualTo(20);
        assertThat(client.statistics().opened()).isLessThanOrEqualTo(20);
    }

    @Test
    void neverAConnectionWithOtherSettings() {
        Supplier<String> secret = () -> "x";
        server.capabilities("AUTH PLAIN");
        Credentials first = Credentials.password("first", secret);
        deliver(settings());
        deliver(Changed.of(settings(), "heloName", "other.example.test"));
        deliver(Changed.of(settings(), "tls", TlsSettings.opportunistic()));
        deliver(Changed.of(settings(), "credentials", first, "cleartextAuth", true));
        deliver(Changed.of(settings(), "credentials", Credentials.password("second", secret), "cleartextAuth", true));
        assertThat(server.connections).hasValue(5);
        deliver(settings());
        deliver(Changed.of(settings(), "credentials", Credentials.password("first", secret), "cleartextAuth", true));
        assertThat(server.connections).hasValue(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "PIPELINING", "PIPELINING,CHUNKING"})
    void aConnectionThatDiedWhileIdleCostsTheMailNothing(String form) {
        server.capabilities(form.split(","));
        AtomicInteger seen = new AtomicInteger();
        server.on("MAIL", turn -> seen.incrementAndGet() == 2 ? FakeSmtpServer.CLOSE : null);

        assertThat(deliver(settings())).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(deliver(settings())).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.connections).hasValue(2);
        assertThat(server.mails).hasSize(2);
    }

    @Test
    void a421ThatCrossesTheNextMailCostsItNothing() { // RFC 5321 §3.8
        AtomicInteger seen = new AtomicInteger();
        server.on("MAIL", turn -> seen.incrementAndGet() == 2 ? "421 4.4.2 idle too long" : null);

        deliver(settings());
        assertThat(deliver(settings())).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.connections).hasValue(2);
    }

    @Test
    void aMailGetsItsSecondChanceOnlyOnce() {
        server.on("MAIL", turn -> turn.connection() == 1 && turn.mail() == 1 ? null : FakeSmtpServer.CLOSE);

        deliver(settings());
        assertThat(deliver(settings())).isEqualTo(HostOutcome.DEFERRED);
        assertThat(server.connections).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "PIPELINING,CHUNKING"})
    void theNextEnvelopeTravelsWithTheLastMailsEnd(String form) { // RFC 2920 §3.1
        server.capabilities(form.split(","));
        CountDownLatch queued = new CountDownLatch(1);
        server.on("EHLO", turn -> {
            await(queued);
            return null;
        });
        var results = deliver(20, server, pool(Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1)));
        queued.countDown();
        allAccepted(results);
        // Greeting, EHLO, the first envelope, and one flight a mail.
        assertThat(server.flights.get()).isLessThanOrEqualTo(23);
        assertThat(server.mails).hasSize(20);
    }

    @Test
    void aMailBehindALostOneGetsAnotherConnection() {
        server.on("DOT", turn -> turn.connection() == 1 ? FakeSmtpServer.CLOSE : null);
        List<CompletableFuture<HostResult>> results =
                deliver(5, server, pool(Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1)));
        List<HostOutcome> outcomes = results.stream()
                .map(result -> await(result).recipients().get(0).outcome())
                .toList();
        assertThat(outcomes)
                .containsExactly(
                        HostOutcome.DEFERRED,
                        HostOutcome.ACCEPTED,
                        HostOutcome.ACCEPTED,
                        HostOutcome.ACCEPTED,
                        HostOutcome.ACCEPTED);
    }

    @Test
    void aRefusedBdatDoesNotSpoilTheMailBehindIt() { // RFC 3030 §2
        server.capabilities("PIPELINING", "CHUNKING");
        AtomicBoolean spoilt = new AtomicBoolean();
        server.on("BDAT", turn -> {
            spoilt.set(turn.mail() % 2 == 1);
            return spoilt.get() ? "554 5.6.0 spam" : null;
        });
        server.on("RSET", turn -> {
            spoilt.set(false);
            return null;
        });
        server.on("MAIL", turn -> spoilt.get() ? "503 5.5.1 RSET first" : null);

        List<CompletableFuture<HostResult>> results =
                deliver(6, server, pool(Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1)));

        assertThat(results.stream().map(result -> await(result).recipients().get(0)))
                .allMatch(recipient -> recipient.stage() == TransactionStage.END_OF_DATA);
        assertThat(server.mails).hasSize(3);
    }

    @Test
    void connectionsInAllAreLimitedAndSharedFairly() {
        client.close();
        client = SmtpClient.create(SmtpClientOptions.defaults().withMaxConnections(2));
        List<FakeSmtpServer> servers =
                IntStream.range(0, 5).mapToObj(i -> new FakeSmtpServer()).toList();
        try {
            List<CompletableFuture<HostResult>> results = new ArrayList<>();
            servers.forEach(each -> results.addAll(deliver(30, each, settings())));
            allAccepted(results);
            assertThat(servers).allSatisfy(each -> assertThat(each.mails).hasSize(30));
            assertThat(client.statistics().open()).isLessThanOrEqualTo(2);
        } finally {
            servers.forEach(FakeSmtpServer::close);
        }
    }

    @Test
    void aBusyHostWithAllPlacesMakesRoomForAnother() {
        client.close();
        client = SmtpClient.create(SmtpClientOptions.defaults().withMaxConnections(2));
        List<CompletableFuture<HostResult>> busy = deliver(2000, server, settings());
        try (FakeSmtpServer other = new FakeSmtpServer()) {
            allAccepted(deliver(1, other, settings()));
            assertThat(busy.stream().filter(CompletableFuture::isDone).count()).isLessThan(1900);
        }
        allAccepted(busy);
    }

    @Test
    void anIdleConnectionOfAnotherHostGivesUpItsPlace() {
        client.close();
        client = SmtpClient.create(SmtpClientOptions.defaults().withMaxConnections(1));
        deliver(settings());
        try (FakeSmtpServer other = new FakeSmtpServer()) {
            allAccepted(deliver(1, other, settings()));
        }
    }

    @Test
    void aMailDoesNotWaitForEverForAConnection() {
        server.on("MAIL", FakeSmtpServer.SILENCE);
        ConnectionSettings one = pool(
                Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1, "waitTimeout", Duration.ofMillis(100)));
        List<CompletableFuture<HostResult>> results = deliver(2, server, one);
        RecipientResult second = await(results.get(1)).recipients().get(0);
        assertThat(second.outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(second.stage()).isEqualTo(TransactionStage.CONNECT);
        assertThat(results.get(0)).isNotDone();
    }

    @Test
    void closingDefersWhatIsUnderWayAndSaysQuitWhereItCan() {
        client.close();
        client = SmtpClient.create(Changed.of(SmtpClientOptions.defaults(), "closeTimeout", Duration.ofMillis(200)));
        deliver(settings());
        try (FakeSmtpServer silent = new FakeSmtpServer().on("MAIL", FakeSmtpServer.SILENCE);
                FakeSmtpServer dumb = new FakeSmtpServer().on("GREETING", FakeSmtpServer.SILENCE)) {
            List<CompletableFuture<HostResult>> results = new ArrayList<>();
            results.addAll(deliver(30, silent, settings()));
            results.addAll(deliver(30, dumb, settings()));
            client.close();
            assertThat(results).allSatisfy(result -> assertThat(
                            await(result).recipients().get(0).outcome())
                    .isEqualTo(HostOutcome.DEFERRED));
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> server.commands("QUIT").size() == 1);
        assertThat(client.statistics().open()).isZero();
        assertThat(deliver(settings())).isEqualTo(HostOutcome.DEFERRED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HostResult await(CompletableFuture<HostResult> result) {
        return Mails.await(result);
    }
}
