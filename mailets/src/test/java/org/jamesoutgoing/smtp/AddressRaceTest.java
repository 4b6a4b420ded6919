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
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over as many addresses as it takes (RFC 5321 §5.1, RFC 8305). */
class AddressRaceTest {

    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
    }

    private static InetAddress ip(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static SmtpHost host(int port, String... addresses) {
        return new SmtpHost(
                "mx.example.test",
                port,
                Stream.of(addresses).map(AddressRaceTest::ip).toList());
    }

    private RecipientResult deliver(SmtpHost host, ConnectionSettings settings) {
        return await(client.deliver(host, settings, envelope("a@x.test"), message()))
                .recipients()
                .get(0);
    }

    @Test
    void familiesAlternateBeginningWithIpv6() { // RFC 8305 §4
        List<InetAddress> addresses = Stream.of("192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.2", "2001:db8::2")
                .map(AddressRaceTest::ip)
                .toList();
        assertThat(AddressRace.order(addresses, Optional.empty()))
                .containsExactly(ip("2001:db8::1"), ip("192.0.2.1"), ip("2001:db8::2"), ip("192.0.2.2"));
        assertThat(AddressRace.order(addresses, Optional.of(ip("192.0.2.99"))))
                .containsExactly(ip("192.0.2.1"), ip("192.0.2.2"));
    }

    @Test
    void aRefusingAddressIsPassedOverAtOnce() {
        try (FakeSmtpServer server = new FakeSmtpServer("127.0.0.3", 0)) {
            RecipientResult result = deliver(host(server.port(), "127.0.0.1", "127.0.0.2", "127.0.0.3"), settings());
            assertThat(result.outcome()).isEqualTo(HostOutcome.ACCEPTED);
            assertThat(result.remote().orElseThrow().getAddress()).isEqualTo(ip("127.0.0.3"));
        }
    }

    @Test
    void aSilentAddressGetsAHeadStartAndNoMore() throws Exception { // RFC 8305 §5
        // A full backlog drops further SYNs, like a black hole.
        try (ServerSocket blackHole = new ServerSocket(0, 1, ip("127.0.0.4"));
                FakeSmtpServer server = new FakeSmtpServer("127.0.0.5", blackHole.getLocalPort());
                var first = new java.net.Socket(ip("127.0.0.4"), server.port());
                var second = new java.net.Socket(ip("127.0.0.4"), server.port())) {
            RecipientResult result = deliver(host(server.port(), "127.0.0.4", "127.0.0.5"), settings());
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(result.outcome()).isEqualTo(HostOutcome.ACCEPTED);
            assertThat(result.remote().orElseThrow().getAddress()).isEqualTo(ip("127.0.0.5"));
        }
    }

    @Test
    void aSilentHostTimesOut() throws Exception {
        try (ServerSocket blackHole = new ServerSocket(0, 1, ip("127.0.0.4"));
                var first = new java.net.Socket(ip("127.0.0.4"), blackHole.getLocalPort());
                var second = new java.net.Socket(ip("127.0.0.4"), blackHole.getLocalPort())) {
            RecipientResult result = deliver(
                    host(blackHole.getLocalPort(), "127.0.0.4"),
                    Changed.of(
                            settings(),
                            "timeouts",
                            Changed.of(Timeouts.defaults(), "connect", Duration.ofMillis(200))));
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(result.outcome()).isEqualTo(HostOutcome.DEFERRED);
            assertThat(result.stage()).isEqualTo(TransactionStage.CONNECT);
        }
    }

    @Test
    void addressesAreTriedUntilOneGreets() { // RFC 5321 §5.1: try every address
        try (FakeSmtpServer first = new FakeSmtpServer("127.0.0.1", 0).on("GREETING", "554 5.7.1 not you");
                FakeSmtpServer second = new FakeSmtpServer("127.0.0.2", first.port()).on("EHLO", "451 4.3.0 no");
                FakeSmtpServer third = new FakeSmtpServer("127.0.0.3", first.port())) {
            RecipientResult result = deliver(host(first.port(), "127.0.0.1", "127.0.0.2", "127.0.0.3"), settings());
            assertThat(result.outcome()).isEqualTo(HostOutcome.ACCEPTED);
            assertThat(third.mails).hasSize(1);
            assertThat(first.connections.get() + second.connections.get()).isEqualTo(2);
        }
    }

    @Test
    void theFailureThatCameFurthestIsTold() {
        try (FakeSmtpServer first = new FakeSmtpServer("127.0.0.1", 0).on("EHLO", "451 4.3.0 no");
                FakeSmtpServer second = new FakeSmtpServer("127.0.0.2", first.port()).on("GREETING", "554 5.7.1 no")) {
            RecipientResult result = deliver(host(first.port(), "127.0.0.1", "127.0.0.2", "127.0.0.3"), settings());
            assertThat(result.stage()).isEqualTo(TransactionStage.EHLO);
            assertThat(result.reply().orElseThrow().code()).isEqualTo(451);
            assertThat(result.remote().orElseThrow().getAddress()).isEqualTo(ip("127.0.0.1"));
            assertThat(second.connections).hasValue(1);
        }
    }

    @Test
    void aRefusedPasswordIsNotTriedAtEveryAddress() {
        try (FakeSmtpServer first = new FakeSmtpServer("127.0.0.1", 0)
                        .capabilities("AUTH PLAIN")
                        .on("AUTH", "535 no");
                FakeSmtpServer second = new FakeSmtpServer("127.0.0.2", first.port())) {
            RecipientResult result = deliver(
                    host(first.port(), "127.0.0.1", "127.0.0.2"),
                    Changed.of(settings(), "cleartextAuth", true, "credentials", Credentials.password("u", () -> "p")));
            assertThat(result.stage()).isEqualTo(TransactionStage.AUTH);
            assertThat(second.connections).hasValue(0);
        }
    }

    @Test
    void theConnectionComesFromTheSourceAddress() {
        try (FakeSmtpServer server = new FakeSmtpServer("127.0.0.1", 0)) {
            RecipientResult result = deliver(
                    host(server.port(), "127.0.0.1"), Changed.of(settings(), "sourceAddress", ip("127.0.0.77")));
            assertThat(result.outcome()).isEqualTo(HostOutcome.ACCEPTED);
            assertThat(server.sockets.get(0).getInetAddress()).isEqualTo(ip("127.0.0.77"));
        }
    }

    @Test
    void noAddressDefers() {
        assertThat(deliver(host(25), settings()).detail()).isEqualTo("the host has no address");
        assertThat(deliver(host(25, "2001:db8::1"), Changed.of(settings(), "sourceAddress", ip("127.0.0.1")))
                        .detail())
                .contains("family");
    }

    @Test
    void ipv6IsSpoken() {
        try (FakeSmtpServer server = new FakeSmtpServer("::1", 0)) {
            assertThat(deliver(host(server.port(), "127.0.0.1", "::1"), settings())
                            .outcome())
                    .isEqualTo(HostOutcome.ACCEPTED);
        }
    }
}
