/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.await;
import static org.jamesoutgoing.smtp.Mails.envelope;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Never a connection with other credentials, source address or TLS than the mail's; and no new one without need. */
class PoolIdentityTest {

    private static final SSLContext ONE = TestCertificates.client("one.example.test");
    private static final SSLContext TWO = TestCertificates.client("two.example.test");
    private static final Supplier<String> SECRET = new Secret("tanstaaftanstaaf");
    private static final String AES_128 = "TLS_AES_128_GCM_SHA256";
    private static final String AES_256 = "TLS_AES_256_GCM_SHA384";

    private static final Credentials CREDENTIALS = Credentials.password("one", SECRET);
    private static final TlsSettings TLS = Changed.of(
            TlsSettings.of(TlsMode.REQUIRED),
            "context",
            ONE,
            "protocols",
            Set.of("TLSv1.3"),
            "ciphers",
            Set.of(AES_128));
    private static final ConnectionSettings BASE = Changed.of(
            settings(),
            "heloName",
            "one.example.test",
            "sourceAddress",
            ip("127.0.0.11"),
            "tls",
            TLS,
            "credentials",
            CREDENTIALS);

    /** Equal to another of the same value, as a lambda would not be. */
    private record Secret(String value) implements Supplier<String> {

        @Override
        public String get() {
            return value;
        }
    }

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    /** What each connection has shown of itself, by its number. */
    private final Map<Integer, String> shown = new ConcurrentHashMap<>();

    /** The same for the connection of each mail, by its sender. */
    private final Map<String, String> used = new ConcurrentHashMap<>();

    @BeforeEach
    void start() {
        SSLParameters wanted = new SSLParameters();
        wanted.setWantClientAuth(true);
        server.capabilities("PIPELINING", "AUTH PLAIN LOGIN", "DSN", "CHUNKING")
                .tls(TestCertificates.server("mx.example.test"))
                .tlsParameters(wanted)
                .on("EHLO", turn -> {
                    shown.put(turn.connection(), turn.line() + " " + show(turn.conversation()));
                    return null;
                })
                .on("AUTH", turn -> {
                    String[] parts = turn.line().split(" ", -1);
                    String user = new String(Base64.getDecoder().decode(parts[2]), UTF_8).split("\0", -1)[1];
                    shown.merge(turn.connection(), " AUTH " + user, String::concat);
                    return "235 2.7.0 ok";
                })
                .on("MAIL", turn -> {
                    used.put(turn.line().replaceAll(".*<|>.*", ""), shown.get(turn.connection()));
                    return null;
                });
    }

