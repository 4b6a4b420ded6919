/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jamesoutgoing.dns.DnsServers;
import org.jamesoutgoing.dsn.template.Language;
import org.jamesoutgoing.settings.NearestName;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.smtp.AuthMechanism;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.TlsMode;

/**
 * The table of all delivery options. It is what a route can say, what {@code conf/README.md} lists, and what webadmin shows:
 * an option that is not here does not exist.
 */
public final class RouteOptions {

    private static final Map<String, RouteOption<?>> ALL = new LinkedHashMap<>();

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration YEAR = Duration.ofDays(365);

    /** How hosts are found. */
    public enum Mode {
        INDEPENDENT,
        RELAY
    }

    // ---- where to

    public static final RouteOption<Mode> MODE =
            add(RouteOption.of("mode", ValueType.choice(Mode.class), "independent"));
    public static final RouteOption<List<RelayHost>> RELAY_HOSTS = add(RouteOption.of(
            "relayHosts",
            new ValueType<>(
                    "one or more of host, host:port, [host], [host]:port, separated by commas",
                    text -> Arrays.stream(text.split(",", -1))
                            .map(RelayHost::parse)
                            .toList())));
    public static final RouteOption<Boolean> LOAD_BALANCING =
            add(RouteOption.of("loadBalancing", ValueType.flag(), "true"));
    public static final RouteOption<Integer> GATEWAY_PORT =
            add(RouteOption.of("gatewayPort", ValueType.number(1, 65535)));
    public static final RouteOption<Integer> PORT = add(RouteOption.of("port", ValueType.number(1, 65535)));
    public static final RouteOption<String> USERNAME = add(RouteOption.of("gatewayUsername", line()));
    public static final RouteOption<String> PASSWORD = add(RouteOption.of("gatewayPassword", line()));
    public static final RouteOption<List<AuthMechanism>> AUTH_MECHANISMS =
            add(RouteOption.of("authMechanisms", ValueType.choices(AuthMechanism.class), "plain, login, cram-md5"));
    public static final RouteOption<Boolean> CLEARTEXT_AUTH =
            add(RouteOption.of("cleartextAuth", ValueType.flag(), "false"));
    public static final RouteOption<Boolean> FIRST_EXCHANGER_ONLY =
            add(RouteOption.of("firstExchangerOnly", ValueType.flag(), "false"));
    public static final RouteOption<Boolean> LOCAL_EXCHANGERS =
            add(RouteOption.of("localExchangers", ValueType.flag(), "false"));

    // ---- DNS

    public static final RouteOption<DnsServers> DNS_SERVERS = add(RouteOption.of(
            "dnsServers",
            new ValueType<>(
                    "system, or host[:port] separated by ; or ,",
                    text -> text.equalsIgnoreCase("system") ? DnsServers.system() : DnsServers.of(text))));
    public static final RouteOption<Boolean> DNS_FALLBACK =
            add(RouteOption.of("dnsFallbackToSystem", ValueType.flag(), "false"));
    public static final RouteOption<Boolean> PARENT_DOMAIN =
            add(RouteOption.of("parentDomainExchangers", ValueType.flag(), "false"));
    public static final RouteOption<Duration> DNS_TIMEOUT =
            add(RouteOption.of("dnsTimeout", ValueType.duration(Duration.ofMillis(100), Duration.ofSeconds(30)), "3s"));

    // ---- again and again

    public static final RouteOption<List<Duration>> RESEND_DELAYS =
            add(RouteOption.of("resendDelays", ValueType.durations(SECOND, YEAR), "1m, 5m, 15m, 30m, 1h, 2h, 4h"));
    public static final RouteOption<Integer> RESEND_JITTER =
            add(RouteOption.of("resendJitter", ValueType.number(0, 50), "10"));
    public static final RouteOption<Integer> MAX_ATTEMPTS =
            add(RouteOption.of("maxAttempts", ValueType.number(1, 100_000)));
    public static final RouteOption<Duration> QUEUE_LIFETIME =
            add(RouteOption.of("queueLifetime", ValueType.duration(SECOND, YEAR), "5d"));
    public static final RouteOption<Duration> NULL_SENDER_LIFETIME =
            add(RouteOption.of("nullSenderLifetime", ValueType.duration(SECOND, YEAR), "1d"));
    public static final RouteOption<Boolean> SUSPENDED = add(RouteOption.of("suspended", ValueType.flag(), "false"));

