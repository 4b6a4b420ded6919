/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jamesoutgoing.dns.FakeDnsServer.Behaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DnsCheckTest {
    private final FakeDnsServer server = new FakeDnsServer();

    @BeforeEach
    void start() {
        server.start().with("example.com. 300 IN MX 20 b.example.com.\nexample.com. 300 IN MX 10 a.example.com.\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static List<DnsCheck.Report> check(DnsServers servers, Duration timeout) throws Exception {
        return new DnsCheck(timeout, ForkJoinPool.commonPool(), System::nanoTime)
                .check(servers, "example.com")
                .get(30, TimeUnit.SECONDS);
    }

    private DnsCheck.Report report(Duration timeout) throws Exception {
        List<DnsCheck.Report> reports = check(server.servers(), timeout);
        assertThat(reports).hasSize(1);
        return reports.get(0);
    }

    @Test
    void aGoodServerIsAskedByBothWaysForTheRecordsByPreference() throws Exception {
        DnsCheck.Report report = report(Duration.ofSeconds(15));
        assertThat(report.server()).isEqualTo("127.0.0.1:" + server.port());
        for (DnsCheck.Reply reply : List.of(report.udp(), report.tcp())) {
            assertThat(reply.answered()).isTrue();
            assertThat(reply.records()).containsExactly("10 a.example.com", "20 b.example.com");
            assertThat(reply.trouble()).isEmpty();
            assertThat(reply.took()).isPositive();
        }
        assertThat(report.inventsNames()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Behaviour.class,
            names = {"SERVFAIL", "REFUSED", "REFERRAL"})
    void aServerThatSaysNoIsReachableAndHasNotAnswered(Behaviour behaviour) throws Exception {
        server.behave("example.com", behaviour);
        DnsCheck.Report report = report(Duration.ofSeconds(15));
        assertThat(report.udp().reachable()).isTrue();
        assertThat(report.udp().answered()).isFalse();
        assertThat(report.udp().trouble()).isNotEmpty();
        assertThat(report.tcp().answered()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Behaviour.class,
            names = {"SILENCE", "WRONG_ID", "WRONG_QUESTION"})
    void aServerWithoutAUsableReplyIsNotReachableWithinTheTimeOut(Behaviour behaviour) throws Exception {
        server.behave("example.com", behaviour);
        DnsCheck.Reply udp = report(Duration.ofMillis(300)).udp();
        assertThat(udp.reachable()).isFalse();
        assertThat(udp.trouble()).isEqualTo("no answer");
        assertThat(udp.took()).isGreaterThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void aLongAnswerIsNoFault() throws Exception { // RFC 7766 §5
        server.behave("example.com", Behaviour.TRUNCATED);
        DnsCheck.Report report = report(Duration.ofSeconds(15));
        assertThat(report.udp().answered()).isTrue();
        assertThat(report.udp().trouble()).isEqualTo(DnsCheck.TRUNCATED);
        assertThat(report.tcp().records()).hasSize(2);
    }

    @Test
    void fallbackServersAreCheckedTooAndToldApart() throws Exception {
        try (FakeDnsServer other = new FakeDnsServer().start()) {
            List<DnsCheck.Report> reports = check(server.servers().or(other.servers()), Duration.ofSeconds(15));
            assertThat(reports).extracting(DnsCheck.Report::fallback).containsExactly(false, true);
            assertThat(reports.get(1).udp().trouble()).isEqualTo("no such name");
        }
    }
}