    private static String show(FakeSmtpConversation conversation) {
        return conversation.clientAddress().getHostAddress() + " TLS " + conversation.tls() + " "
                + conversation.clientName();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static InetAddress ip(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void deliver(ConnectionSettings settings) {
        HostResult result = await(client.deliver(server.host(), settings, envelope("a@x.test"), message()));
        assertThat(result.recipients().get(0).outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
    }

    /** Record and component, another value of it, and whether that needs another connection. */
    private static Arguments row(
            Class<? extends Record> of, String component, UnaryOperator<ConnectionSettings> change, boolean other) {
        return arguments(of.getSimpleName() + "." + component, change, other);
    }

    private static UnaryOperator<ConnectionSettings> tls(UnaryOperator<TlsSettings> change) {
        return settings -> Changed.of(settings, "tls", change.apply(settings.tls()));
    }

    static Stream<Arguments> components() {
        Class<ConnectionSettings> connection = ConnectionSettings.class;
        Class<TlsSettings> tls = TlsSettings.class;
        Class<Credentials> credentials = Credentials.class;
        return Stream.of(
                row(connection, "heloName", s -> Changed.of(s, "heloName", "two.example.test"), true),
                row(connection, "sourceAddress", s -> Changed.of(s, "sourceAddress", ip("127.0.0.12")), true),
                row(connection, "tls", s -> Changed.of(s, "tls", Changed.of(TLS, "mode", TlsMode.OPPORTUNISTIC)), true),
                row(
                        connection,
                        "credentials",
                        s -> Changed.of(s, "credentials", Credentials.password("two", SECRET)),
                        true),
                row(connection, "cleartextAuth", s -> Changed.of(s, "cleartextAuth", true), true),
                row(connection, "ignoredExtensions", s -> Changed.of(s, "ignoredExtensions", Set.of("DSN")), true),
                row(
                        connection,
                        "timeouts",
                        s -> Changed.of(s, "timeouts", Timeouts.all(Duration.ofSeconds(19))),
                        false),
                row(
                        connection,
                        "limits",
                        s -> Changed.of(s, "limits", new ReplyLimits(1000, 100, 10_000, 10_000)),
                        false),
                row(
                        connection,
                        "pool",
                        s -> Changed.of(s, "pool", Changed.of(PoolSettings.defaults(), "maxMailsPerConnection", 7)),
                        false),
                row(
                        connection,
                        "maxRecipientsPerTransaction",
                        s -> Changed.of(s, "maxRecipientsPerTransaction", 7),
                        false),
                row(connection, "dsn", s -> Changed.of(s, "dsn", false), false),
                row(tls, "mode", tls(t -> Changed.of(t, "mode", TlsMode.OPPORTUNISTIC)), true),
                row(tls, "context", tls(t -> Changed.of(t, "context", TWO)), true),
                row(tls, "protocols", tls(t -> Changed.of(t, "protocols", Set.of("TLSv1.3", "TLSv1.2"))), true),
                row(tls, "ciphers", tls(t -> Changed.of(t, "ciphers", Set.of(AES_256))), true),
                row(credentials, "user", s -> Changed.of(s, "credentials", Credentials.password("two", SECRET)), true),
                row(
                        credentials,
                        "secret",
                        s -> Changed.of(s, "credentials", Credentials.password("one", new Secret("x"))),
                        true),
                row(
                        credentials,
                        "mechanisms",
                        s -> Changed.of(s, "credentials", new Credentials("one", SECRET, List.of(AuthMechanism.PLAIN))),
                        true));
    }

    @ParameterizedTest(name = "{0}: another connection {2}")
    @MethodSource("components")
    void aConnectionIsSharedByMailsOfOneIdentityOnly(
            String component, UnaryOperator<ConnectionSettings> change, boolean other) {
        deliver(BASE);
        deliver(change.apply(BASE));
        assertThat(server.connections).hasValue(other ? 2 : 1);
        deliver(BASE);
        deliver(change.apply(BASE));
        assertThat(server.connections).as(component).hasValue(other ? 2 : 1);
    }

    @Test
    void noComponentIsForgotten() {
        Set<Object> rows = components().map(row -> row.get()[0]).collect(Collectors.toSet());
        for (Class<?> type : List.of(ConnectionSettings.class, TlsSettings.class, Credentials.class)) {
            for (RecordComponent component : type.getRecordComponents()) {
                assertThat(rows).contains(type.getSimpleName() + "." + component.getName());
            }
        }
    }

    @Test
    void hostsOfAnotherNameOrPortHaveTheirOwn() {
        deliver(BASE);
        await(client.deliver(server.host("mx2.example.test"), BASE, envelope("a@x.test"), message()));
        assertThat(server.connections).hasValue(2);
        try (FakeSmtpServer other = new FakeSmtpServer()) {
            await(client.deliver(other.host(), settings(), envelope("a@x.test"), message()));
            assertThat(other.connections).hasValue(1);
        }
    }

    @Test
    void equalSettingsBuiltAnewShare() {
        deliver(BASE);
        deliver(Changed.of(
                settings(),
                "heloName",
                "one.example.test",
                "sourceAddress",
                ip("127.0.0.11"),
                "tls",
                Changed.of(
                        TlsSettings.of(TlsMode.REQUIRED),
                        "context",
                        ONE,
                        "protocols",
                        Set.of("TLSv1.3"),
                        "ciphers",
                        Set.of(AES_128)),
                "credentials",
                Credentials.password("one", new Secret("tanstaaftanstaaf"))));
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void underLoadEveryMailTravelsAsItsOwnRouteSays() {
        List<ConnectionSettings> routes = new ArrayList<>();
        List<String> identities = new ArrayList<>();
        for (String name : List.of("one.example.test", "two.example.test")) {
            for (String source : List.of("127.0.0.11", "127.0.0.12")) {
                for (String user : List.of("one", "two")) {
                    for (SSLContext context : List.of(ONE, TWO)) {
                        routes.add(Changed.of(
                                BASE,
                                "heloName",
                                name,
                                "sourceAddress",
                                ip(source),
                                "tls",
                                Changed.of(TLS, "context", context),
                                "credentials",
                                Credentials.password(user, SECRET),
                                "pool",
                                Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 2)));
                        identities.add("EHLO " + name + " " + source + " TLS true CN="
                                + (context == ONE ? "one" : "two") + ".example.test AUTH " + user);
                    }
                }
            }
        }
        List<Integer> order = new ArrayList<>(Collections.nCopies(20, 0).stream()
                .flatMap(zero -> Stream.iterate(0, i -> i + 1).limit(routes.size()))
                .toList());
        Collections.shuffle(order, new Random(1));

        List<CompletableFuture<HostResult>> results = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            Envelope envelope = Envelope.of("m" + i + "@example.test", "a@x.test");
            results.add(client.deliver(server.host(), routes.get(order.get(i)), envelope, message()));
        }

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(await(result).recipients().get(0).outcome()).isEqualTo(HostOutcome.ACCEPTED));
        for (int i = 0; i < order.size(); i++) {
            assertThat(used.get("m" + i + "@example.test")).isEqualTo(identities.get(order.get(i)));
        }
        assertThat(server.connections).hasValueBetween(16, 32);
    }
}