    // ---- who is told

    public static final RouteOption<Duration> DELAY_DSN_AFTER =
            add(RouteOption.of("delayDsnAfter", ValueType.duration(Duration.ZERO, YEAR), "4h"));
    public static final RouteOption<Duration> DELAY_DSN_REPEAT =
            add(RouteOption.of("delayDsnRepeat", zeroOr(MINUTE), "0s"));
    public static final RouteOption<DsnPolicy> FAILURE_DSN = dsn("failureDsn");
    public static final RouteOption<DsnPolicy> DELAY_DSN = dsn("delayDsn");
    public static final RouteOption<DsnPolicy> SUCCESS_DSN = dsn("successDsn");
    public static final RouteOption<DsnPolicy> QUEUE_FULL_DSN = dsn("queueFullDsn");

    public static final RouteOption<List<Language>> DSN_LANGUAGES = add(RouteOption.of(
            "dsnLanguages",
            new ValueType<>(
                    "language tags separated by commas, such as de, fr", text -> Arrays.stream(text.split(",", -1))
                            .map(tag -> Language.parse(tag).orElseThrow(IllegalArgumentException::new))
                            .toList()),
            "en"));

    // ---- how

    public static final RouteOption<String> HELO_NAME =
            add(RouteOption.of("heloName", new ValueType<>("a host name", text -> ConnectionSettings.defaults(text)
                    .heloName())));
    public static final RouteOption<InetAddress> SOURCE_ADDRESS = add(RouteOption.of(
            "sourceAddress", new ValueType<>("an IPv4 or IPv6 address of this host", RouteOptions::address)));
    public static final RouteOption<TlsMode> TLS =
            add(RouteOption.of("tls", ValueType.choice(TlsMode.class), "opportunistic"));
    public static final RouteOption<Set<String>> TLS_PROTOCOLS = add(RouteOption.of(
            "tlsProtocols",
            ValueType.words("names of TLS protocols this Java knows, such as TLSv1.2, TLSv1.3", knownProtocols())));
    public static final RouteOption<Set<String>> TLS_CIPHERS = add(RouteOption.of(
            "tlsCiphers",
            ValueType.words("names of cipher suites this Java knows, such as TLS_AES_128_GCM_SHA256", knownCiphers())));
    public static final RouteOption<Path> TRUST_STORE = add(RouteOption.of("trustStore", file()));
    public static final RouteOption<String> TRUST_STORE_PASSWORD = add(RouteOption.of("trustStorePassword", line()));
    public static final RouteOption<Path> KEY_STORE = add(RouteOption.of("keyStore", file()));
    public static final RouteOption<String> KEY_STORE_PASSWORD = add(RouteOption.of("keyStorePassword", line()));
    public static final RouteOption<Duration> CONNECT_TIMEOUT = timeout("connectTimeout", "30s");
    public static final RouteOption<Duration> GREETING_TIMEOUT = timeout("greetingTimeout", "5m");
    public static final RouteOption<Duration> HELO_TIMEOUT = timeout("heloTimeout", "5m");
    public static final RouteOption<Duration> TLS_TIMEOUT = timeout("tlsTimeout", "1m");
    public static final RouteOption<Duration> MAIL_TIMEOUT = timeout("mailTimeout", "5m");
    public static final RouteOption<Duration> RCPT_TIMEOUT = timeout("rcptTimeout", "5m");
    public static final RouteOption<Duration> DATA_TIMEOUT = timeout("dataTimeout", "2m");
    public static final RouteOption<Duration> DATA_BLOCK_TIMEOUT = timeout("dataBlockTimeout", "3m");
    public static final RouteOption<Duration> DATA_END_TIMEOUT = timeout("dataEndTimeout", "10m");
    public static final RouteOption<Duration> TRANSACTION_TIMEOUT = timeout("transactionTimeout", "30m");
    public static final RouteOption<Integer> RECIPIENTS_PER_TRANSACTION =
            add(RouteOption.of("recipientsPerTransaction", ValueType.number(1, 1000), "100"));
    public static final RouteOption<Integer> REPLY_LINE_LENGTH =
            add(RouteOption.of("replyLineLength", ValueType.number(64, 65536), "4096"));
    public static final RouteOption<Integer> REPLY_LINES =
            add(RouteOption.of("replyLines", ValueType.number(1, 10_000), "256"));
    public static final RouteOption<Integer> REPLY_BYTES =
            add(RouteOption.of("replyBytes", ValueType.number(512, 1 << 20), "65536"));
    public static final RouteOption<Integer> BYTES_BEFORE_TLS =
            add(RouteOption.of("bytesBeforeTls", ValueType.number(512, 1 << 20), "65536"));

    // ---- how much

    public static final RouteOption<Integer> CONNECTIONS_PER_NEXT_HOP =
            add(RouteOption.of("connectionsPerNextHop", ValueType.number(1, 1000), "20"));
    public static final RouteOption<Integer> INITIAL_CONNECTIONS =
            add(RouteOption.of("initialConnectionsPerNextHop", ValueType.number(1, 1000), "5"));
    public static final RouteOption<Integer> CONNECTIONS_PER_SOURCE =
            add(RouteOption.of("connectionsPerSource", ValueType.number(1, 10_000)));
    public static final RouteOption<Integer> MAILS_PER_CONNECTION =
            add(RouteOption.of("mailsPerConnection", ValueType.number(1, 100_000), "100"));
    public static final RouteOption<Duration> IDLE_TIMEOUT =
            add(RouteOption.of("idleTimeout", ValueType.duration(Duration.ZERO, HOUR), "15s"));
    public static final RouteOption<Integer> RELEASE_RATE =
            add(RouteOption.of("releaseRate", ValueType.number(1, 100_000)));

    // ---- backup mail server

    public static final RouteOption<Boolean> BACKUP =
            add(RouteOption.of("backup", ValueType.flag(), "false").ofOneDomain());
    public static final RouteOption<BackupRecipients> BACKUP_RECIPIENTS = add(RouteOption.of(
                    "backupRecipients", new ValueType<>(BackupRecipients.ALLOWED, BackupRecipients::parse), "ask")
            .ofOneDomain());
    public static final RouteOption<Boolean> BACKUP_DSNS =
            add(RouteOption.of("backupDsns", ValueType.flag(), "true").ofOneDomain());

    private RouteOptions() {}

    /** All of them, in the order of the reference. */
    public static List<RouteOption<?>> all() {
        return List.copyOf(ALL.values());
    }

    /** The option of this name, which counts in upper and lower case. */
    public static Optional<RouteOption<?>> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /**
     * The option of this name.
     *
     * @throws OptionException with the nearest name, when there is none
     */
    public static RouteOption<?> require(String name) {
        return named(name)
                .orElseThrow(() ->
                        OptionException.of(name, "is no delivery option" + NearestName.suggestion(name, ALL.keySet())));
    }

    private static <T> RouteOption<T> add(RouteOption<T> option) {
        ALL.put(option.name(), option);
        return option;
    }

    private static RouteOption<Duration> timeout(String name, String builtIn) {
        return add(RouteOption.of(name, ValueType.duration(SECOND, HOUR), builtIn));
    }

    private static RouteOption<DsnPolicy> dsn(String name) {
        return add(RouteOption.of(name, new ValueType<>(DsnPolicy.ALLOWED, DsnPolicy::parse), "on"));
    }

    private static ValueType<Duration> zeroOr(Duration least) {
        return new ValueType<>("0s, or " + ValueType.duration(least, YEAR).allowed(), text -> {
            Duration duration = ValueType.duration(Duration.ZERO, YEAR).reader().apply(text);
            if (!duration.isZero() && duration.compareTo(least) < 0) {
                throw new IllegalArgumentException();
            }
            return duration;
        });
    }

    private static ValueType<String> line() {
        return new ValueType<>("one line of text", text -> {
            if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    private static ValueType<Path> file() {
        Function<String, Path> reader = Path::of;
        return new ValueType<>("the path of a file", reader);
    }

    private static Set<String> knownProtocols() {
        return Set.of(supported().getProtocols());
    }

    private static Set<String> knownCiphers() {
        return Set.of(supported().getCipherSuites());
    }

    private static SSLParameters supported() {
        try {
            return SSLContext.getDefault().getSupportedSSLParameters();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static InetAddress address(String literal) {
        // Nothing else: a name would be asked for in DNS.
        if (!literal.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%\\w+)?")) {
            throw new IllegalArgumentException();
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
